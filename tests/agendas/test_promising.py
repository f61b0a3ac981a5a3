"""Mijn afspraken: what the parties of one person promised, by date."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agendas import endorsing, versions
from agendas.models import Commitment, ImprovementPoint, ProgressReport
from tests.factories import CommitmentFactory, PointFactory, as_of_schema_2, complete_agenda
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(cast, contact):
    return cast.client(contact)


@pytest.fixture
def agenda(cast, party):
    """Beside the point on which everybody does something, one that is late, of this party."""
    agenda = complete_agenda(cast.trajectory)
    late = PointFactory(theme=cast.trajectory.themes.get(), title="De lamp", first_step="Bellen")
    ImprovementPoint.objects.filter(pk=late.pk).update(ready_on=timezone.localdate() - timedelta(days=1))
    CommitmentFactory(point=late, party=party, text="Wij maken de lamp.")
    CommitmentFactory(point=late, party=cast.parties[2], role="meewerkend", text="Van een ander.")
    CommitmentFactory(point=late, party=party, role="kan_niet", text="Wij betalen niet.")
    return agenda


def test_my_promises_stand_by_date_with_what_is_late(agenda, browser):
    page = words(browser.get(reverse("my_promises")))
    assert page.index("De lamp") < page.index("Een bankje op plein")
    assert "te laat" in page and "had klaar moeten zijn op" in page and "Eerste stap: Bellen" in page
    assert "Uit het concept." in page
    assert "Van een ander." not in page and "Wij betalen niet." not in page


def lay(version, leader):
    return endorsing.open_round(version, deadline=timezone.localdate(), by=leader)


def test_what_one_knows_most_of_stands_there_as_well(cast, agenda, browser, party):
    CommitmentFactory(
        point=cast.trajectory.points.get(title="De lamp"), party=party, role="deskundig", text="Wij weten het."
    )
    page = words(browser.get(reverse("my_promises")))
    assert "Weet er het meest van:" in page and "Wij weten het." in page


def test_withdrawn_version_promises_nothing(cast, agenda, browser, party):
    version = versions.freeze(agenda, by=cast.leader, reason="Het mag.")
    lay(version, cast.leader)
    endorsing.withdraw(version, by=cast.leader, reason="Er staat een fout in.")
    page = words(browser.get(reverse("my_promises")))
    assert "Uit versie 1" not in page and "Uit het concept." in page


def test_what_is_done_is_known_by_its_title_in_a_version_without_ids(cast, agenda, browser, party):
    content = versions.content_of(agenda, number=1, at=timezone.now(), by=cast.leader)
    lay(as_of_schema_2(agenda, content), cast.leader)
    promise = party.commitments.get(text="Wij maken de lamp.")
    ProgressReport.objects.create(commitment=promise, state="klaar", text="Hij brandt.", reported_by=cast.leader)
    page = words(browser.get(reverse("my_promises")))
    assert "Uit versie 1" in page and "te laat" not in page


def test_my_promises_are_those_of_the_newest_version(cast, agenda, browser, party):
    lay(versions.freeze(agenda, by=cast.leader, reason="Het mag."), cast.leader)
    Commitment.objects.filter(party=party).update(text="Alleen in het concept.")
    page = words(browser.get(reverse("my_promises")))
    assert "Wij maken de lamp." in page and "Uit versie 1" in page
    assert "Alleen in het concept." not in page


def test_what_is_done_is_not_late(cast, agenda, browser, party):
    promise = party.commitments.get(text="Wij maken de lamp.")
    ProgressReport.objects.create(commitment=promise, state="klaar", text="Hij brandt.", reported_by=cast.leader)
    page = words(browser.get(reverse("my_promises")))
    assert "klaar" in page and "te laat" not in page


def test_who_answers_for_nobody_is_told(cast, agenda):
    assert "van geen partij de contactpersoon" in words(cast.client(cast.leader).get(reverse("my_promises")))


def test_my_promises_ask_as_much_for_many_as_for_few(cast, agenda, browser, party):
    asked = []
    for count in (1, 20):
        for _ in range(count):
            CommitmentFactory(point=PointFactory(theme=cast.trajectory.themes.get()), party=party)
        with CaptureQueriesContext(connection) as captured:
            browser.get(reverse("my_promises"))
        asked.append(len(captured))
    assert asked[0] == asked[1]
