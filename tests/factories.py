"""Rows for tests, each the smallest one that the database accepts."""

from __future__ import annotations

import time
import uuid
from datetime import timedelta
from itertools import chain, repeat
from typing import Any

import factory
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.userkit import user_id_to_str
from django.test import Client
from django.utils import timezone
from factory.django import DjangoModelFactory

from agendas import consenting, endorsing, expecting, versions
from agendas.models import (
    Agenda,
    AgendaVersion,
    Commitment,
    Document,
    Endorsement,
    ImprovementPoint,
    Origin,
    Placement,
    ProgressReport,
    Round,
    Suggestions,
    Theme,
)
from stakeholders.models import Gemeente, Invitation, Membership, Party, Person, User
from thuiswijk.lib import scans
from thuiswijk.lib.canonical import canonical, digest
from trajectories import intake, phases
from trajectories.models import (
    Appointment,
    CalendarFeed,
    Contribution,
    LateContribution,
    Meeting,
    Step,
    Trajectory,
    Wijk,
)
from trajectories.report_content import content_of


class GemeenteFactory(DjangoModelFactory):
    class Meta:
        model = Gemeente

    name = factory.Sequence(lambda n: f"Gemeente {n}")
    code = factory.Sequence(lambda n: f"GM{n:04}")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"account{n}@voorbeeldstad.example")


def signs_in(browser: Client, user: User, *, second_factor: bool = True) -> None:
    """Signs a test client in, with what allauth writes in the session after a second factor."""
    browser.force_login(user)
    if second_factor:
        session = browser.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
        session["account_authentication_methods_user"] = user_id_to_str(user)
        session.save()


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"Persoon {n}")
    function = "medewerker"
    email = factory.Sequence(lambda n: f"persoon{n}@voorbeeldstad.example")
    user = factory.SubFactory(UserFactory, email=factory.SelfAttribute("..email"))


class PartyFactory(DjangoModelFactory):
    class Meta:
        model = Party

    gemeente = factory.SubFactory(GemeenteFactory)
    name = factory.Sequence(lambda n: f"Partij {n}")
    kind = Party.Kind.WELFARE


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    gemeente = factory.SubFactory(GemeenteFactory)
    role = Membership.Role.LEADER
    is_limited = factory.LazyAttribute(lambda membership: membership.role == Membership.Role.ADVISER)
    name = factory.SelfAttribute("person.name")
    function = factory.SelfAttribute("person.function")


class TrajectoryFactory(DjangoModelFactory):
    class Meta:
        model = Trajectory

    gemeente = factory.SubFactory(GemeenteFactory)
    name = factory.Sequence(lambda n: f"Wijk {n}")


class AppointmentFactory(DjangoModelFactory):
    class Meta:
        model = Appointment

    trajectory = factory.SubFactory(TrajectoryFactory)
    membership = factory.SubFactory(MembershipFactory, gemeente=factory.SelfAttribute("..trajectory.gemeente"))


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    trajectory = factory.SubFactory(TrajectoryFactory)
    kind = Meeting.Kind.START
    title = "Startbijeenkomst"
    question = "Wat verwacht u van elkaar?"
    starts_at = factory.LazyFunction(timezone.now)
    state = Meeting.State.OPENED


class ContributionFactory(DjangoModelFactory):
    class Meta:
        model = Contribution

    meeting = factory.SubFactory(MeetingFactory)
    trajectory = factory.SelfAttribute("meeting.trajectory")
    text = factory.Sequence(lambda n: f"Er moet een bankje bij het plein, nummer {n}.")


class LateContributionFactory(DjangoModelFactory):
    class Meta:
        model = LateContribution
        exclude = ("text",)

    text = "Er moet ook een bankje bij de kerk."
    meeting = factory.SubFactory(MeetingFactory)
    key = factory.LazyFunction(uuid.uuid4)
    words = factory.LazyAttribute(
        lambda late: {
            "text": late.text,
            "kind": "opmerking",
            "said_by_id": None,
            "addressed_to_id": None,
            "addressed_name": "",
            "question": "",
            "source": "telefoon",
            "noted_by_id": None,
            "participant_id": None,
        }
    )


class ThemeFactory(DjangoModelFactory):
    class Meta:
        model = Theme

    trajectory = factory.SubFactory(TrajectoryFactory)
    name = factory.Sequence(lambda n: f"Thema {n}")
    position = factory.Sequence(int)


