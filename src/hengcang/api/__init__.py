"""接口 API: routers generated from the declarations."""
