"""Filling in a page as a browser does: what the page hides in its form goes along."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client

HIDDEN = re.compile(r'<input type="hidden" name="(seen|key)" value="([^"]+)"')


def hidden_in(browser: Client, address: str) -> dict[str, str]:
    """What the form on this page carries along: what it saw of its row, or the key of a new one."""
    return dict(HIDDEN.findall(browser.get(address).content.decode()))


def fill_in(browser: Client, address: str, form: dict[str, Any]) -> Any:
    """Opens the page, and sends its form with this in it."""
    return browser.post(address, hidden_in(browser, address) | form)


def words(page: Any) -> str:
    """What an answered page holds, with all white space folded."""
    return " ".join(page.content.decode().split())


class _Fields(HTMLParser):
    """The fields of a page, as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        is_box = given.get("type") in ("checkbox", "radio")
        if tag == "input" and name and (not is_box or "checked" in given):
            self.values[name] = given.get("value", "on" if is_box else "")
        elif tag in ("select", "textarea"):
            self.open = name
            self.values[name] = ""
        elif tag == "option" and "selected" in given:
            self.values[self.open] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.lasttag == "textarea" and self.open:
            self.values[self.open] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.open:
            self.values[self.open] = self.values[self.open].removeprefix("\n")  # as a browser does
        if tag in ("select", "textarea"):
            self.open = ""


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send from this page if its reader changed nothing."""
    parser = _Fields()
    parser.feed(page)
    return parser.values


def let_go(answer: Any) -> Any:
    """Closes the file of a download, and not the database too, as closing the answer does."""
    for close in answer._resource_closers:
        close()
    return answer
