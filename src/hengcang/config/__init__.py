"""配置 Configuration: settings, urls, the WSGI entry and the command line."""
