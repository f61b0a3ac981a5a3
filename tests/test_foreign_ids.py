"""Ids of another gemeente, in the address, the query and the form: nothing of theirs is shown, changed, or pointed at.

No list of fields to keep up: every address behind the wall, with every field that any page of ours has, and every kind of row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.urls import get_resolver, resolve, reverse

from tests.factories import MembershipFactory, TrajectoryFactory, everything_in
from tests.pages import fields_of
from thuiswijk import wall as building
from thuiswijk.lib import wall

pytestmark = pytest.mark.django_db
WALLED = [model for model in building.tables() if not building.is_open(model)]
ROWS = [model for model in WALLED if not building.is_history(model)]
THEIRS = re.compile(r"\bGeheim\b|Elders")
LINKS = re.compile(r'(?:href|action)="(/(?!static/)[^"?#]*)')
PARAMETERS = re.compile(r"<int:(\w+)>")
BESIDES = {
    "version_points": ["csv"],
    "version_copy": ["odt"],
    "report_download": ["pdf"],
}  # what an address names besides rows


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


def behind(gemeente, tables: Iterable[type[models.Model]] = WALLED) -> dict[type[models.Model], dict]:
    """The rows of a gemeente, by their table and their key, with all that they hold."""
    with wall.transaction_of_request():
        wall.enter([gemeente.pk])
        return {
            model: {row["pk"]: row for row in model._base_manager.values(**{"pk": models.F("pk")}).values()}
            for model in tables
        }


def one_number_for_all() -> int:
    """From here on the next row of every table gets this number as its id."""
    keys = [model._meta for model in building.tables() if isinstance(model._meta.pk, models.AutoField)]
    sequences = [f"pg_get_serial_sequence('{key.db_table}', '{key.pk.column}')" for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT greatest({', '.join(f'nextval({one})' for one in sequences)})")
        number = cursor.fetchone()[0]
        cursor.execute(f"SELECT {', '.join(f'setval({one}, {number}, false)' for one in sequences)}")
    return number


@pytest.fixture
def two(cast):
    """As everywhere, but for `their_ids`: those of a row of every kind, none of which is one of ours as well.

    They are made to be the same number in every table, so that one request tries it as whatever it is taken for.
    """
    everything_in(cast.trajectory, cast.leader)
    number = one_number_for_all()
    cast.stranger = MembershipFactory(gemeente__name="Elders").person
    cast.there = cast.stranger.memberships.get().gemeente
    everything_in(TrajectoryFactory(gemeente=cast.there, name="Elderswijk"), cast.stranger, word="Geheim")
    theirs = behind(cast.there, ROWS).values()
    cast.their_ids = sorted(
        {number, cast.there.pk, cast.stranger.pk, *(max(rows) for rows in theirs if number not in rows)}
    )
    assert not {pk for rows in behind(cast.here, ROWS).values() for pk in rows} & set(cast.their_ids)
    return cast


def assert_nothing_shown(answer) -> None:
    assert answer.status_code < 500
    if not answer.streaming:
        found = THEIRS.search(answer.content.decode())
        assert not found, f"{found} on {answer.request['PATH_INFO']}"


def test_guessed_address_shows_and_changes_nothing(two):
    browser = two.client(two.leader)
    before = behind(two.there)
    for name, count in (address for address in ADDRESSES if address[1]):
        for pk in two.their_ids:
            for args in [[pk]] if count == 1 else [[pk, pk], [two.trajectory.pk, pk]]:
                address = reverse(name, args=[*args, *BESIDES.get(name, [])])
                assert_nothing_shown(browser.get(address))
                assert_nothing_shown(browser.post(address, {"answer": "volledig", "confirm": "on"}))
    assert behind(two.there) == before


def own_pages(two) -> dict[str, tuple[str, Any]]:
    """An address of every name that the leader can open, with what is there.

    As links and forms lead to it from the overview; of each name one page is looked at. The few that nothing leads to are
    found by trying, with the ids of our own rows.
    """
    browser, found, ahead = two.client(two.leader), {}, ["/"]
    for address in ahead:
        name = resolve(address).url_name
        if name not in found:
            page = browser.get(address, follow=True)
            found[name] = address, page
            ahead += [] if page.streaming else LINKS.findall(page.content.decode())
    own = [two.trajectory.pk, *{min(rows, default=0) for rows in behind(two.here, ROWS).values()}]
    for name, count in (address for address in ADDRESSES if address[0] not in found):
        for args in [[]] if count == 0 else ([two.trajectory.pk, pk][-count:] for pk in own):
            address = reverse(name, args=[*args, *BESIDES.get(name, [])])
            page = browser.get(address, follow=True)
            if page.status_code == 200:
                found[name] = address, page
                break
    return {name: found[name] for name, _ in ADDRESSES if name in found}


def test_their_ids_in_a_form_or_a_query_reach_nothing(two):
    browser = two.client(two.leader)
    opened = own_pages(two)
    assert len(opened) > 0.85 * len(ADDRESSES), sorted({name for name, _ in ADDRESSES} - set(opened))
    forms = {name: {} if page.streaming else fields_of(page.content.decode()) for name, (_, page) in opened.items()}
    names = {field for form in forms.values() for field in form} - {"csrfmiddlewaretoken", "seen", "key", "next"}
    names |= {"contributions", "theme", "out_of", "party", "parties", "membership", "to", "na", "thema", "van"}
    names = {name for name in names if not name.endswith("_FORMS")}  # no ids, but how many rows a form has
    before = behind(two.there)
    for pk in two.their_ids:
        every, reached = dict.fromkeys(names, str(pk)), set()
        with transaction.atomic():  # the next id meets the same rows
            for name in sorted(opened, key=takes_away):
                address = opened[name][0]
                assert_nothing_shown(browser.get(address, every))
                answer = browser.post(address, forms[name] | every)
                assert_nothing_shown(answer)
                reached |= {name} if answer.status_code in (200, 302) else set()
            assert behind(two.there) == before
            assert_nothing_points_over_the_wall(two)
            transaction.set_rollback(True)
        assert len(reached) > 0.9 * len(opened), sorted(set(opened) - reached)


def takes_away(name: str) -> tuple[bool, bool]:
    """What takes away comes last, and a role or a person after all else: they may be one's own."""
    return name.endswith(("_remove", "_erase", "_dismiss", "_end")), name in ("role_end", "person_erase")


def assert_nothing_points_over_the_wall(two) -> None:
    """Every row that can be seen points at rows that can be seen: for each foreign key of each table."""
    here = behind(two.here, ROWS)
    for model, rows in here.items():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model in here:
                pointed = {row[field.attname] for row in rows.values()} - {None}
                assert pointed <= set(here[field.related_model]), f"{model._meta.label}.{field.name}"
