"""Mutual expectations: who expects what of whom, and what the parties say to it ("wederzijdse verwachtingen")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from agendas.models import ExpectationAnswer
from stakeholders.models import Party, PartyQuerySet, Person
from trajectories.models import Contribution, ContributionQuerySet, Meeting, Trajectory

RESIDENTS = "bewoners"  # who spoke for no party
Kind = ExpectationAnswer.Kind


@dataclass
class Tally:
    """How often something is expected, how often that is answered, and how often with "dat doen wij"."""

    count: int = field(default=0, init=False)
    answered: int = field(default=0, init=False)
    agreed: int = field(default=0, init=False)

    def add(self, answer: str | None) -> None:
        """Counts one more expectation, with what was answered to it."""
        self.count += 1
        self.answered += answer is not None
        self.agreed += answer == Kind.DOES

    @staticmethod
    def over(answers: Iterable[str | None]) -> Tally:
        """What these answers come to, None for an expectation without one."""
        tally = Tally()
        for answer in answers:
            tally.add(answer)
        return tally

    @staticmethod
    def of(tallies: Iterable[Tally]) -> Tally:
        """All of them together."""
        whole = Tally()
        for tally in tallies:
            whole.count += tally.count
            whole.answered += tally.answered
            whole.agreed += tally.agreed
        return whole

    @property
    def shade(self) -> str:
        """How far it is answered: "all", "some" or "none"; "" where nothing is expected."""
        if not self.count:
            return ""
        return "all" if self.answered == self.count else "some" if self.answered else "none"


@dataclass
class Cell(Tally):
    """What one side expects of one party."""

    said_by: str
    said_by_id: int | None
    to: str
    to_id: int


def expectations_of(trajectory: Trajectory) -> ContributionQuerySet:
    """The expectations that are addressed to a party of the list."""
    return Contribution.objects.filter(trajectory=trajectory, addressed_to__isnull=False).shown()


def waiting_in(said: ContributionQuerySet) -> ContributionQuerySet:
    """Those to which the party has not said anything yet."""
    return said.filter(~Exists(ExpectationAnswer.objects.filter(contribution=OuterRef("pk"))))


def with_waiting(parties: PartyQuerySet, trajectory: Trajectory) -> PartyQuerySet:
    """Each with `waiting`: how many expectations it has not answered yet, or None for none."""
    waiting = waiting_in(expectations_of(trajectory)).filter(addressed_to=OuterRef("pk")).order_by()
    return parties.annotate(waiting=Subquery(waiting.values("addressed_to").annotate(n=Count("pk")).values("n")))


def with_replies(said: ContributionQuerySet) -> ContributionQuerySet:
    """Each with `replied`: its answers, the newest first."""
    answers = ExpectationAnswer.objects.select_related("other_party")
    return said.select_related("said_by", "addressed_to", "meeting").prefetch_related(
        Prefetch("replies", queryset=answers, to_attr="replied")
    )


def matrix(trajectory: Trajectory, *, at: datetime | None = None) -> tuple[list[str], list[tuple[str, list[Cell]]]]:
    """Who expects of whom: the names of the columns (of whom), and per row (who) its name and a cell for each column.

    Only those who expect something, and those of whom something is expected; residents come first. The cells count how far
    it stood `at` a moment, or how far it stands now: the same table, before and after.
    """
    replies = ExpectationAnswer.objects.filter(contribution=OuterRef("pk")).order_by("-pk")
    newest = replies.filter(answered_at__lte=at) if at else replies
    replied = expectations_of(trajectory).annotate(reply=Subquery(newest.values("kind")[:1]))
    said = replied.values_list("made_at", "said_by", "said_by__name", "addressed_to", "addressed_to__name", "reply")
    cells: dict[tuple[int | None, int], Cell] = {}
    rows: dict[int | None, str] = {}
    columns: dict[int, str] = {}
    for made_at, by, by_name, to, to_name, reply in said:
        rows[by], columns[to] = by_name or "Bewoners", to_name
        cell = cells.setdefault((by, to), Cell(rows[by], by, to_name, to))
        if at is None or made_at <= at:
            cell.add(reply)
    in_columns = sorted(columns, key=lambda pk: columns[pk])
    in_rows = sorted(rows, key=lambda pk: (pk is not None, rows[pk]))
    return [columns[to] for to in in_columns], [
        (rows[by], [cells.get((by, to)) or Cell(rows[by], by, columns[to], to) for to in in_columns]) for by in in_rows
    ]


def standings(trajectory: Trajectory, moments: Iterable[datetime]) -> list[Tally]:
    """How far the expectations of all parties together stood at each of the moments: what was said and answered by then."""
    said = dict(expectations_of(trajectory).order_by().values_list("pk", "made_at"))
    replies: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    given = ExpectationAnswer.objects.filter(contribution__in=expectations_of(trajectory).order_by()).order_by("-pk")
    for pk, answered_at, kind in given.values_list("contribution", "answered_at", "kind"):
        replies[pk].append((answered_at, kind))

    def newest(pk: int, moment: datetime) -> str | None:
        return next((kind for at, kind in replies[pk] if at <= moment), None)

    return [Tally.over(newest(pk, moment) for pk, made_at in said.items() if made_at <= moment) for moment in moments]


def by_party(trajectory: Trajectory, *, at: datetime | None = None) -> dict[str, Tally]:
    """How far each party stood `at` a moment with what is expected of it, or how far it stands now; by name."""
    columns, rows = matrix(trajectory, at=at)
    return {name: Tally.of(cells[place] for _, cells in rows) for place, name in enumerate(columns)}


def moments_of(trajectory: Trajectory) -> QuerySet[Meeting]:
    """The bijeenkomsten that were held, in order: between them parties answer. A gesprek is no such moment."""
    held = trajectory.meetings.filter(
        state__in=[Meeting.State.OPENED, Meeting.State.CLOSED], starts_at__lte=timezone.now()
    )
    return held.exclude(kind=Meeting.Kind.TALK).order_by("starts_at", "pk")


def newest_answers(trajectory: Trajectory) -> QuerySet[ExpectationAnswer]:
    """What the parties say now: to each expectation that was answered the newest answer, by the key of the expectation."""
    asked = expectations_of(trajectory).order_by()
    given = ExpectationAnswer.objects.filter(contribution__in=asked).order_by("contribution_id", "-pk")
    return given.distinct("contribution_id")


def in_words(reply: ExpectationAnswer) -> str:
    """The answer as one line: "Dat doen wij: in mei komen er lampen."."""
    said = f"Daarvan weet {reply.other_party} meer" if reply.other_party else reply.get_kind_display().capitalize()
    return f"{said}: {reply.text}" if reply.text else f"{said}."


@transaction.atomic
def answer(
    said: Contribution, *, kind: str, text: str, other_party: Party | None, by: Person, is_on_behalf: bool
) -> ExpectationAnswer:
    """Notes what the party says to an expectation; an answer from before stays, as history. The same words twice stand once.

    The database refuses an answer to what is no expectation, and another party that takes no part.
    """
    Contribution.objects.select_for_update(of=("self",)).get(pk=said.pk)
    wanted = {"kind": kind, "text": text, "other_party": other_party, "is_on_behalf": is_on_behalf}
    last = said.replies.first()
    if last is not None and all(getattr(last, name) == value for name, value in wanted.items()):
        return last
    return said.replies.create(**wanted, answered_by=by)
