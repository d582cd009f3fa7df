"""预先计算 Working ahead: a second process prepares what the first will write next, so that a load uses two processors.

Results come in the order of the arguments, at most a few ahead. Inside a transaction (tests) everything is done in
place, since another process could not see what the transaction has written.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

import django
from django.db import connection, connections

AHEAD = 3
A = TypeVar("A")
R = TypeVar("R")


def computed(work: Callable[[A], R], arguments: Iterable[A]) -> Iterator[tuple[A, R]]:
    """预先计算 Each argument with what `work` gives for it. `work`, arguments and results go between processes."""
    if connection.in_atomic_block:
        for argument in arguments:
            yield argument, work(argument)
        return
    connections.close_all()
    method = "fork" if sys.platform == "linux" else "spawn"
    context = multiprocessing.get_context(method)
    waiting: deque[tuple[A, Future[R]]] = deque()
    with ProcessPoolExecutor(1, mp_context=context, initializer=begin, initargs=(os.getpid(),)) as pool:
        try:
            for argument in arguments:
                waiting.append((argument, pool.submit(work, argument)))
                if len(waiting) > AHEAD:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def begin(parent: int) -> None:
    """开工 Make the other process ready, and end it when the first is gone (killed, for instance)."""
    django.setup()
    connections.close_all()
    threading.Thread(target=watch, args=(parent,), daemon=True).start()


def watch(parent: int) -> None:
    """Leave when the parent is another than it was."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
