"""Waking the worker, without ever making a request wait for the broker.

A task is only a wake-up: the row that it is about is already written, and a sweep finds the rows whose wake-up was lost.
So a wake-up leaves after the commit, from a thread of its own, and is dropped where the broker does not answer.
"""

from __future__ import annotations

import atexit
import queue
import threading

import structlog
from celery import current_app
from django.db import transaction

log = structlog.get_logger(__name__)
_waiting: queue.Queue[tuple[str, tuple[int, ...]]] = queue.Queue(maxsize=1000)
_starting = threading.Lock()
_thread: threading.Thread | None = None


def wake(task: str, *ids: int) -> None:
    """After the commit of the current transaction, sends the Celery task named `task` with `ids`."""
    transaction.on_commit(lambda: _put(task, ids))


def _put(task: str, ids: tuple[int, ...]) -> None:
    global _thread
    with _starting:
        if _thread is None or not _thread.is_alive():  # a forked process has its own thread to start
            _thread = threading.Thread(target=_send_all, name="wake", daemon=True)
            _thread.start()
            atexit.register(_send_rest)
    try:
        _waiting.put_nowait((task, ids))
    except queue.Full:
        log.warning("wake_up_dropped", task=task)


def _send_all() -> None:
    while True:
        task, ids = _waiting.get()
        try:
            current_app.send_task(task, args=ids, retry=False, ignore_result=True)
        except Exception as error:  # whatever the broker's client throws, the sweep will find the row
            log.warning("wake_up_lost", task=task, error=type(error).__name__)
        finally:
            _waiting.task_done()


def _send_rest() -> None:
    """At the end of a command: half a second for what still waits."""
    rest = threading.Thread(target=_waiting.join, daemon=True)
    rest.start()
    rest.join(timeout=0.5)
