"""The process behind `tests.processes`: sets the product up once, forks workers, and reports what every client met."""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from types import ModuleType
from typing import Any

import django


def loaded() -> ModuleType:
    """The jobs, with all of the product that they use: loaded before the first fork, so that workers start at once."""
    from tests.faults import jobs

    return jobs


def outcome(job: list[Any]) -> dict[str, Any]:
    """What a client meets: an answer, a refusal, or an error."""
    from django.db import connection

    from hengcang.core.errors import HengcangError

    name, arguments = job
    try:
        return {"answer": getattr(loaded(), name)(**arguments)}
    except HengcangError as refusal:
        return {"refused": refusal.code, "message": str(refusal)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    finally:
        connection.close()


def clients(own: list[tuple[int, list[Any]]], ready: int, go: int) -> list[tuple[int, dict[str, Any]]]:
    """All clients of one worker at once, a thread each, once the starter says so."""
    found: list[tuple[int, dict[str, Any]]] = []
    started = threading.Barrier(len(own) + 1)

    def client(at: int, job: list[Any]) -> None:
        started.wait()
        found.append((at, outcome(job)))

    threads = [threading.Thread(target=client, args=one) for one in own]
    for thread in threads:
        thread.start()
    os.write(ready, b"r")
    os.read(go, 1)
    started.wait()
    for thread in threads:
        thread.join()
    return found


def fork(own: list[tuple[int, list[Any]]], ready: int, go: int) -> tuple[int, int]:
    """A worker; gives its process and the pipe it will report through."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        json.dump(clients(own, ready, go), stream)
    os._exit(0)


def run(wanted: list[list[Any]], processes: int) -> list[dict[str, Any]]:
    """Share the jobs out, start everybody at once, gather the outcomes."""
    jobs = list(enumerate(wanted))
    shares = [jobs[at::processes] for at in range(processes)]
    ready_in, ready_out = os.pipe()
    go_in, go_out = os.pipe()
    workers = [fork(share, ready_out, go_in) for share in shares if share]
    for _ in workers:
        os.read(ready_in, 1)
    os.write(go_out, b"g" * len(workers))
    found: dict[int, dict[str, Any]] = {}
    for pid, reader in workers:
        with os.fdopen(reader) as stream:
            found.update(dict(json.load(stream)))
        os.waitpid(pid, 0)
    for end in (ready_in, ready_out, go_in, go_out):
        os.close(end)
    return [found[at] for at, _ in jobs]


def loop(path: str) -> int:
    """A posting loop that notes in a file what was acknowledged; gives its process."""
    pid = os.fork()
    if pid:
        return pid
    try:
        loaded().loop(path)
    except BaseException:
        traceback.print_exc()
    os._exit(1)


def serve() -> None:
    """Answer requests, a line each, until there are no more."""
    for line in sys.stdin:
        request = json.loads(line)
        answer: object
        if "loops" in request:
            answer = [loop(path) for path in request["loops"]]
        elif "ended" in request:
            answer = [os.waitpid(pid, 0)[1] for pid in request["ended"]]
        else:
            answer = run(request["jobs"], request["processes"])
        print(json.dumps(answer), flush=True)


def main() -> None:
    """`serve` or `migrate`."""
    django.setup()
    if sys.argv[1] == "serve":
        loaded()
        serve()
        return
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main()
