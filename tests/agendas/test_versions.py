from __future__ import annotations

import hashlib
import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from agendas import drafting, endorsing, expecting, theming, versions
from agendas.models import Commitment, Document
from stakeholders.models import Mail, Membership
from tests.factories import (
    AgendaFactory,
    CommitmentFactory,
    ContributionFactory,
    MeetingFactory,
    PlacementFactory,
    PointFactory,
    SealedFactory,
    ThemeFactory,
    as_of_schema_2,
    complete_agenda,
)
from thuiswijk.lib.errors import Refused

pytestmark = pytest.mark.django_db


def sentences(agenda) -> str:
    return "\n".join(gap.sentence for gap in drafting.gaps(agenda))


def test_complete_draft_has_no_gaps(cast):
    assert sentences(complete_agenda(cast.trajectory)) == ""


def test_gaps_say_what_is_missing(cast):
    gemeente, housing, _ = cast.parties
    agenda = AgendaFactory(trajectory=cast.trajectory, summary="", ends_on=None)
    theme = ThemeFactory(trajectory=cast.trajectory, name="Veilig")
    ThemeFactory(trajectory=cast.trajectory, name="Groen")
    bare = PointFactory(theme=theme, title="Licht", first_step="", ready_on=None)
    double = PointFactory(theme=theme, title="Paden")
    CommitmentFactory(point=bare, party=housing, role=Commitment.Role.EXPERT)
    CommitmentFactory(point=double, party=housing)
    CommitmentFactory(point=double, party=cast.parties[2])
    Membership.objects.filter(party=housing).delete()
    ContributionFactory(meeting=MeetingFactory(trajectory=cast.trajectory))
    found = sentences(agenda)
    for part in (
        "van wanneer tot wanneer", "samenvatting in gewone taal", "Thema “Groen” heeft nog geen verbeterpunt",
        "1 inbreng staat nog niet", "“Licht” heeft nog geen trekker", "“Licht” heeft nog geen eerste stap",
        "“Licht” heeft nog geen datum", "“Paden” heeft 2 trekkers",
        f"“Licht”: {housing.name} weet er het meest van, en doet niet mee",
        f"{housing.name} heeft nog geen contactpersoon", f"{gemeente.name} zegt nog niets toe",
    ):  # fmt: skip
        assert part in found, part


def test_date_outside_the_term_is_a_gap(cast):
    agenda = complete_agenda(cast.trajectory)
    point = cast.trajectory.points.get()
    point.ready_on = agenda.ends_on.replace(year=agenda.ends_on.year + 1)
    point.save()
    assert "buiten de looptijd" in sentences(agenda)


def test_party_that_can_and_can_not_at_one_point_is_a_gap(cast):
    agenda = complete_agenda(cast.trajectory)
    point, party = cast.trajectory.points.get(), cast.parties[1]
    CommitmentFactory(point=point, party=party, role=Commitment.Role.UNABLE, text="Wij hebben geen geld.")
    assert (
        sentences(agenda) == f"Verbeterpunt “{point.title}”: {party.name} zegt iets toe, en zegt ook dat het niet kan."
    )


def test_party_that_knows_most_and_takes_part_is_no_gap(cast):
    agenda = complete_agenda(cast.trajectory)
    point, party = cast.trajectory.points.get(), cast.parties[1]
    CommitmentFactory(point=point, party=party, role=Commitment.Role.EXPERT)
    assert sentences(agenda) == ""


def test_reason_to_freeze_with_gaps_is_not_called_optional(cast):
    agenda, browser = AgendaFactory(trajectory=cast.trajectory), cast.client(cast.leader)
    page = browser.get(reverse("agenda_detail", args=[cast.trajectory.pk])).content.decode()
    assert "Waarom gaat u door met open punten?" in page
    assert "niet verplicht" not in page
    page = browser.post(reverse("agenda_freeze", args=[cast.trajectory.pk]), {"reason": " "}).content.decode()
    assert "schrijf op waarom u toch doorgaat" in page
    assert "#id_reason" in page
    assert not agenda.versions.exists()


def test_freezing_with_gaps_asks_for_a_reason(cast):
    agenda = AgendaFactory(trajectory=cast.trajectory)
    with pytest.raises(Refused, match="waarom u toch doorgaat"):
        versions.freeze(agenda, by=cast.leader)
    version = versions.freeze(agenda, by=cast.leader, reason="Wij vullen dit samen aan.")
    assert version.data["gaps_reason"] == "Wij vullen dit samen aan."
    assert len(version.data["gaps"]) == len(drafting.gaps(agenda))


