"""结算 Settlement document types."""
