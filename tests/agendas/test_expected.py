"""What people expect of each other, frozen in a version, as a chapter of the document."""

from __future__ import annotations

import copy
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from agendas import answers, endorsing, expected, expecting, renditions, versions
from agendas.differences import changes, is_same
from agendas.documents import document_html
from tests.agendas.example_document import KERK, LINDE, WELZIJN, example_answers, example_content
from tests.factories import (
    CommitmentFactory,
    ContributionFactory,
    MeetingFactory,
    MembershipFactory,
    PartyFactory,
    complete_agenda,
)
from thuiswijk.lib.canonical import canonical
from trajectories import moderating


def chapter_of(content) -> str:
    html = document_html(canonical(content), None)
    found = re.search('(?s)<section class="verwachtingen">.*?</section>', html)
    return " ".join(strip_tags(found[0].replace("<td", " <td")).split()) if found else ""


def expectation(pk: int, by: int | None, to: int, text: str = "Bel ons terug.") -> dict:
    return {
        "id": pk, "theme": None, "declined": None, "group": "", "part": "", "text": text, "kind": "verwachting",
        "said_by": by, "addressed_to": to, "meeting": 1, "question": "", "points": [],
    }  # fmt: skip


def reply(pk: int, answer: str = "doen", text: str = "", other: int | None = None) -> dict:
    return {"contribution": pk, "answer": answer, "text": text, "other_party": other, "on_behalf": False}


def with_expectations(said: list[dict], replies: list[dict]) -> dict:
    return example_content() | {"contributions": said, "replies": replies}


def test_matrix_counts_what_is_expected_answered_and_agreed():
    said = [expectation(1, None, LINDE), expectation(2, None, LINDE), expectation(3, KERK, LINDE)]
    told = expected.chapter(
        with_expectations(said, [reply(1), reply(2, "kan_niet", "Geen geld."), reply(3, "deskundiger", other=99)]),
        {LINDE: "De Linde", KERK: "De kerk"},
        lambda one: "",
    )
    [matrix] = told["matrices"]
    assert matrix.columns == [(1, "De Linde")]
    rows = [(number, name, [(c.count, c.answered, c.agreed) for c in cells]) for number, name, cells in matrix.rows]
    assert rows == [
        (None, "Bewoners", [(2, 2, 1)]),
        (1, "De Linde", [(0, 0, 0)]),  # its number is explained here
        (2, "De kerk", [(1, 1, 0)]),
    ]
    assert [count for _, count in told["tally"]] == [1, 1, 1, 0]
    assert [one["says"] for one in told["parties"][0]["asked"]] == [
        "Dat doen wij", "Dat kunnen wij niet", "Daarvan weet een andere partij meer",
    ]  # fmt: skip


def test_how_it_stood_at_each_meeting_stands_before_how_it_stands_now():
    content = with_expectations([expectation(1, None, LINDE), expectation(2, None, LINDE)], [reply(1)])
    stood = ((0, 0, 0), (2, 0, 0), (2, 1, 0))
    for meeting, tally in zip(content["meetings"], stood, strict=False):
        meeting["expectations"] = dict(zip(("count", "answered", "agreed"), tally, strict=True))
    content["meetings"] = content["meetings"][:3]
    told = chapter_of(content)
    first, second, third = (meeting["title"] for meeting in content["meetings"])
    assert f"“Dat doen wij” {second} 29 september 2026 2 0 0 {third} 6 oktober 2026 2 1 0 Nu 2 1 1" in told
    assert first not in told[: told.index("Wie verwacht iets van wie?")]
    content["meetings"] = content["meetings"][:1]
    assert "Van toen naar nu" not in chapter_of(content)


def test_expectation_in_two_places_counts_once():
    said = [expectation(1, None, LINDE) | {"theme": theme} for theme in (1, 2)]
    assert "is 1 keer gezegd" in chapter_of(with_expectations(said, []))


