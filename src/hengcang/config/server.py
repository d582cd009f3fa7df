"""服务器 The application server: granian in WSGI mode, one process on SQLite, several on PostgreSQL."""

from __future__ import annotations

import os


def run(host: str, port: int, workers: int) -> None:
    """Serve until interrupted. `workers` 0 chooses: one on SQLite (one writer), two on PostgreSQL."""
    from django.db import connection
    from granian.constants import Interfaces
    from granian.server import Server

    on_sqlite = connection.vendor == "sqlite"
    connection.close()
    count = 1 if on_sqlite else (workers or 2)
    print(f"\n衡仓已启动：http://{host}:{port}/   （Ctrl+C 停止）\n", flush=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hengcang.config.settings")
    server = Server(
        "hengcang.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=count,
        blocking_threads=4,
        websockets=False,
        log_access=False,
    )
    server.serve()
