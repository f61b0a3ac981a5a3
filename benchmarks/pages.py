"""Which requests are measured; a process that fills a database writes them down for the one that measures."""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path

NEW_KEY = "{uuid}"  # in a form: a fresh UUID for every request


@dataclass(frozen=True)
class Request:
    """One request: GET without a form, POST with one. The cookies are those of somebody who is signed in, or none.

    `accept` is what a script asks for; a plain form is answered with a page to go to.
    """

    path: str
    form: dict[str, str] | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    accept: str = ""

    @property
    def expected(self) -> int:
        """The status of a good answer."""
        return 302 if self.form is not None and not self.accept else 200

    def fresh_form(self) -> dict[str, str]:
        """The fields to send this time, each `NEW_KEY` in it a key that was never sent."""
        return {name: str(uuid.uuid4()) if value == NEW_KEY else value for name, value in (self.form or {}).items()}


@dataclass
class Page:
    """What is measured under one name: one request again and again, or, `once`, a stock of requests that count once each.

    `statements` is how many SQL statements it costs, with BEGIN and COMMIT, or None where nobody counted.
    """

    requests: list[Request]
    statements: int | None = None
    once: bool = False
    csrf_cookie: str = "csrftoken"

    def __post_init__(self) -> None:
        self._next: Iterator[Request] = iter(self.requests) if self.once else cycle(self.requests)
        self.left = len(self.requests) if self.once else math.inf

    def next(self) -> Request:
        self.left -= 1
        return next(self._next)


def write_pages(pages: Mapping[str, Page], path: Path) -> None:
    """For another process to read: the pages that a filled database offers."""
    path.write_text(json.dumps({name: asdict(page) for name, page in pages.items()}))


def read_pages(path: Path) -> dict[str, Page]:
    """What `write_pages` wrote."""
    return {
        name: Page(**data | {"requests": [Request(**request) for request in data["requests"]]})
        for name, data in json.loads(path.read_text()).items()
    }
