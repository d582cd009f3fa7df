"""账务 Accounting: the user's chart of accounts, and how the books are shown in it."""
