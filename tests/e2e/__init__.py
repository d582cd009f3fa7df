"""浏览器测试 Trips through the built front end in a real Chromium, against a real server with a company of its own."""