class PlacementFactory(DjangoModelFactory):
    class Meta:
        model = Placement

    contribution = factory.SubFactory(ContributionFactory)
    trajectory = factory.SelfAttribute("contribution.trajectory")
    theme = factory.SubFactory(ThemeFactory, trajectory=factory.SelfAttribute("..trajectory"))


class PointFactory(DjangoModelFactory):
    class Meta:
        model = ImprovementPoint

    theme = factory.SubFactory(ThemeFactory)
    trajectory = factory.SelfAttribute("theme.trajectory")
    title = factory.Sequence(lambda n: f"Een bankje op plein {n}")
    first_step = "De plek kiezen"
    ready_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=100))


class CommitmentFactory(DjangoModelFactory):
    class Meta:
        model = Commitment

    point = factory.SubFactory(PointFactory)
    party = factory.SubFactory(PartyFactory)
    role = Commitment.Role.LEADER
    text = "Wij zetten het neer."


class AgendaFactory(DjangoModelFactory):
    class Meta:
        model = Agenda

    trajectory = factory.SubFactory(TrajectoryFactory)
    title = factory.LazyAttribute(lambda agenda: f"Verbeteragenda {agenda.trajectory.name}")
    number = factory.Sequence(lambda n: f"VA-2026-{n:04}")
    starts_on = factory.LazyFunction(timezone.localdate)
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=700))
    summary = "Wij maken het plein beter."


class SealedFactory(DjangoModelFactory):
    """A sealed document in the register, without a file."""

    class Meta:
        model = Document

    kind = Document.Kind.FINAL
    answers = b"{}"
    state = Document.State.STORED
    stored_at = factory.LazyFunction(timezone.now)
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    sealed_by = "Voorbeeldstad"
    pages = 20
    size = 200_000


def complete_agenda(trajectory) -> Agenda:
    """A draft without a gap: one theme, one point, and something promised by every party of the trajectory."""
    agenda = AgendaFactory(trajectory=trajectory)
    point = PointFactory(theme=ThemeFactory(trajectory=trajectory))
    roles = chain([Commitment.Role.LEADER], repeat(Commitment.Role.CONTRIBUTOR))
    for party, role in zip(trajectory.parties.order_by("pk"), roles, strict=False):
        CommitmentFactory(point=point, party=party, role=role)
    return agenda


def as_of_schema_2(agenda: Agenda, content: dict[str, Any]) -> AgendaVersion:
    """This content as a version that was frozen when points and inbreng had no ids yet (docs/agenda-schema.md)."""
    gone = {"points": ("id", "voices", "residents", "signal", "cause", "amounts", "serves"),
            "contributions": ("id", "group", "points", "part")}  # fmt: skip
    older = {key: value for key, value in content.items() if key not in ("changed_since", "terms", "replies")} | {
        "schema": 2
    }
    for rows, names in gone.items():
        older[rows] = [{key: value for key, value in row.items() if key not in names} for row in content[rows]]
    data = canonical(older)
    return agenda.versions.create(
        number=content["version"], content=data, digest=digest(data), frozen_by=PersonFactory()
    )


SCAN = b"%PDF-1.7 een brief van de partij %%EOF"


def scanned_answer(
    round_: Round, party: Party, *, by: Person, name: str = "J. Smit", file: str = "brief.pdf", **other: Any
) -> Endorsement:
    """A yes on paper, with the scan of it."""
    given: dict[str, Any] = {
        "digest": round_.version.digest, "answer": "volledig", "reservations": [], "text": "", "name": name,
        "function": "voorzitter", "on_behalf_of": "het bestuur", "decided_on": None, "method": "op papier",
    }  # fmt: skip
    asked = round_.requests.get(party=party, is_current=True)
    return endorsing.endorse(asked, registered_by=by, scan=scans.read(file, SCAN), **given | other)


