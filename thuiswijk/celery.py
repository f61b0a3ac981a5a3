"""The worker: `celery -A thuiswijk worker -Q celery,documents`, and the clock that wakes it: `celery -A thuiswijk beat`."""

from __future__ import annotations

import os
import time
from pathlib import Path

from celery import Celery
from celery.signals import worker_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thuiswijk.settings")
app = Celery("thuiswijk")
app.config_from_object("thuiswijk.settings:CELERY")  # looked up when used: who only imports us starts nothing
app.autodiscover_tasks()


@worker_init.connect
def import_before_fork(**_: object) -> None:
    """What draws takes two seconds to import: once for all children of a worker."""
    from thuiswijk.lib import drawing  # noqa: F401


def _heartbeat_file() -> Path:
    return Path(settings.DATA_DIR) / "heartbeat"


@app.task(name="thuiswijk.heartbeat")
def heartbeat() -> None:
    """A worker did this a moment ago: it, the clock and the broker are alive."""
    _heartbeat_file().touch()


def heartbeat_age() -> float | None:
    """Seconds since the worker's last heartbeat, or None where there was none yet."""
    try:
        return time.time() - _heartbeat_file().stat().st_mtime
    except FileNotFoundError:
        return None
