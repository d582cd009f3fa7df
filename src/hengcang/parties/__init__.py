"""往来单位 Parties: suppliers and customers in one table, with roles."""
