"""What comes in the very same moment: an answer and the closing of the round, two clicks on one invitation."""

from __future__ import annotations

import json

import pytest

from tests.faults.conftest import check_sealed_once
from thuiswijk.lib import chain


@pytest.mark.stack
@pytest.mark.parametrize("time", [1, 2])
def test_endorsing_while_the_round_closes_no_answer_is_lost(platform, ground, time):
    """Two hundred parties, and twenty."""
    told = platform.inside("endorse_while_closing", round_id=ground["crowded"].pop()["round"])

    assert sorted(told["taken"] + told["refused"]) == sorted(told["asked"])
    found = platform.sql("SELECT answers FROM agendas_document WHERE id = %s", told["document"])
    answers = json.loads(bytes(found[0][0]))["answers"]
    assert sorted(a["party"] for a in answers if a["answer"] == "volledig") == sorted(told["taken"])
    assert sorted(a["party"] for a in answers if a["answer"] == "geen") == sorted(told["refused"])
    check_one_chain(platform, json.loads(bytes(found[0][0])), answered=len(told["taken"]))
    platform.wait_until(lambda: platform.state_of(told["document"]) == "stored")
    check_sealed_once(platform, told["document"])


def check_one_chain(platform, given, *, answered: int) -> None:
    """Every answer that was taken is an event, in one chain without gaps, and its head stands in the answers."""
    events = platform.sql(
        """
        SELECT e.number, e.body, e.hash FROM agendas_roundevent e
        JOIN agendas_round r ON r.id = e.round_id JOIN agendas_agendaversion v ON v.id = r.version_id
        JOIN agendas_agenda a ON a.id = v.agenda_id
        WHERE a.number = %s AND v.number = %s ORDER BY e.number
        """,
        given["document_number"],
        given["version"],
    )
    told = [{"number": number, "body": body, "hash": hash_} for number, body, hash_ in events]
    assert chain.first_wrong(given["digest"], told, head=given["events_head"]) is None
    assert len(told) == given["events"]
    kinds = [json.loads(event["body"])["kind"] for event in told]
    assert (kinds[0], kinds.count("answered"), kinds[-1]) == ("opened", answered, "closed")


@pytest.mark.stack
def test_invitation_accepted_by_many_clicks_at_once_gives_one_membership(platform):
    told = platform.inside("accept_together", clicks=8)
    assert told == {"answered": 8, "people": 1, "memberships": 1, "accounts": 1}


@pytest.mark.stack
def test_two_leaders_who_leave_at_once_leave_one(platform):
    """Whatever door they go through: the check is the database's own, at the end of each transaction."""
    assert platform.inside("leave_together") == {"refused": 1, "left": 1}


@pytest.mark.stack
def test_mail_about_a_meeting_that_many_ask_for_at_once_goes_once(platform):
    once_to_each = [1, 1, 1]
    told = platform.inside("mail_together", times=20)
    assert told == {"invited": once_to_each, "changed": once_to_each, "reminded": once_to_each}


@pytest.mark.stack
def test_words_let_in_at_once_all_stand_in_the_newest_report(platform):
    """Each asks for a report without knowing of the others; the one that comes last holds them all."""
    assert platform.inside("let_in_together", times=6) == {
        "wrong": [], "standing": 12, "reports": 13, "in_the_newest": 12,
    }  # fmt: skip
