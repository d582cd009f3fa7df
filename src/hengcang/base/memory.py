"""内存 Memory: hold the cycle collector back while many small values are made that cannot form cycles.

Loading 100,000 rows as tuples makes Python look for cycles again and again among all of them; a replay is a third
faster without. Nested use is safe; other threads of the process go without a collection for the same moment.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """No cycle collection inside."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
