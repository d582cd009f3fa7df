"""基准 Benchmarks: what users do, beside hand-written SQL for the same work on the same database in the same run."""
