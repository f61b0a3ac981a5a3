"""How many SQL statements a page costs: counted in the process itself, so exactly, on any PostgreSQL."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.pages import Page


def count(page: Page, *, shows: str = "", times: int = 1) -> Page:
    """Asks a page twice and notes the statements of the second time: every one, BEGIN, COMMIT and the session's too.

    A page that must show rows names a text (`shows`) that has to stand in it that many `times`. Of a `once` page the first two
    requests are used up.
    """
    for _ in range(2):
        request = page.requests.pop(0) if page.once else page.requests[0]
        browser = Client(SERVER_NAME="127.0.0.1")
        browser.cookies.load(request.cookies)
        with CaptureQueriesContext(connection) as captured:
            ask = browser.get if request.form is None else browser.post
            answer = ask(
                request.path, request.fresh_form(), headers={"Accept": request.accept} if request.accept else {}
            )
        assert answer.status_code == request.expected, (request.path, answer.status_code)
        assert not shows or answer.content.decode().count(shows) == times, (request.path, shows)
    page.statements = len(captured)
    return page
