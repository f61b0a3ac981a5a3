"""A chain of texts: each has a number, and the SHA-256 of its words after that of the one before it.

Who changes, removes or adds one text must change the hash of every one after it; so the last hash stands for all of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any


def link(previous: str, body: str) -> str:
    """The hash of a text that comes after the one with hash `previous`: 64 lower-case hexadecimal digits."""
    return hashlib.sha256((previous + body).encode()).hexdigest()


def first_wrong(start: str, events: Iterable[dict[str, Any]], *, head: str) -> int | None:
    """The number of the first event (`number`, `body`, `hash`) that does not follow from the one before it; None where all do.

    start: what goes before the first one. head: the hash of the last one, or "" where there is none: an end that was cut off
    is the number of the first one that is missing.
    """
    previous, number = start, 0
    for number, event in enumerate(events, start=1):
        if event["number"] != number or event["hash"] != link(previous, event["body"]):
            return number
        previous = event["hash"]
    return None if head == (previous if number else "") else number + 1
