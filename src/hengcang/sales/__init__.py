"""销售 Sales document types."""
