"""元数据 Meta: fields, declarations, registry, query compiler, exchange."""
