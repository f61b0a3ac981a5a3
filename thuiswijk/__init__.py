"""The wiring: settings, addresses, the worker, and the few pages that look across all apps.

May import every app; no app imports it, save `thuiswijk.lib`.
"""

from thuiswijk.celery import app

__all__ = ["app"]
