"""How often something may be tried from one address, or by one phone: counted over all web processes in the cache, by ten
minutes.

A hall shares one address, so what goes wrong is counted strictly and what goes well generously; a phone is counted by its own
key (`by`). Where the counter is down nothing is refused: what is guarded here stands on a beamer, or is too long to guess.
Signing in has limits of its own, which close (settings: ACCOUNT_RATE_LIMITS).
"""

from __future__ import annotations

import hashlib
import time

import structlog
from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.http import HttpRequest

log = structlog.get_logger(__name__)
WINDOW_SECONDS = 600
KEPT_SECONDS = WINDOW_SECONDS * 2


class CountingCache(RedisCache):
    """Redis as Django uses it, that counts besides in one round trip: `incr` takes two, and three the first time."""

    def count(self, key: str, seconds: int) -> int:
        """One more under this key, which is kept for so many seconds from now."""
        name = self.make_and_validate_key(key)
        with self._cache.get_client(name, write=True).pipeline() as together:
            together.incr(name)
            together.expire(name, seconds)
            return int(together.execute()[0])


def is_over(request: HttpRequest, what: str, most: int, *, by: str = "") -> bool:
    """Whether the limit was reached already, of `most` times in this window."""
    try:
        return int(cache.get(_key(request, what, by), 0)) >= most
    except Exception:  # each cache has errors of its own
        log.warning("limit_not_counted", what=what)
        return False


def count(request: HttpRequest, what: str, *, by: str = "") -> int:
    """Counts one time, and answers how many times that makes in this window; 0 where the counter is down."""
    try:
        return _one_more(_key(request, what, by))
    except Exception:
        log.warning("limit_not_counted", what=what)
        return 0


def _one_more(key: str) -> int:
    if hasattr(cache, "count"):
        return int(cache.count(key, KEPT_SECONDS))
    try:  # in the memory of one process, as in the demo
        return cache.incr(key)
    except ValueError:  # the first in this window, be it by us or by another at this moment
        return 1 if cache.add(key, 1, KEPT_SECONDS) else cache.incr(key)


def _key(request: HttpRequest, what: str, by: str) -> str:
    """A hash: no address stands in the cache, for as long as the window lasts."""
    window = int(time.time() // WINDOW_SECONDS)
    who = by or get_adapter().get_client_ip(request)
    return "limit:" + hashlib.sha256(f"{what}:{who}:{window}".encode()).hexdigest()
