"""Test set-up: one database per run (SQLite, or the one DATABASE_URL names), invariants after every database test."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("HENGCANG_HOME", tempfile.mkdtemp(prefix="hengcang-test-"))
os.environ.setdefault("HENGCANG_SECRET_KEY", "for-tests-only")