@pytest.mark.parametrize(("parties", "tables"), [(2, [2]), (12, [12]), (13, [6, 7]), (30, [10, 10, 10])])
def test_many_parties_are_divided_over_tables_that_fit(parties, tables):
    names = {pk: f"Partij {pk}" for pk in range(1, parties + 1)}
    said = [expectation(pk, None, pk) for pk in names]
    told = expected.chapter({"contributions": said, "replies": [], "meetings": []}, names, lambda one: "")
    assert [len(matrix.columns) for matrix in told["matrices"]] == tables
    assert all(sum(matrix.widths) <= 100 for matrix in told["matrices"])
    assert [len(matrix.rows) for matrix in told["matrices"]] == [columns + 1 for columns in tables]


def test_chapter_holds_the_words_and_the_answers_and_names_no_resident():
    said = [expectation(1, None, LINDE, "Maak de lift."), expectation(2, KERK, LINDE, "Kom langs.")]
    text = chapter_of(with_expectations(said, [reply(1, "kan_niet", "Die is niet van ons.")]))
    assert "“Maak de lift.” bewoner, bijeenkomst 1" in text.replace("\u00a0", " ")
    assert "Dat kunnen wij niet: Die is niet van ons." in text
    assert "“Kom langs.” Open Kerk aan het Lindeplein, bijeenkomst 1" in text.replace("\u00a0", " ")
    assert "2 verwachtingen. Op 1 is geantwoord." in text and "nog geen antwoord" in text


def test_nothing_expected_or_an_older_schema_has_no_chapter():
    assert not chapter_of(with_expectations([], []))
    older = {key: value for key, value in example_content().items() if key != "replies"} | {"schema": 5}
    assert not chapter_of(older)
    assert "Wat wij van elkaar verwachten" not in document_html(canonical(older), None)


def test_web_page_says_which_party_a_number_is_and_has_no_cards():
    content = example_content()
    body = renditions.page(canonical(content), canonical(example_answers(content))).body
    matrix = re.search('(?s)<div class="matrix".*?</div>', body)[0]
    assert 'van 3<span class="visually-hidden"> Woonstichting De Linde</span>' in matrix
    assert 'tabindex="0"' in matrix and "matrix__cell--all" in matrix and "table--stack" not in matrix


def test_answer_is_told_as_a_change_that_touches_who_answers_and_who_knows_more():
    before = with_expectations([expectation(1, None, LINDE), expectation(2, None, LINDE)], [reply(1)])
    after = copy.deepcopy(before)
    after["replies"].append(reply(2, "deskundiger", other=WELZIJN))
    [told] = changes(before, after)
    assert told.sentence == "Woonstichting De Linde geeft antwoord op 1 verwachting meer."
    assert told.parties == [LINDE, WELZIJN]
    after["replies"] = [reply(1, "kan_niet", "Toch niet.")]
    [told] = changes(before, after)
    assert told.sentence == "Woonstichting De Linde antwoordt anders op wat van deze partij wordt verwacht."
    assert told.parties == [LINDE]


def test_version_of_before_there_were_answers_is_compared():
    after = with_expectations([expectation(1, None, LINDE)], [reply(1)])
    before = {key: value for key, value in after.items() if key != "replies"} | {"schema": 5}
    assert [change.parties for change in changes(before, after)] == [[LINDE]]
    assert not is_same(before, after) and is_same(before, after | {"replies": []})


@pytest.mark.django_db
def test_newest_answer_is_frozen_and_nothing_of_what_is_hidden(cast):
    agenda = complete_agenda(cast.trajectory)
    meeting, knows = MeetingFactory(trajectory=cast.trajectory), PartyFactory(gemeente=cast.trajectory.gemeente)
    cast.trajectory.participations.create(party=knows)
    wishes = {"meeting": meeting, "kind": "verwachting", "addressed_to": cast.parties[1]}
    shown, hidden, waits = (ContributionFactory(text=text, **wishes) for text in ("Licht.", "Van Jan.", "Groen."))
    for said, kind, text, other in (
        (shown, "doen", "Ja.", None), (shown, "deskundiger", "Zij wel \U0001f6dc.", knows), (hidden, "doen", "", None),
    ):  # fmt: skip
        expecting.answer(said, kind=kind, text=text, other_party=other, by=cast.leader, is_on_behalf=True)
    moderating.hide(hidden, reason="Er staat een naam in.", by=cast.leader)
    frozen = versions.content_of(agenda, number=1, at=timezone.now(), by=cast.leader)
    told = {
        "contribution": shown.pk,
        "answer": "deskundiger",
        "text": "Zij wel [\N{HORIZONTAL ELLIPSIS}].",
        "on_behalf": True,
    }
    assert frozen["replies"] == [told | {"other_party": knows.pk}]
    assert waits.pk in {one["id"] for one in frozen["contributions"]}
    cast.trajectory.participations.filter(party=knows).delete()
    frozen = versions.content_of(agenda, number=1, at=timezone.now(), by=cast.leader)
    assert frozen["replies"] == [told | {"other_party": None}]


