"""A real Chromium before the running platform. What the browser complains of, fails the test."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.journeys.people import Projectleider
from tests.stack import Stack

LEADER = "projectleider@voorbeeldstad.example"
expect.set_options(timeout=20_000)  # as long as the windows wait: several platforms may share two cores
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]


@pytest.fixture(scope="package")
def chromium(stack: Stack) -> Iterator[Browser]:
    """The browser of the distribution. For this package only: while it runs, Django takes this thread for an async one.

    Without a desktop around it, it takes half the processor (chromium-headless-shell: the same engine, no windows).
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    path = next(filter(None, map(shutil.which, names)), None)
    assert path, "Chromium is missing. The journeys need it: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Windows:
    """Opens windows, each a browser of its own, and writes down what they complain of."""

    def __init__(self, browser: Browser, stack: Stack) -> None:
        self.browser, self.stack = browser, stack
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.listens = True

    def __call__(
        self, *, scripts: bool = True, width: int = 1280, state: str | None = None, url: str | None = None
    ) -> Page:
        context = self.browser.new_context(
            base_url=url or self.stack.url,
            java_script_enabled=scripts,
            viewport={"width": width, "height": 800},
            storage_state=state,
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
        )
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        return context.new_page()

    def _hear(self, message: ConsoleMessage) -> None:
        # That a page is not there, or not for you, or your words are refused, is an answer, and that a network is away a test's
        # own doing: the browser's word for it is no complaint; a file that is missing is one.
        known = "status of 40[034]|ERR_INTERNET_DISCONNECTED|ERR_FAILED"
        is_answer = re.search(known, message.text) and "/static/" not in message.location.get("url", "")
        if self.listens and message.type == "error" and not is_answer:
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        assert self.complaints == []


@pytest.fixture
def window(chromium: Browser, stack: Stack) -> Iterator[Callable[..., Page]]:
    """Opens a window: `window(scripts=False, width=360, state=…)`. Fails afterwards on any error in its console."""
    windows = Windows(chromium, stack)
    yield windows
    windows.close()


@pytest.fixture(scope="package")
def leader_state(chromium: Browser, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The cookies of the projectleider, signed in once."""
    context = chromium.new_context(base_url=stack.url)
    Projectleider(context.new_page(), stack).signs_in(LEADER)
    path = tmp_path_factory.mktemp("browser") / "leader.json"
    context.storage_state(path=path)
    context.close()
    return str(path)


@pytest.fixture
def open_meeting(stack: Stack) -> tuple[int, str]:
    """(id, code) of an open meeting of the example, of its own for every test."""
    insert = """
        INSERT INTO trajectories_meeting (trajectory_id, kind, title, starts_at, place, question, residents, state, code,
            minutes, cancelled_reason, is_paused, is_revealed, revision)
        SELECT min(trajectory_id), 'werk', 'Werkbijeenkomst', now(), 'Buurthuis', %s, 0, 'opened',
               substr(translate(upper(md5(random()::text)), '015', 'XYZ'), 1, 6), 120, '', false, false, 0
        FROM trajectories_participation RETURNING id, code"""
    meeting, code = stack.sql(insert, "Wat gaan wij doen?")[0]
    return meeting, code


@pytest.fixture
def asked_version(stack: Stack) -> int:
    """A version of the example that lies with the parties."""
    return int(stack.sql("SELECT version_id FROM agendas_round WHERE closed_at IS NULL ORDER BY id LIMIT 1")[0][0])
