"""What every test may ask for: a cast of people, and the whole platform as it runs.

Tests talk to a real PostgreSQL: the one that DATABASE_URL names, or our own. `stack` starts web, worker and clock as `make
demo` does, on a database of its own; the journeys and the faults use it.
"""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.template import engines
from django.test import Client, override_settings
from hypothesis import settings as hypothesis_settings

from stakeholders.models import Membership, Party
from tests.factories import (
    AppointmentFactory,
    GemeenteFactory,
    MembershipFactory,
    PartyFactory,
    PersonFactory,
    TrajectoryFactory,
    everything_in,
    signs_in,
)
from tests.stack import Stack

# Property tests look for new examples on a developer's machine; a change is judged on the same ones every time.
hypothesis_settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis_settings.load_profile("ci")


class UndefinedVariable(str):
    """In a test, a template that prints a variable that is not there is an error and not an empty string."""

    def __contains__(self, part: object) -> bool:
        return True

    def __mod__(self, variable: object) -> str:
        raise AssertionError(f"A template prints {variable}, which is not defined.")


@pytest.fixture(autouse=True, scope="session")
def strict_templates():
    """In the engine itself: another setting for each test would compile every template again for each test."""
    engines["django"].engine.string_if_invalid = UndefinedVariable("%s")


@pytest.fixture(autouse=True, scope="session")
def static_files_when_asked():
    """Each test client reads the list of all static files anew, for tests that ask none; so they are looked up when asked."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(autouse=True)
def mail_as_rows(settings):
    """pytest-django keeps mail in memory; ours is rows, in tests too."""
    settings.EMAIL_BACKEND = "stakeholders.mailing.RowBackend"


@pytest.fixture(autouse=True)
def nobody_has_tried_before():
    """Tries at signing in are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def cast(db):
    """Voorbeeldstad with a trajectory, its people and three parties; and another gemeente with people of its own.

    Everybody has `.user`, and a test client by `cast.client(person)`, which has passed a second factor unless said otherwise.
    """
    here, there = GemeenteFactory(name="Voorbeeldstad"), GemeenteFactory(name="Elders")
    roles = Membership.Role
    people = {
        "leader": MembershipFactory(gemeente=here, role=roles.LEADER).person,
        "adviser": MembershipFactory(gemeente=here, role=roles.ADVISER).person,
        "reader": MembershipFactory(gemeente=here, role=roles.READER).person,
        "stranger": MembershipFactory(gemeente=there, role=roles.LEADER).person,
        "outsider": PersonFactory(),
    }
    trajectory = TrajectoryFactory(gemeente=here, name="Lindenkwartier")
    AppointmentFactory(trajectory=trajectory, membership=people["adviser"].memberships.get())
    kinds = [Party.Kind.GEMEENTE, Party.Kind.HOUSING, Party.Kind.CHURCH]
    parties = [PartyFactory(gemeente=here, kind=kind) for kind in kinds]
    for party in parties:
        trajectory.participations.create(party=party)
        MembershipFactory(party=party, gemeente=None, role=roles.CONTACT, person=PersonFactory(user=None))

    def client(person=None, *, second_factor: bool = True) -> Client:
        browser = Client()
        if person is not None:
            signs_in(browser, person.user, second_factor=second_factor)
        return browser

    elsewhere = TrajectoryFactory(gemeente=there, name="Elderswijk")
    return SimpleNamespace(
        here=here, there=there, trajectory=trajectory, elsewhere=elsewhere, parties=parties, client=client, **people
    )


@pytest.fixture
def two(cast):
    """The cast, with a row in every table for both gemeenten. What was typed in the other one says "Geheim"."""
    everything_in(cast.trajectory, cast.leader)
    everything_in(cast.elsewhere, cast.stranger, word="Geheim")
    return cast


@pytest.fixture(scope="session")
def stack(django_db_setup, django_db_blocker):
    """The whole platform, running, with the example gemeente in it."""
    with django_db_blocker.unblock(), Stack() as running:
        yield running