@pytest.mark.django_db
def test_party_that_answers_reads_what_it_said_to_what_is_expected_of_it(cast):
    agenda = complete_agenda(cast.trajectory)
    meeting = MeetingFactory(trajectory=cast.trajectory)
    for party, text in ((cast.parties[1], "Voor ons."), (cast.parties[2], "Voor een ander.")):
        said = ContributionFactory(meeting=meeting, kind="verwachting", addressed_to=party, text=text)
        expecting.answer(said, kind="doen", text="In mei.", other_party=None, by=cast.leader, is_on_behalf=True)
    version = versions.freeze(agenda, by=cast.leader, reason="Het mag.")
    shown = answers.shown_to(cast.parties[1], version.data)["expected"]
    assert [(one["text"], one["source"], one["says"], one["why"]) for one in shown] == [
        ("Voor ons.", "bewoner", "Dat doen wij", "In mei."),
    ]  # fmt: skip
    round_ = endorsing.open_round(version, deadline=timezone.localdate(), by=cast.leader)
    contact = MembershipFactory(party=cast.parties[1], gemeente=None, role="contactpersoon").person
    page = cast.client(contact).get(reverse("endorse", args=[round_.requests.get(party=cast.parties[1]).pk]))
    html = page.content.decode()
    assert "Wat van uw partij wordt verwacht" in html and "Dat doen wij:" in html and "Voor een ander." not in html


@pytest.mark.django_db
def test_party_that_answers_reads_what_others_promise_it(cast):
    """On the points in which it takes part, and to what it asked of them; nothing of where it only says what it can't."""
    own, other, third = cast.parties
    agenda = complete_agenda(cast.trajectory)
    point = cast.trajectory.points.get()
    point.commitments.all().delete()
    for party, role in ((own, "meewerkend"), (other, "trekker"), (third, "kan_niet")):
        CommitmentFactory(point=point, party=party, role=role, text=f"Wij: {role}.")
    meeting = MeetingFactory(trajectory=cast.trajectory)
    for by, text in ((own, "Bel ons terug."), (third, "Voor een ander.")):
        said = ContributionFactory(meeting=meeting, kind="verwachting", said_by=by, addressed_to=other, text=text)
        expecting.answer(said, kind="doen", text="In mei.", other_party=None, by=cast.leader, is_on_behalf=True)
    version = versions.freeze(agenda, by=cast.leader, reason="Het mag.")
    shown = {party: answers.shown_to(party, version.data) for party in cast.parties}
    assert [[(one["name"], one["text"]) for one in said["promises"]] for said in shown[own]["theirs"]] == [
        [(other.name, "Wij: trekker."), (third.name, "Wij: kan_niet.")]
    ]
    assert shown[third]["theirs"] == []
    assert [(one["to"], one["text"], one["says"], one["why"]) for one in shown[own]["answered"]] == [
        (other.name, "Bel ons terug.", "Dat doen wij", "In mei.")
    ]
    assert shown[other]["answered"] == []
    round_ = endorsing.open_round(version, deadline=timezone.localdate(), by=cast.leader)
    contact = MembershipFactory(party=own, gemeente=None, role="contactpersoon").person
    page = cast.client(contact).get(reverse("endorse", args=[round_.requests.get(party=own).pk])).content.decode()
    beside = page[page.index("Wat anderen beloven") : page.index("De hele agenda")]
    assert page.index("Wat uw partij belooft") < page.index("Wat anderen beloven")
    assert 'href="#punt-1.1"' in beside and 'id="punt-1.1"' in page
    assert "Wij: trekker." in beside and "Bel ons terug." in beside and "Wij: meewerkend." not in beside