def everything_in(trajectory: Trajectory, leader: Person, word: str = "Eigen") -> None:
    """A row in every table, and a change of it in its history. Whatever people typed has this word in it."""
    gemeente = trajectory.gemeente
    party = PartyFactory(gemeente=gemeente, name=f"{word} partij")
    trajectory.participations.get_or_create(party=party)
    wijk = Wijk.objects.create(
        gemeente=gemeente, code=f"WK{gemeente.code[2:]}01", year=2025, name=f"{word} wijk",
        outline=[[[[400000, 5300000], [401000, 5300000], [401000, 5301000]]]],
    )  # fmt: skip
    trajectory.wijken.add(wijk)
    trajectory.figures.create(label=f"{word} getal", value="9", source="CBS", measured_on=timezone.localdate())
    AppointmentFactory(trajectory=trajectory, membership__is_limited=True)
    MembershipFactory(party=party, gemeente=None, role=Membership.Role.CONTACT, person__name=f"{word} mens")
    Invitation.objects.create(
        email="nieuw@voorbeeldstad.example", name=f"{word} nieuw", role="meelezer", gemeente=gemeente,
        token_hash=str(gemeente.pk), expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    phases.enter(trajectory, Step.START, by=leader)
    meeting = MeetingFactory(trajectory=trajectory, title=f"{word} avond")
    meeting.attendances.create(party=party, people=2)
    meeting.item = meeting.items.create(trajectory=trajectory, title=f"{word} agendapunt", outcome=f"{word} uitkomst")
    meeting.save()
    trajectory.items.create(title=f"{word} later")
    meeting.item.corrections.create(text=f"{word} verbetering", corrected_by=leader)
    meeting.actions.create(text=f"{word} actiepunt", party=party)
    meeting.reports.create(number=1, content=canonical(content_of(meeting, number=1, made_at=meeting.starts_at)))
    meeting.invitations.create(party=party, remark=f"{word} antwoord")
    LateContributionFactory(meeting=meeting, text=f"{word} te laat")
    gemeente.meeting_patterns.create(kind=Meeting.Kind.START, title=f"{word} start", questions=f"{word} vraag?")
    gemeente.terms.create(term=f"{word} begrip", meaning=f"{word} uitleg")
    CalendarFeed.objects.create(person=leader, token_hash=f"{leader.pk:064}")
    phone = meeting.participants.create(device=uuid.uuid4(), party=party)
    said = ContributionFactory(meeting=meeting, participant=phone, text=f"{word} woord.")
    intake.read_sheet_of(meeting, name=f"{word}.csv", data=f"inbreng\n{word} licht.\n".encode(), by=leader)
    agenda = complete_agenda(trajectory)
    trajectory.themes.update(name=f"{word} thema")
    trajectory.points.update(title=f"{word} punt")
    group = trajectory.themes.get().groups.create(trajectory=trajectory, wording=f"{word} zin")
    Placement.objects.create(trajectory=trajectory, theme=group.theme, contribution=said, group=group)
    Suggestions.objects.create(
        trajectory=trajectory, asked_by=leader, state="stored", stored_at=timezone.now(),
        content=[{"theme": None, "words": [f"{word} samen"], "said": [said.pk]}],
    )  # fmt: skip
    trajectory.points.get().amounts.create(what=f"{word} verf", amount=500, source=f"{word} budget")
    point = trajectory.points.get()
    Origin.objects.create(trajectory=trajectory, point=point, contribution=said)
    consenting.show(meeting, point)
    seen = consenting.digest_of(point)
    consenting.note(point, party=party, meeting=meeting, answer="bezwaar", words=f"{word} nee.", seen=seen, by=leader)
    report = {"state": "klaar", "text": f"{word} staat er.", "reported_by": leader}
    ProgressReport.objects.create(commitment=Commitment.objects.filter(point__trajectory=trajectory)[0], **report)
    asked = ContributionFactory(meeting=meeting, kind="verwachting", addressed_to=party, text=f"{word} wens.")
    expecting.answer(asked, kind="doen", text=f"{word} ja.", other_party=None, by=leader, is_on_behalf=True)
    version = versions.freeze(agenda, by=leader, reason="Het mag.")
    round_ = endorsing.open_round(version, deadline=agenda.ends_on, by=leader)
    scanned_answer(round_, party, by=leader, name=f"{word} tekenaar", file=f"{word} brief.pdf")
    endorsing.withdraw(version, by=leader, reason=f"{word} reden")
    agenda.summary = f"{word} nieuwe samenvatting"
    agenda.save()
    endorsing.open_round(versions.freeze(agenda, by=leader, reason="Het mag."), deadline=agenda.ends_on, by=leader)