def test_version_is_canonical_and_complete(cast):
    agenda = complete_agenda(cast.trajectory)
    theme = cast.trajectory.themes.get()
    said = ContributionFactory(
        meeting=MeetingFactory(trajectory=cast.trajectory), kind="verwachting", said_by=cast.parties[1],
        addressed_to=cast.parties[0], text="Maak het plein schoon.", question="Wat verwacht u?",
    )  # fmt: skip
    PlacementFactory(theme=theme, contribution=said)
    expecting.answer(said, kind="doen", text="", other_party=None, by=cast.leader, is_on_behalf=True)
    version = versions.freeze(agenda, by=cast.leader, reason="Wij kiezen later waar dit uit komt.")
    content = bytes(version.content)
    assert hashlib.sha256(content).hexdigest() == version.digest
    data = json.loads(content)
    assert json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == content  # RFC 8785
    assert (data["schema"], data["version"], data["document_number"]) == (6, 1, agenda.number)
    assert [party["kind"] for party in data["parties"]][0] == "gemeente"
    assert [point["number"] for point in data["points"]] == ["1.1"]
    assert data["contributions"] == [
        {
            "id": said.pk,
            "group": "",
            "theme": 1, "declined": None, "text": "Maak het plein schoon.", "kind": "verwachting", "said_by": cast.parties[1].pk,
            "addressed_to": cast.parties[0].pk, "meeting": 1, "question": "Wat verwacht u?", "points": [],
            "part": "",
        }
    ]  # fmt: skip
    assert "@" not in content.decode()  # no address of anybody
    assert version.documents.get().state == Document.State.WAITING


def test_declined_theme_stands_apart_with_its_reason_and_what_was_said(cast):
    agenda = complete_agenda(cast.trajectory)
    metro = ThemeFactory(
        trajectory=cast.trajectory, name="Metro", declined_because="Daar gaat de gemeente niet over.", position=0
    )
    said = ContributionFactory(meeting=MeetingFactory(trajectory=cast.trajectory), text="Graag een metro.")
    PlacementFactory(theme=metro, contribution=said)
    data = versions.freeze(agenda, by=cast.leader).data
    assert [theme["number"] for theme in data["themes"]] == [1]
    assert data["declined"] == [
        {"number": 1, "subject": "Metro", "reason": "Daar gaat de gemeente niet over.", "contributions": 1}
    ]
    assert [(c["theme"], c["declined"], c["text"]) for c in data["contributions"]] == [(None, 1, "Graag een metro.")]


def test_contribution_under_no_theme_is_in_the_version(cast):
    agenda = complete_agenda(cast.trajectory)
    ContributionFactory(meeting=MeetingFactory(trajectory=cast.trajectory), text="De klok loopt achter.")
    ContributionFactory(meeting=MeetingFactory(trajectory=cast.elsewhere), text="Dit is elders gezegd.")
    data = versions.freeze(agenda, by=cast.leader, reason="Wij gaan door.").data
    assert [(c["theme"], c["declined"], c["text"]) for c in data["contributions"]] == [
        (None, None, "De klok loopt achter.")
    ]


def test_sealed_agenda_is_found_from_every_side(cast):
    agenda = complete_agenda(cast.trajectory)
    browser = cast.client(cast.reader)
    pages = [
        reverse("home"),
        reverse("trajectory_detail", args=[cast.trajectory.pk]),
        reverse("agenda_detail", args=[cast.trajectory.pk]),
    ]
    for page in pages:
        assert "erzegeld op" not in browser.get(page).content.decode()
    first = versions.freeze(agenda, by=cast.leader)
    agenda.title = "Verbeteragenda twee"
    agenda.save()
    second = versions.freeze(agenda, by=cast.leader)
    SealedFactory(version=second)
    SealedFactory(version=first)
    sealed = second.documents.get(kind=Document.Kind.FINAL)
    for page in pages:
        text = browser.get(page).content.decode()
        assert "Verbeteragenda twee, versie 2</a>" in text
        assert reverse("document_download", args=[sealed.pk]) in text
        assert text.count("erzegeld op") == 1
    assert "erzegeld op" not in cast.client(cast.stranger).get(pages[0]).content.decode()


