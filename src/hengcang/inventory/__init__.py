"""库存 Inventory document types."""
