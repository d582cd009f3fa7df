"""地基 Base: scaled numbers, set-based SQL, idempotency, audit, outbox, clock, plugins."""
