"""分析 Analytics: reports as declarations over the ledger's data sets."""
