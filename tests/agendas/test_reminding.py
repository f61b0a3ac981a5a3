"""Parties that have not answered are reminded, each time once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agendas import endorsing, reminding, versions
from stakeholders.models import Mail
from tests.agendas.test_endorsing import answer
from tests.factories import complete_agenda
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
