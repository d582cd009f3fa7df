"""台账 Ledger: the append-only books; one writer (store), one reader (queries), one checker (check)."""
