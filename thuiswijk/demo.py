"""Fills an empty Thuiswijk with the made-up gemeente of `example.py`, by the same verbs that the pages use.

The example tells what happened before today, so the verbs are called while Django's clock stands at the moment of the story.
Only sealing has its own, real time: a seal says when it was put, and that is when the worker of this demo puts it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import cycle

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.utils import timezone

from agendas import confirming, consenting, drafting, endorsing, expecting, tracing, versions
from agendas.models import Agenda, Commitment, Endorsement, ImprovementPoint, Placement, ProgressReport, Round, Theme
from stakeholders.models import Gemeente, Membership, Party, Person, User
from thuiswijk import example
from thuiswijk.example import EXAMPLE
from trajectories import inviting, meetings, participants, phases, planning, reporting, staffing
from trajectories.models import Contribution, Meeting, MeetingInvitation, Participant, Step, Trajectory, Wijk

PHONES = 12  # with which residents spoke, in every meeting
REPORTED = {"begonnen": "op_koers", "loopt": "op_koers", "klaar": "klaar", "vastgelopen": "geblokkeerd"}


def a_receipt() -> str:
    """The code of a deelnemer whose words are in the agenda that was sealed, or nothing in an empty demo."""
    sealed = Participant.objects.filter(contributions__themes__points__isnull=False)
    spoke = sealed.filter(meeting__trajectory__agenda__versions__round__closed_at__isnull=False).order_by("pk").first()
    return spoke.readable_code if spoke else ""


def is_filled() -> bool:
    """Whether the example stands in this database already."""
    return Gemeente.objects.filter(code=EXAMPLE.code).exists()


@transaction.atomic
def fill() -> None:
    """Makes the example: the gemeente, its people and parties, and a trajectory in every phase."""
    gemeente = Gemeente.objects.create(name=EXAMPLE.gemeente, code=EXAMPLE.code)
    gemeente.terms.create(
        term="EHBO",
        meaning="eerste hulp bij ongelukken. Wie de cursus doet, leert wat te doen bij een wond of een flauwte.",
    )
    staff = {person.key: _account(person, gemeente) for person in EXAMPLE.staff}
    User.objects.create_superuser("beheerder@voorbeeldstad.example")
    for user in User.objects.order_by("pk"):
        if user.needs_second_factor:  # its codes stand on /postvak/, as if that were everybody's phone
            TOTP.activate(user, generate_totp_secret())
    parties = {party.key: _party(party, gemeente) for party in EXAMPLE.parties}
    wijken = {
        wijk.key: Wijk.objects.create(
            gemeente=gemeente,
            code=wijk.code,
            year=wijk.year,
            name=wijk.name,
            outline=wijk.outline,
            outline_source=wijk.source,
        )
        for wijk in EXAMPLE.wijken
    }
    for told in EXAMPLE.trajectories:
        with clock(moment(told.applied, 14)):
            telling = _Telling(told, gemeente, staff[told.leader], parties, wijken)
        telling.tell()


def _account(told: example.Person, gemeente: Gemeente) -> Person:
    user = User.objects.create_user(told.email)
    person = Person.objects.create(name=told.name, function=told.function, email=told.email, user=user)
    is_adviser = told.role == Membership.Role.ADVISER
    Membership.objects.create(
        person=person,
        gemeente=gemeente,
        role=told.role,
        is_limited=is_adviser,
        name=told.name,
        function=told.function,
    )
    return person


def _party(told: example.Party, gemeente: Gemeente) -> Party:
    party = Party.objects.create(gemeente=gemeente, name=told.name, kind=told.kind)
    user = User.objects.create_user(told.email) if told.has_account else None
    contact = Person.objects.create(name=told.contact, function=told.function, email=told.email, user=user)
    Membership.objects.create(
        person=contact, party=party, role=Membership.Role.CONTACT, name=told.contact, function=told.function
    )
    return party


def day(days: int) -> date:
    """So many days from today, also while the clock stands still."""
    return datetime.now(timezone.get_default_timezone()).date() + timedelta(days=days)


def moment(days: int, hour: int, minute: int = 0) -> datetime:
    """That time of the day, so many days from today."""
    return timezone.make_aware(datetime.combine(day(days), time(hour, minute)))


@contextmanager
def clock(at: datetime) -> Iterator[None]:
    """Django's clock stands at `at`: what verbs and models note down meanwhile, happened then.

    Only for a story that is told afterwards, in a process that does nothing else. Verbs have no word for "do it in the past",
    and what they make can't be dated back later: the database refuses.
    """

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return at.astimezone(tz)

    real = vars(timezone)["datetime"]
    vars(timezone)["datetime"] = Stopped
    try:
        yield
    finally:
        vars(timezone)["datetime"] = real


class _Telling:
    """One trajectory of the example, told step by step."""

    def __init__(
        self,
        told: example.Trajectory,
        gemeente: Gemeente,
        leader: Person,
        parties: dict[str, Party],
        wijken: dict[str, Wijk],
    ) -> None:
        self.told, self.leader, self.parties = told, leader, parties
        self.trajectory = Trajectory.objects.create(gemeente=gemeente, name=told.area)
        for adviser in gemeente.memberships.filter(role=Membership.Role.ADVISER):
            staffing.appoint(self.trajectory, adviser, by=leader)
        self.trajectory.wijken.set(wijken[key] for key in told.wijken)
        shown = {wijk.key: wijk for wijk in EXAMPLE.wijken}
        for figure in (figure for key in told.wijken[:1] for figure in shown[key].figures):
            self.trajectory.figures.create(
                label=figure.label,
                value=figure.value,
                gemeente_value=figure.gemeente,
                source=figure.source,
                measured_on=figure.measured_on,
            )
        for key in told.parties:
            self.trajectory.participations.create(party=parties[key])
        self.themes: dict[str, Theme] = {}
        self.latest = moment(told.applied, 14)  # how far the story has come

    def tell(self) -> None:
        for place, theme in enumerate(self.told.themes, start=1):
            self.themes[theme.key] = Theme.objects.create(
                trajectory=self.trajectory,
                name=theme.name,
                summary=theme.summary,
                position=place,
                declined_because=theme.declined,
            )
        for meeting in self.told.meetings:
            self._meeting(meeting)
        self._upcoming()
        if self.told.agenda:
            agenda = self._agenda(self.told.agenda)
            for meeting in self.told.meetings:
                self._room(meeting, self.told.agenda)
            if self.told.round:
                self._round(agenda, self.told.agenda, self.told.round)
        with clock(self.latest):
            phases.enter(self.trajectory, Step(self.told.phase), by=self.leader)

    def _meeting(self, told: example.Meeting) -> None:
        meeting = Meeting.objects.create(
            trajectory=self.trajectory,
            kind=told.kind,
            title=told.title,
            place=told.place,
            question=told.question,
            starts_at=moment(told.days, 19, 30),
            residents=told.residents,
            state=Meeting.State.OPENED,
        )
        for key, people in told.attendance.items():
            meeting.attendances.create(party=self.parties[key], people=people)
        phones = [participants.join(meeting, device=uuid.uuid4()) for _ in range(PHONES)]
        said = Contribution.objects.bulk_create(
            Contribution(
                trajectory=self.trajectory,
                meeting=meeting,
                text=one.text,
                kind=one.kind,
                said_by=self.parties[one.said_by] if one.said_by else None,
                addressed_to=self.parties[one.addressed_to] if one.addressed_to else None,
                question=told.question,
                participant=None if one.said_by else phones[place % (PHONES - 1)],  # with the last one nothing was said
                made_at=meeting.starts_at + timedelta(seconds=50 * place),
            )
            for place, one in enumerate(told.contributions, start=10)
        )
        self.latest = moment(told.days + 1, 10)
        Placement.objects.bulk_create(
            Placement(
                trajectory=self.trajectory,
                theme=self.themes[one.theme],
                contribution=row,
                placed_at=self.latest,
                placed_by=self.leader,
            )
            for row, one in zip(said, told.contributions, strict=True)
            if one.theme
        )
        if not told.consents:
            self._outcomes(meeting, told)

    def _room(self, told: example.Meeting, agenda: example.Agenda) -> None:
        """What the parties in a werkbijeenkomst said of the points, which the story only knows later; then it is closed."""
        if not told.consents:
            return
        meeting = self.trajectory.meetings.get(title=told.title)
        titles = {point.key: point.title for point in agenda.points}
        for place, one in enumerate(told.consents, start=10):
            point = self.trajectory.points.get(title=titles[one.point])
            with clock(meeting.starts_at + timedelta(minutes=4 * place)):
                consenting.show(meeting, point)
                consent = consenting.note(
                    point,
                    party=self.parties[one.party],
                    meeting=meeting,
                    answer=one.answer,
                    words=one.words,
                    seen=consenting.digest_of(point),
                    by=self.leader,
                )
                if one.reply:
                    consenting.reply(consent, text=one.reply, by=self.leader)
        self._outcomes(meeting, told)

    def _outcomes(self, meeting: Meeting, told: example.Meeting) -> None:
        """What came out of the meeting, and its report; a meeting without an agenda is closed as those of long ago are."""
        for place, item in enumerate(told.items, start=1):
            meeting.items.create(
                trajectory=self.trajectory,
                position=place,
                title=item.title,
                minutes=item.minutes,
                question=item.question,
                outcome=item.outcome,
            )
        for one in told.actions:
            action = meeting.actions.create(
                text=one.text,
                party=self.parties[one.party] if one.party else None,
                due_on=None if one.due is None else day(one.due),
            )
            if one.done:
                reporting.finish(action, by=self.leader)
        if told.items:
            with clock(meeting.ends_at + timedelta(minutes=15)):
                meetings.change_state(meeting, Meeting.State.CLOSED, by=self.leader)
        else:
            Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.CLOSED)

    def _upcoming(self) -> None:
        rows = [
            planning.Planned(one.kind, one.title, moment(one.days, 19, 30), minutes=120, place=one.place)
            for one in self.told.upcoming
        ]
        planned: list[Meeting] = planning.plan(self.trajectory, rows)
        agendas = [(meeting, one.agenda) for meeting, one in zip(planned, self.told.upcoming, strict=True)]
        for meeting, agenda in [*agendas, (None, self.told.later)]:
            for place, item in enumerate(agenda, start=1):
                self.trajectory.items.create(
                    meeting=meeting,
                    position=place,
                    title=item.title,
                    question=item.question,
                    minutes=item.minutes,
                )
        for meeting, one in zip(planned, self.told.upcoming, strict=True):
            self._asked(meeting, one)

    def _asked(self, meeting: Meeting, told: example.Upcoming) -> None:
        """Who was invited in the week before today, and what they answered."""
        with clock(moment(told.asked, 9, 40)):
            inviting.invite(meeting, [self.parties[key] for key in told.invited], by=self.leader)
        for place, reply in enumerate(told.replies):
            invitation = meeting.invitations.get(party=self.parties[reply.party])
            answer = MeetingInvitation.Answer.COMES if reply.people else MeetingInvitation.Answer.STAYS_AWAY
            with clock(moment(told.asked + reply.after, 11 + place, 23)):
                inviting.answer(invitation, answer=answer, people=reply.people or None, remark=reply.remark)

    def _agenda(self, told: example.Agenda) -> Agenda:
        with clock(self.latest + timedelta(days=1)):
            agenda = drafting.start(self.trajectory, by=self.leader)
        self._replies(until=self.latest + timedelta(days=1))
        agenda.title = told.title
        agenda.starts_on, agenda.ends_on = day(told.term_from), day(told.term_until)
        agenda.summary, agenda.motivation, agenda.story = told.summary, told.motivation, told.story
        agenda.rules, agenda.follow_up = told.rules, told.follow_up
        agenda.save()
        for place, one in enumerate(told.points, start=1):
            point = ImprovementPoint.objects.create(
                trajectory=self.trajectory,
                theme=self.themes[one.theme],
                position=place,
                title=one.title,
                why=one.why,
                first_step=one.first_step,
                noticed_by=one.noticed_by,
                means=one.means,
                signal=one.signal,
                cause=one.cause,
                serves=list(one.serves),
                ready_on=None if one.ready is None else day(told.term_from + one.ready),
            )
            for what, amount, unit, source in one.amounts:
                point.amounts.create(what=what, amount=amount, unit=unit, source=source)
            for promise in one.commitments:
                made = point.commitments.create(party=self.parties[promise.party], role=promise.role, text=promise.text)
                contact = made.party.contact
                if contact:
                    with clock(self.latest + timedelta(days=2)):
                        confirming.confirm(made, is_able=True, text=made.text, by=contact.person)
            said = [one for one in tracing.likely(point)[:8] if one.rank > 0]  # type: ignore[attr-defined]
            tracing.choose(point, now=said, before=[])
        return agenda

    def _replies(self, *, until: datetime) -> None:
        """Most expectations were answered between the bijeenkomsten: by the party, or written down for it."""
        waiting = expecting.expectations_of(self.trajectory).select_related("addressed_to").order_by("made_at", "pk")
        for place, (said, reply) in enumerate(zip(waiting, cycle(example.REPLIES), strict=False)):
            contact = said.addressed_to.contact if said.addressed_to else None
            if reply is not None:
                with clock(min(said.made_at + timedelta(days=6 + place % 4 * 25), until)):
                    expecting.answer(
                        said,
                        kind=reply[0],
                        text=reply[1],
                        other_party=None,
                        by=contact.person if contact else self.leader,
                        is_on_behalf=contact is None,
                    )

    def _round(self, agenda: Agenda, told: example.Agenda, asked: example.Round) -> None:
        reason = told.gaps_reason or "De partijen willen beginnen. Wij vullen dit samen aan."
        with clock(moment(asked.frozen, 8, 50)):
            version = versions.freeze(agenda, by=self.leader, reason=reason)
        self.latest = moment(asked.opened, 9, 5)
        with clock(self.latest):
            round_ = endorsing.open_round(version, deadline=day(asked.deadline), by=self.leader)
        given = [
            (moment(answer.answered, 10 + place % 7, 37 * place % 60), place, answer)
            for place, answer in enumerate(asked.answers)
            if answer.answered is not None
        ]
        for at, _, answer in sorted(given):  # one after the other: each is an event in the record of the round
            with clock(at):
                self._answer(round_, answer)
        if asked.closed is not None:
            self.latest = moment(asked.closed, 17, 5)
            with clock(self.latest):
                endorsing.close_round(round_, by=self.leader, reason=asked.closed_reason)
        self._progress(told)

    def _answer(self, round_: Round, answer: example.Answer) -> None:
        asked = round_.requests.select_related("person").get(party=self.parties[answer.party])
        address = asked.person.email if asked.person else ""
        endorsing.endorse(
            asked,
            method=Endorsement.Method.CODE if address else Endorsement.Method.LINK,
            code_sent_to=address,
            digest=round_.version.digest,
            answer=answer.answer,
            reservations=[{"point": number, "text": text} for number, text in answer.reservations.items()],
            text=answer.text,
            name=answer.name,
            function=answer.function,
            on_behalf_of=answer.on_behalf_of,
            mandate="functie" if answer.decided is None else "besluit",
            decided_on=None if answer.decided is None else day(answer.decided),
        )

    def _progress(self, told: example.Agenda) -> None:
        numbers = {point.key: point.title for point in told.points}
        for report in self.told.progress:
            ProgressReport.objects.create(
                commitment=Commitment.objects.filter(
                    point__trajectory=self.trajectory,
                    point__title=numbers[report.point],
                    party=self.parties[report.party],
                ).earliest("pk"),
                state=REPORTED[report.state],
                text=report.text,
                reported_at=moment(report.days, 19, 30),
                reported_by=self.leader,
            )
