"""单据引擎 Documents: services, lifecycle, conversion, numbering, trace."""
