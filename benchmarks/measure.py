"""Asking pages of servers, one after the other, and what that cost the server."""

from __future__ import annotations

import http.client
import math
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from benchmarks.pages import Page
from benchmarks.servers import WebServer

ROUNDS = 3
CPU_SECONDS = 0.6  # per page and round: the kernel counts in ticks of 10 ms
FEWEST, MOST = 6, 400  # requests per page and round
WARM_UP = 20  # requests, so that both workers get some
WARM_UP_SECONDS = 5  # after which a slow page is warm enough
CSRF = "A" * 32


@dataclass(frozen=True)
class Sample:
    """One round of one page: CPU of the workers and wall time, per request, in milliseconds."""

    cpu: float
    p50: float
    p95: float


class Measured:
    """A page on a server, with the samples that were taken of it."""

    def __init__(self, server: WebServer, page: Page) -> None:
        self.server, self.page = server, page
        self.samples: list[Sample] = []
        self._requests = 0

    def warm_up(self) -> None:
        """Fills the caches of both workers, and finds how many requests make a round."""
        begin = time.monotonic()
        for asked in range(WARM_UP):
            if asked >= FEWEST and (self.page.once or time.monotonic() - begin > WARM_UP_SECONDS):
                break
            self._ask()
        cost = max(self._round(FEWEST).cpu / 1000, 0.001)
        room = (self.page.left // ROUNDS) if self.page.once else MOST
        self._requests = int(min(max(math.ceil(CPU_SECONDS / cost), FEWEST), MOST, room))

    def sample(self) -> None:
        """One round more."""
        self.samples.append(self._round(self._requests))

    def median(self) -> Sample:
        """Of the rounds, each figure by itself."""
        return Sample(*(statistics.median(getattr(s, name) for s in self.samples) for name in ("cpu", "p50", "p95")))

    def _round(self, count: int) -> Sample:
        before = self.server.cpu_seconds()
        walls = sorted(self._ask() for _ in range(count))
        time.sleep(0.15)  # what the worker still does after its answer counts too
        cpu = self.server.cpu_seconds() - before
        return Sample(cpu / count * 1000, walls[count // 2] * 1000, walls[min(count * 95 // 100, count - 1)] * 1000)

    def _ask(self) -> float:
        """Seconds from the connection to the last byte. Raises RuntimeError for any answer but the expected one."""
        request = self.page.next()
        headers, body = {"Accept-Language": "nl"}, None
        cookies = dict(request.cookies)
        if request.form is not None:
            cookies[self.page.csrf_cookie] = CSRF
            body = urlencode(request.fresh_form() | {"csrfmiddlewaretoken": CSRF})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if request.accept:
            headers["Accept"] = request.accept
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        begin = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request("POST" if body else "GET", request.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - begin
        connection.close()
        if answer.status != request.expected:
            raise RuntimeError(f"{request.path} answered {answer.status}: {content[:300]!r}")
        return seconds


def take_rounds(pages: Sequence[Measured]) -> None:
    """Warms every page up, and then measures them by turns: what disturbs the machine, disturbs all of them."""
    for page in pages:
        page.warm_up()
    for _ in range(ROUNDS):
        for page in pages:
            page.sample()


def ratio(one: Measured, other: Measured) -> float:
    """How many times the CPU of the other, the median over the rounds."""
    pairs = zip(one.samples, other.samples, strict=True)
    return statistics.median(a.cpu / b.cpu for a, b in pairs)


def ratio_of_p95(one: Measured, other: Measured) -> float:
    """How many times the time within which 95 of 100 people have their answer, the median over the rounds."""
    return statistics.median(a.p95 / b.p95 for a, b in zip(one.samples, other.samples, strict=True))


def print_table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table for people and for Markdown alike."""
    cells = [list(map(str, row)) for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    cells.insert(1, ["-" * width for width in widths])
    for row in cells:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
