"""The pages of a trajectory, as people use them with forms alone."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from stakeholders.models import Mail, Membership, Party
from tests.factories import ContributionFactory, MeetingFactory, PartyFactory, TrajectoryFactory
from tests.pages import fill_in
from trajectories import phases
from trajectories.models import Contribution, Meeting, Step, Trajectory

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(cast):
    return cast.client(cast.leader)


@pytest.fixture
def meeting(cast) -> Meeting:
    return MeetingFactory(trajectory=cast.trajectory)


def said(browser, meeting, **form) -> str:
    filled = {"key": str(uuid.uuid4()), "text": "Meer licht.", "said_by": "", "addressed_to": ""} | form
    return browser.post(reverse("contribute", args=[meeting.code]), filled, follow=True).content.decode()


def test_trajectory_begins_at_the_first_step(cast, leader):
    leader.post(reverse("trajectory_new"), {"gemeente": cast.here.pk, "name": "Havenbuurt"})
    trajectory = Trajectory.objects.get(name="Havenbuurt")
    assert [phase.step for phase in trajectory.phases.all()] == [Step.APPLICATION]
    assert trajectory.phases.get().entered_by == cast.leader


def test_step_is_entered_once_and_never_falls_back_by_itself(cast):
    phases.enter(cast.trajectory, Step.WORK, by=cast.leader)
    phases.enter(cast.trajectory, Step.WORK, by=cast.leader)
    phases.reach(cast.trajectory, Step.START, by=cast.leader)
    assert cast.trajectory.phases.count() == 1
    phases.enter(cast.trajectory, Step.START, by=cast.leader)  # a projectleider may go back
    assert cast.trajectory.phases.last().step == Step.START
    assert [step["state"] for step in phases.road(Step.START)][:4] == ["done", "done", "current", "todo"]
    assert Step.FOLLOW_UP.following is None


def test_party_with_its_contact_person_is_added(cast, leader):
    form = {
        "name": "Welzijn Vooraan", "kind": "welzijn", "contact_name": "Ans de Graaf", "contact_function": "teamleider",
        "contact_email": "Ans@Welzijn.example",
    }  # fmt: skip
    leader.post(reverse("party_new", args=[cast.trajectory.pk]), form)
    party = cast.trajectory.parties.get(name="Welzijn Vooraan")
    contact = party.memberships.get(role=Membership.Role.CONTACT).person
    assert (contact.name, contact.email, contact.user) == ("Ans de Graaf", "ans@welzijn.example", None)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"contact_name": "Ans", "contact_email": ""}, "allebei"),
        ({"contact_name": "", "contact_email": "ans@welzijn.example"}, "allebei"),
        ({"contact_email": "geen adres"}, "e-mailadres"),
    ],
)
def test_half_a_contact_person_is_told(cast, leader, form, sentence):
    filled = {
        "name": "Welzijn Vooraan",
        "kind": "welzijn",
        "contact_name": "Ans",
        "contact_email": "a@b.example",
    } | form
    page = leader.post(reverse("party_new", args=[cast.trajectory.pk]), filled).content.decode()
    assert sentence in page
    assert 'value="Welzijn Vooraan"' in page
    assert not Party.objects.filter(name="Welzijn Vooraan").exists()


def test_party_with_a_name_that_exists_is_told(cast, leader):
    name = cast.parties[0].name.upper()
    page = leader.post(reverse("party_new", args=[cast.trajectory.pk]), {"name": name, "kind": "zorg"})
    assert "al een partij met deze naam" in page.content.decode()


def test_another_address_is_another_person(cast, leader):
    party = cast.parties[1]
    before = party.memberships.get().person
    form = {"name": party.name, "kind": party.kind, "contact_name": "Nieuw", "contact_email": "nieuw@linde.example"}
    fill_in(leader, reverse("party_edit", args=[cast.trajectory.pk, party.pk]), form)
    assert party.memberships.get().person != before
    before.refresh_from_db()
    assert before.name != "Nieuw"


def test_meeting_opens_and_closes_and_moves_the_road(cast, leader):
    meeting = MeetingFactory(trajectory=cast.trajectory, state=Meeting.State.PLANNED)
    address = reverse("meeting_state", args=[meeting.pk])
    refused = leader.post(address, {"state": "closed"}, follow=True).content.decode()
    assert "Dit kan nu niet." in refused
    for state in ("opened", "opened", "closed", "opened"):  # the second time is a double click
        leader.post(address, {"state": state})
        meeting.refresh_from_db()
        assert meeting.state == state
    assert cast.trajectory.phases.last().step == Step.START


def test_participant_needs_no_account_and_no_name(cast, meeting):
    browser = cast.client()
    page = browser.post(
        reverse("contribute_code"), {"code": f" {meeting.code[:3].lower()} {meeting.code[3:]} "}, follow=True
    )
    assert "Wie bent u?" in page.content.decode()
    who = reverse("contribute_who", args=[meeting.code])
    assert meeting.question in browser.post(who, {"party": "bewoner"}, follow=True).content.decode()
    assert "Opgeslagen" in said(browser, meeting, text="Meer licht.")
    stands = Contribution.objects.get()
    assert (stands.text, stands.kind, stands.said_by, stands.question) == (
        "Meer licht.",
        "opmerking",
        None,
        meeting.question,
    )


def test_unknown_code_is_told(cast):
    page = cast.client().post(reverse("contribute_code"), {"code": "XXXXXX"}).content.decode()
    assert "Deze code kennen wij niet" in page
    assert 'value="XXXXXX"' in page


def test_expectation_is_addressed_to_a_party(cast, meeting):
    said(cast.client(), meeting, text="Maak de lift.", said_by=cast.parties[2].pk, addressed_to=cast.parties[1].pk)
    stands = Contribution.objects.get()
    assert (stands.kind, stands.said_by, stands.addressed_to) == ("verwachting", cast.parties[2], cast.parties[1])


def test_party_of_another_gemeente_is_no_choice(cast, meeting):
    from tests.factories import PartyFactory

    page = said(cast.client(), meeting, addressed_to=PartyFactory(gemeente=cast.there).pk)
    assert "Opgeslagen" not in page
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Goed idee 👍🏽 voor onze  buurt", "Goed idee 👍🏽 voor onze  buurt"),
        ("مرحبا بالجميع", "مرحبا بالجميع"),
        ("links\u202erechts\u0000 en\u2028nieuw", "linksrechts en\nnieuw"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_any_text_is_stored_and_shown_harmlessly(cast, leader, meeting, text, stored):
    said(cast.client(), meeting, text=text)
    assert Contribution.objects.get().text == stored
    page = leader.get(reverse("meeting_detail", args=[meeting.pk])).content.decode()
    assert "<script>alert" not in page


def test_text_that_is_too_long_is_told_and_kept(cast, meeting):
    page = said(cast.client(), meeting, text="lang " * 401)
    assert "Er passen 2000 tekens" in page
    assert page.count("lang lang") > 10
    assert not Contribution.objects.exists()


def test_ten_megabytes_are_refused_politely(cast, meeting):
    answer = cast.client().post(reverse("contribute", args=[meeting.code]), {"text": "x" * 10_000_000})
    assert answer.status_code in (200, 400, 413)
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("state", [Meeting.State.PLANNED, Meeting.State.CLOSED])
def test_meeting_that_is_not_open_takes_in_nothing(cast, meeting, state):
    Meeting.objects.update(state=state)
    browser = cast.client()
    assert "Verstuur" not in browser.get(reverse("contribute", args=[meeting.code])).content.decode()
    page = said(browser, meeting, text="Toch nog dit.")
    if state == Meeting.State.CLOSED:
        assert "Wij hebben uw inbreng bewaard" in page
        assert meeting.late_contributions.get().words["text"] == "Toch nog dit."
    else:
        assert "niet open" in page
        assert "Toch nog dit." in page  # nothing typed is lost
    assert not Contribution.objects.exists()


def test_sheet_is_shown_first_and_read_in_after_a_yes(cast, leader, meeting):
    upload = reverse("sheet_upload", args=[meeting.pk])
    file = SimpleUploadedFile("flappen.csv", "inbreng;partij\nMeer licht.;\nEen café erbij.;bewoner\n".encode("cp1252"))
    shown = leader.post(upload, {"file": file}, follow=True)
    assert "Een café erbij." in shown.content.decode()
    assert not Contribution.objects.exists()
    preview = shown.request["PATH_INFO"]
    for _ in range(2):  # a double click
        page = leader.post(preview, follow=True)
        assert page.status_code == 200
    assert Contribution.objects.filter(source="bestand").count() == 2


def test_empty_upload_is_told(cast, leader, meeting):
    upload = reverse("sheet_upload", args=[meeting.pk])
    empty = leader.post(upload, {"file": SimpleUploadedFile("leeg.csv", b"")}).content.decode()
    assert "leeg" in empty
    assert "Fout" in leader.post(upload, {"csrfmiddlewaretoken": "x"}).content.decode()


def test_contributions_are_found_and_paged_by_key(cast, leader, meeting):
    for number in range(55):
        ContributionFactory(meeting=meeting, text=f"Opmerking {number:02} over licht.")
    ContributionFactory(meeting=meeting, text="Iets over 50% korting.", kind="idee")
    address = reverse("contribution_list", args=[cast.trajectory.pk])
    first = leader.get(address)
    assert len(first.context["rows"]) == 50
    second = leader.get(f"{address}?{first.context['older']}")
    assert [row["text"][:12] for row in second.context["rows"]] == [f"Opmerking {n:02}" for n in range(5, -1, -1)]
    assert not second.context["older"]
    found = leader.get(f"{address}?zoek=50%25").context["rows"]
    assert [row["text"] for row in found] == [
        "Iets over <mark>50</mark>% korting.",
        "Opmerking <mark>50</mark> over licht.",
    ]
    assert len(leader.get(f"{address}?soort=idee").context["rows"]) == 1
    assert "Niets gevonden" in leader.get(f"{address}?zoek=bestaatniet").content.decode()
    assert leader.get(f"{address}?na=x&bijeenkomst=99999&soort=onzin").status_code == 200


def test_qr_code_is_a_picture(cast, meeting):
    picture = cast.client().get(reverse("meeting_qr", args=[meeting.code]))
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<svg" in picture.content


def test_name_of_a_contact_person_is_mended(cast, leader):
    party = cast.parties[1]
    email = party.memberships.get().person.email
    form = {"name": party.name, "kind": party.kind, "contact_name": "Joost Hendriksma", "contact_email": email}
    fill_in(leader, reverse("party_edit", args=[cast.trajectory.pk, party.pk]), form)
    assert party.memberships.get().name == "Joost Hendriksma"


def test_from_when_two_people_sign_is_said(cast, leader):
    party = cast.parties[1]
    form = {"name": party.name, "kind": party.kind, "contact_name": "", "contact_email": ""}
    address = reverse("party_edit", args=[cast.trajectory.pk, party.pk])
    assert "Een antwoord dat er al is, blijft staan." in leader.get(address).content.decode()
    for number, says in ((2, "Vanaf nu tekenen er twee mensen"), (2, ""), (1, "Vanaf nu tekent er één persoon")):
        fill_in(leader, address, form | {"signatories": number})
        shown = leader.get(reverse("trajectory_detail", args=[cast.trajectory.pk])).content.decode()
        assert f"De gegevens van {party} zijn bewaard." in shown
        assert ("Vanaf nu" in shown) == bool(says) and says in shown


def test_limited_role_does_not_take_over_a_party_of_another_trajectory(cast):
    """By the address of its contact person, who gets the next question to endorse, there too."""
    hidden = TrajectoryFactory(gemeente=cast.here, name="Havenrij")
    party = PartyFactory(gemeente=cast.here)
    hidden.participations.create(party=party)
    adviser = cast.client(cast.adviser)
    adviser.post(reverse("party_join", args=[cast.trajectory.pk]), {"parties": [party.pk]})
    address = reverse("party_edit", args=[cast.trajectory.pk, party.pk])
    form = {"name": party.name, "kind": party.kind, "contact_name": "Ik", "contact_email": "ik@elders.example"}
    refused = adviser.post(address, form)
    assert refused.status_code == 403
    assert "een traject dat u niet ziet" in refused.content.decode()
    assert not party.memberships.exists()
    fill_in(cast.client(cast.leader), address, form)
    assert party.memberships.get().person.email == "ik@elders.example"


def test_contact_person_who_is_replaced_is_told(cast, leader):
    party = cast.parties[1]
    before = party.memberships.get().person.email
    form = {"name": party.name, "kind": party.kind, "contact_name": "Nieuw", "contact_email": "nieuw@elders.example"}
    fill_in(leader, reverse("party_edit", args=[cast.trajectory.pk, party.pk]), form)
    assert party.memberships.get().person.email == "nieuw@elders.example"
    told = Mail.objects.get(to=before)
    assert told.subject == f"U bent niet meer de contactpersoon van {party}"


def test_person_of_another_gemeente_is_not_ours_to_change(cast, leader):
    party = cast.parties[1]
    form = {
        "name": party.name, "kind": party.kind, "contact_name": "Gekaapt", "contact_function": "gekaapt",
        "contact_email": cast.stranger.email,
    }  # fmt: skip
    fill_in(leader, reverse("party_edit", args=[cast.trajectory.pk, party.pk]), form)
    before = (cast.stranger.name, cast.stranger.function)
    cast.stranger.refresh_from_db()
    assert (cast.stranger.name, cast.stranger.function) == before
    page = leader.get(reverse("party_edit", args=[cast.trajectory.pk, party.pk])).content.decode()
    assert "Gekaapt" in page
    assert cast.stranger.name not in page


@pytest.mark.parametrize("address", ["/b/%00/", "/b/%00/qr.svg", "/controleer/%00-v1/", "/controleer/VA-2026-0001-v²/"])
def test_odd_address_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("code", ["QQQQQQ", "abc", "ABCDEFGH"])
def test_unknown_code_in_the_address_gives_the_form_for_a_code(client, db, code):
    answer = client.get(f"/b/{code}/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Deze code kennen wij niet." in page
    assert f'action="{reverse("contribute_code")}"' in page
    assert f'value="{code}"' in page


def test_party_that_expects_something_of_itself_is_told(cast, meeting):
    party = cast.parties[0].pk
    page = said(cast.client(), meeting, text="Wij moeten het doen.", said_by=party, addressed_to=party)
    assert "Een partij verwacht niets van zichzelf." in page
    assert "Wij moeten het doen." in page
    assert not Contribution.objects.exists()
