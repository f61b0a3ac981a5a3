"""Mutual expectations: who expects what of whom, and what the parties say to it ("wederzijdse verwachtingen")."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery

from agendas.models import ExpectationAnswer
from stakeholders.models import Party, PartyQuerySet, Person
from trajectories.models import Contribution, ContributionQuerySet, Trajectory

RESIDENTS = "bewoners"  # who spoke for no party
Kind = ExpectationAnswer.Kind


@dataclass
class Cell:
    """What one side expects of one party: how often, how often answered, and how often "dat doen wij"."""

    said_by: str
    said_by_id: int | None
    to: str
    to_id: int
    count: int = 0
    answered: int = 0
    agreed: int = 0

    def add(self, answer: str | None) -> None:
        """Counts one more expectation, with what was answered to it."""
        self.count += 1
        self.answered += answer is not None
        self.agreed += answer == Kind.DOES

    @property
    def shade(self) -> str:
        """How far it is answered: "all", "some" or "none"; "" where nothing is expected."""
        if not self.count:
            return ""
        return "all" if self.answered == self.count else "some" if self.answered else "none"


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


def matrix(trajectory: Trajectory) -> tuple[list[str], list[tuple[str, list[Cell]]]]:
    """Who expects of whom: the names of the columns (of whom), and per row (who) its name and a cell for each column.

    Only those who expect something, and those of whom something is expected; residents come first.
    """
    newest = ExpectationAnswer.objects.filter(contribution=OuterRef("pk")).order_by("-pk")
    replied = expectations_of(trajectory).annotate(reply=Subquery(newest.values("kind")[:1]))
    said = replied.values_list("said_by", "said_by__name", "addressed_to", "addressed_to__name", "reply")
    cells: dict[tuple[int | None, int], Cell] = {}
    rows: dict[int | None, str] = {}
    columns: dict[int, str] = {}
    for by, by_name, to, to_name, reply in said:
        rows[by], columns[to] = by_name or "Bewoners", to_name
        cells.setdefault((by, to), Cell(rows[by], by, to_name, to)).add(reply)
    in_columns = sorted(columns, key=lambda pk: columns[pk])
    in_rows = sorted(rows, key=lambda pk: (pk is not None, rows[pk]))
    return [columns[to] for to in in_columns], [
        (rows[by], [cells.get((by, to)) or Cell(rows[by], by, columns[to], to) for to in in_columns]) for by in in_rows
    ]


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
