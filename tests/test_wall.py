"""The second wall: what PostgreSQL shows and takes of another gemeente where a query forgot to ask whose it is."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from stakeholders.models import Invitation, Membership
from thuiswijk import wall as building
from thuiswijk.lib import wall
from trajectories.models import Contribution, Meeting, Trajectory

WALLED = [model for model in building.tables() if not building.is_open(model)]
pytestmark = pytest.mark.django_db


def keys(model) -> set:
    return set(model._base_manager.values_list("pk", flat=True))


def seen(model, gemeenten) -> set:
    with wall.transaction_of_request():
        wall.enter(gemeenten)
        return keys(model)


@transaction.atomic
def behind_the_wall(statement: str) -> None:
    wall.enter([])
    connection.cursor().execute(statement)


@pytest.mark.parametrize("model", WALLED, ids=lambda model: model._meta.label)
def test_each_gemeente_sees_its_own_rows_and_no_others(two, model):
    every = keys(model)
    here, there = seen(model, [two.here.pk]), seen(model, [two.there.pk])
    assert here
    assert there
    assert here.isdisjoint(there)
    assert here | there == every
    assert seen(model, [two.here.pk, two.there.pk]) == every
    assert seen(model, []) == set()


def test_every_table_stands_behind_the_wall_or_is_named():
    """What the database holds, not what we meant: row-level security is on, with our policy, for every table of ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relrowsecurity AND p.polname = 'wall'"
        )
        walled = {name for (name,) in cursor.fetchall()}
    assert walled == {model._meta.db_table for model in WALLED}
    assert all(reason for reason in building.OPEN.values())


def test_row_of_another_gemeente_is_neither_changed_nor_made(two):
    theirs = two.elsewhere
    with wall.transaction_of_request():
        wall.enter([two.here.pk])
        assert Trajectory.objects.filter(pk=theirs.pk).update(name="Gekaapt") == 0
        assert Contribution.objects.filter(trajectory=theirs).update(hidden_reason="") == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            theirs.figures.create(label="x", value="1", source="y", measured_on=timezone.localdate())


def test_history_and_structure_are_not_the_requests_to_change(two):
    for statement in (
        "UPDATE agendas_themeevent SET name = 'x'",
        "DELETE FROM stakeholders_membershipevent",
        "TRUNCATE trajectories_figure",
        "ALTER TABLE trajectories_trajectory DISABLE ROW LEVEL SECURITY",
        "DROP POLICY wall ON trajectories_trajectory",
    ):
        with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
            behind_the_wall(statement)


def test_view_that_forgets_to_ask_shows_nothing_of_another(two, rf):
    """A view of ours without any scoping of its own, as the middleware runs it."""

    def forgetful(request):
        return sorted(Trajectory.objects.values_list("name", flat=True))

    forgetful.__module__ = "trajectories.views"
    request = rf.get("/")
    request.user = two.leader.user
    assert building.WallMiddleware(lambda r: r).process_view(request, forgetful, (), {}) == ["Lindenkwartier"]
    request.user = two.outsider.user
    assert building.WallMiddleware(lambda r: r).process_view(request, forgetful, (), {}) == []
    assert Trajectory.objects.count() == 2


def test_platform_shows_who_works_where_and_nothing_else(two):
    with wall.transaction_of_request():
        wall.enter([], is_platform=True)
        assert {m.gemeente for m in Membership.objects.filter(role="projectleider")} == {two.here, two.there}
        assert Invitation.objects.count() == 2
        assert not Trajectory.objects.exists()
        assert not Contribution.objects.exists()


def test_one_statement_finds_a_meeting_and_enters_the_wall_of_its_gemeente(two):
    code = Meeting.objects.filter(trajectory__gemeente=two.here)[0].code
    with wall.transaction_of_request():
        assert Meeting.objects.annotate(wall=wall.entered_by("trajectory__gemeente")).get(code=code).code == code
        assert Trajectory.objects.exists()
        assert set(Trajectory.objects.values_list("gemeente", flat=True)) == {two.here.pk}
        assert not Contribution.objects.exclude(trajectory__gemeente=two.here).exists()


def test_nothing_of_the_wall_is_left_on_the_connection():
    """Through a pool the next request gets this connection: outside a test, where the request's transaction is outermost."""
    found: list[tuple] = []

    def request() -> None:
        asked = "SELECT current_user = session_user, coalesce(current_setting('app.gemeenten', true), '')"
        try:
            with wall.transaction_of_request(), connection.cursor() as cursor:
                wall.enter([7])
                cursor.execute(asked)
                found.extend(cursor.fetchall())
            with connection.cursor() as cursor:
                cursor.execute(asked)
                found.extend(cursor.fetchall())
        finally:
            connection.close()

    thread = threading.Thread(target=request)
    thread.start()
    thread.join()
    assert found == [(False, "7"), (True, "")]
