"""Ids of another gemeente, in the address, the query and the form: nothing of theirs is shown, changed, or pointed at.

No list of fields to keep up: every address behind the wall, with every field that any page of ours has, and every kind of row.
"""

from __future__ import annotations

import re

import pytest
from django.db import models
from django.urls import get_resolver, reverse

from agendas.models import ImprovementPoint, Theme
from stakeholders.models import Membership, Party
from tests.pages import fields_of
from thuiswijk import wall as building
from thuiswijk.lib import wall
from trajectories.models import Contribution, Meeting

pytestmark = pytest.mark.django_db
WALLED = [model for model in building.tables() if not building.is_open(model)]
ROWS = [model for model in WALLED if not building.is_history(model)]
CHOSEN = (Party, Membership, Meeting, Contribution, Theme, ImprovementPoint)  # what a form of ours lets one choose
THEIRS = re.compile("Geheim|Elders")
PARAMETERS = re.compile(r"<int:(\w+)>")


def is_ours(view) -> bool:
    return view.__module__.partition(".")[0] in building.OURS


def addresses() -> list[tuple[str, int]]:
    """(name, number of ids) of every address of ours that asks who you are and names a row."""

    def walk(patterns):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns) if not getattr(pattern, "namespace", None) else ()
            elif is_ours(pattern.callback) and getattr(pattern.callback, "login_required", True):
                yield pattern.name, len(PARAMETERS.findall(str(pattern.pattern)))

    return sorted(set(walk(get_resolver().url_patterns)))


ADDRESSES = addresses()


def behind(gemeente, model: type[models.Model]) -> dict:
    """The rows of a gemeente by their key, with all that they hold."""
    with wall.transaction_of_request():
        wall.enter([gemeente.pk])
        return {row["pk"]: row for row in model._base_manager.values(**{"pk": models.F("pk")}).values()}


def everything(gemeente) -> dict:
    return {model._meta.label: behind(gemeente, model) for model in WALLED}


@pytest.fixture
def their_ids(two) -> list[int]:
    """The id of a row of every kind that is not one of ours as well, whatever its kind."""
    ours = {pk for model in ROWS for pk in behind(two.here, model)}
    theirs = {next(iter(sorted(set(behind(two.there, model)) - ours, reverse=True)), 0) for model in ROWS}
    return sorted((theirs | {two.there.pk, two.stranger.pk}) - {0})


def assert_nothing_shown(answer) -> None:
    assert answer.status_code < 500
    if not answer.streaming:
        found = THEIRS.search(answer.content.decode())
        assert not found, f"{found} on {answer.request['PATH_INFO']}"


@pytest.mark.parametrize(("name", "count"), [address for address in ADDRESSES if address[1]])
def test_guessed_address_shows_and_changes_nothing(two, their_ids, name, count):
    before = everything(two.there)
    browser = two.client(two.leader)
    for pk in their_ids:
        arguments = [[pk] * count] if count == 1 else [[pk, pk], [two.trajectory.pk, pk]]
        for address in (reverse(name, args=args) for args in arguments):
            assert_nothing_shown(browser.get(address))
            assert_nothing_shown(browser.post(address, {"answer": "volledig", "confirm": "on"}))
    assert everything(two.there) == before


def own_addresses(two) -> dict[str, str]:
    """An address of every name that the leader can open, found by trying: with the ids of our own rows."""
    browser, found = two.client(two.leader), {}
    own = {model._meta.model_name: next(iter(behind(two.here, model)), 0) for model in ROWS} | {"gemeente": two.here.pk}
    for name, count in ADDRESSES:
        for args in ([pk] for pk in own.values()) if count == 1 else [[two.trajectory.pk, pk] for pk in own.values()]:
            if count == 0:
                args = []
            address = reverse(name, args=args)
            if browser.get(address).status_code in (200, 302):
                found[name] = address
                break
    return found


def test_their_ids_in_a_form_or_a_query_reach_nothing(two):
    browser = two.client(two.leader)
    opened = own_addresses(two)
    assert len(opened) > 0.8 * len(ADDRESSES), sorted({name for name, _ in ADDRESSES} - set(opened))
    pages = {name: browser.get(address, follow=True) for name, address in opened.items()}
    forms = {name: {} if page.streaming else fields_of(page.content.decode()) for name, page in pages.items()}
    names = {field for form in forms.values() for field in form} - {"csrfmiddlewaretoken", "seen", "key", "next"}
    names |= {"contributions", "theme", "out_of", "party", "parties", "membership", "to", "na", "thema", "van"}
    before = everything(two.there)
    for pk in [two.there.pk, *(max(behind(two.there, model)) for model in CHOSEN)]:
        every = dict.fromkeys(names, str(pk))
        for name, address in opened.items():
            assert_nothing_shown(browser.get(address, every, follow=True))
            assert_nothing_shown(browser.post(address, forms[name] | every))
    assert everything(two.there) == before
    assert_nothing_points_over_the_wall(two)


def assert_nothing_points_over_the_wall(two) -> None:
    """Every row that can be seen points at rows that can be seen: for each foreign key of each table."""
    here = {model: behind(two.here, model) for model in ROWS}
    for model, rows in here.items():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model in here:
                pointed = {row[field.attname] for row in rows.values()} - {None}
                assert pointed <= set(here[field.related_model]), f"{model._meta.label}.{field.name}"