def test_agenda_says_that_a_change_comes_in_a_new_version(cast):
    agenda = complete_agenda(cast.trajectory)
    browser, page = cast.client(cast.leader), reverse("agenda_detail", args=[cast.trajectory.pk])
    assert "komt in een nieuwe versie" not in browser.get(page).content.decode()
    version = versions.freeze(agenda, by=cast.leader)
    change = "Wat u hier verandert, komt in een nieuwe versie."
    assert f"Versie 1 is bevroren. {change}" in browser.get(page).content.decode()
    SealedFactory(version=version)
    assert f"Versie 1 is verzegeld. {change}" in browser.get(page).content.decode()


def test_hidden_contribution_is_not_in_the_version(cast):
    agenda = complete_agenda(cast.trajectory)
    said = ContributionFactory(meeting=MeetingFactory(trajectory=cast.trajectory))
    PlacementFactory(theme=cast.trajectory.themes.get(), contribution=said)
    type(said).objects.filter(pk=said.pk).update(
        hidden_at=said.made_at, hidden_by=cast.leader, hidden_reason="Er staat een naam in."
    )
    data = versions.freeze(agenda, by=cast.leader).data
    assert data["contributions"] == []
    assert data["themes"][0]["contributions"] == 0


def test_nothing_changed_makes_no_new_version(cast):
    agenda = complete_agenda(cast.trajectory)
    versions.freeze(agenda, by=cast.leader)
    with pytest.raises(Refused, match="niets veranderd"):
        versions.freeze(agenda, by=cast.leader)
    agenda.summary = "Anders."
    agenda.save()
    assert versions.freeze(agenda, by=cast.leader).number == 2


def test_nothing_changed_since_a_version_of_an_older_schema_makes_no_new_version(cast):
    agenda = complete_agenda(cast.trajectory)
    said = ContributionFactory(meeting=MeetingFactory(trajectory=cast.trajectory))
    theming.place(cast.trajectory.themes.get(), [said], by=cast.leader)
    content = versions.content_of(agenda, number=1, at=timezone.now(), by=cast.leader)
    as_of_schema_2(agenda, content | {"gaps": [gap.sentence for gap in drafting.gaps(agenda)], "gaps_reason": "Mag."})
    with pytest.raises(Refused, match="niets veranderd"):
        versions.freeze(agenda, by=cast.leader, reason="Mag.")
    cast.trajectory.points.update(signal="Het is er donker.")
    assert versions.freeze(agenda, by=cast.leader, reason="Mag.").number == 2


def test_sign_that_can_not_be_printed_is_named(cast):
    agenda = complete_agenda(cast.trajectory)
    agenda.summary = "Wij vieren feest \U000131f0."
    agenda.save()
    with pytest.raises(Refused, match="\U000131f0"):
        versions.freeze(agenda, by=cast.leader)


def test_no_new_version_while_one_lies_with_the_parties(cast):
    agenda = complete_agenda(cast.trajectory)
    version = versions.freeze(agenda, by=cast.leader)
    endorsing.open_round(version, deadline=agenda.ends_on, by=cast.leader)
    agenda.summary = "Anders."
    agenda.save()
    with pytest.raises(Refused, match="bij de partijen"):
        versions.freeze(agenda, by=cast.leader)
    assert Mail.objects.count() == 3


def test_theme_with_points_can_not_be_declined(cast):
    complete_agenda(cast.trajectory)
    theme = cast.trajectory.themes.get()
    form = {"name": theme.name, "summary": "", "position": 1, "declined_because": "Toch niet."}
    page = cast.client(cast.leader).post(f"/themas/{theme.pk}/", form).content.decode()
    assert "Bij dit thema staan nog verbeterpunten" in page
    theme.refresh_from_db()
    assert not theme.is_declined


def test_residents_words_never_block_a_version(cast):
    """A script that our fonts lack is no reason to ask a resident for other words."""
    agenda = complete_agenda(cast.trajectory)
    said = ContributionFactory(meeting=MeetingFactory(trajectory=cast.trajectory), text="Dank u: 谢谢 สวัสดี!")
    PlacementFactory(theme=cast.trajectory.themes.get(), contribution=said)
    data = versions.freeze(agenda, by=cast.leader, reason="Wij gaan door.").data
    assert data["contributions"][0]["text"] == "Dank u: […] […]!"
    said.refresh_from_db()
    assert said.text == "Dank u: 谢谢 สวัสดี!"


def test_party_with_promises_can_not_leave(cast):
    complete_agenda(cast.trajectory)
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.trajectory.participations.filter(party=cast.parties[0]).delete()
    cast.trajectory.points.get().commitments.filter(party=cast.parties[0]).delete()
    cast.trajectory.participations.filter(party=cast.parties[0]).delete()
    assert cast.trajectory.parties.count() == 2
