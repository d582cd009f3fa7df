"""集成 Integration: loaders of foreign data through the document service."""
