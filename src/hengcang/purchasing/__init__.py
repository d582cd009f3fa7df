"""采购 Purchasing document types."""
