"""The trade's rules as pure Python: no framework, no database, no clock."""
