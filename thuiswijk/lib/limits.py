"""How often something may be tried: counted over all web processes in the cache, in windows of ten minutes.

A hall shares one address, so who counts per address counts misses, or counts generously. Where the counter is down the
caller says what holds: what guards a secret is closed then, what people type in a hall is open.
"""

from __future__ import annotations

import hashlib
import time

import structlog
from django.core.cache import cache

log = structlog.get_logger(__name__)
WINDOW_SECONDS = 600


def is_over(what: str, who: str, most: int, *, when_down: bool) -> bool:
    """Whether `who` did `what` more than `most` times in this window. Counts nothing: see `count`."""
    try:
        return int(cache.get(_key(what, who), 0)) >= most
    except Exception:  # each cache has errors of its own
        log.warning("limit_not_counted", what=what)
        return when_down


def count(what: str, who: str) -> None:
    """Counts one try. A counter that is down is left for what it is: the next question tells."""
    key = _key(what, who)
    try:
        cache.add(key, 0, WINDOW_SECONDS * 2)
        cache.incr(key)
    except Exception:
        log.warning("limit_not_counted", what=what)


def _key(what: str, who: str) -> str:
    """Holds no address: only a hash of it, for as long as the window lasts."""
    window = int(time.time() // WINDOW_SECONDS)
    return "limit:" + hashlib.sha256(f"{what}:{who}:{window}".encode()).hexdigest()
