"""Parties that have not answered are reminded, each time once."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agendas import endorsing, reminding, versions
from stakeholders.models import Mail
from tests.agendas.test_endorsing import answer, link_to
from tests.factories import complete_agenda
from tests.pages import words
from thuiswijk.demo import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(cast):
    """Asked four days ago, for ten days from now."""
    version = versions.freeze(complete_agenda(cast.trajectory), by=cast.leader)
    with clock(timezone.now() - timedelta(days=4)):
        return endorsing.open_round(version, deadline=timezone.localdate() + timedelta(days=14), by=cast.leader)


def days_left(round_, days: int) -> None:
    type(round_).objects.filter(pk=round_.pk).update(deadline=timezone.localdate() + timedelta(days=days))


def reminded() -> int:
    """How many are reminded now, by a clock that strikes twice."""
    before = Mail.objects.filter(subject__startswith="Herinnering").count()
    for _ in range(2):
        reminding.remind_all()
    return Mail.objects.filter(subject__startswith="Herinnering").count() - before


def test_each_is_reminded_a_week_and_a_day_before_once(round_):
    assert [(days_left(round_, days), reminded())[1] for days in (10, 8, 7, 6, 2, 1, 0)] == [0, 0, 3, 0, 0, 3, 0]


def test_one_mail_where_both_times_came_at_once(round_):
    days_left(round_, 1)
    assert reminded() == 3


def test_after_the_day_or_the_round_nobody_is_reminded(round_, cast):
    days_left(round_, -1)
    assert reminded() == 0
    days_left(round_, 1)
    endorsing.close_round(round_, by=cast.leader, reason="De raad vergadert morgen.")
    assert reminded() == 0


def test_who_answered_or_was_just_asked_is_not_reminded(round_, cast):
    first, second, third = round_.requests.order_by("pk")
    answer(first)
    endorsing.ask(round_, second.party)
    days_left(round_, 1)
    assert reminded() == 1
    mail = Mail.objects.latest("pk")
    assert mail.to == third.person.email
    assert third.party.name in mail.text and "/o/" not in mail.text


def test_party_without_address_stops_nobody(round_, cast):
    person = round_.requests.order_by("pk").first().person
    person.email = ""
    person.save()
    days_left(round_, 7)
    assert reminded() == 2


def test_day_lasts_until_midnight_in_amsterdam_and_late_is_told_but_taken(cast, round_):
    midnight = timezone.make_aware(datetime.combine(round_.deadline + timedelta(days=1), time()))
    party = cast.parties[0]
    for moment, says in ((midnight - timedelta(seconds=1), False), (midnight, True)):
        with clock(moment):
            page = words(cast.client().get(link_to(party), follow=True))
            assert round_.is_past_day is says
            assert ("Uw antwoord telt nog tot de projectleider de ronde sluit." in page) is says
    with clock(midnight):
        assert answer(round_.requests.get(party=party)).endorsed_at == midnight


def test_leader_reads_that_the_day_is_over_and_the_round_is_not(cast, round_):
    browser, address = cast.client(cast.leader), reverse("version_detail", args=[round_.version_id])
    assert "Die dag is voorbij." not in words(browser.get(address))
    days_left(round_, -1)
    assert "Die dag is voorbij. Een antwoord telt nog tot de ronde wordt gesloten." in words(browser.get(address))
