"""The last steps on the board of themes: who moved what, and taking one back.

A step is everything that one request did to placements, as the database wrote it down (pghistory). Taking it back is a step too,
so nothing is ever lost from the history, and it can be taken back in its turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from agendas import theming
from agendas.models import Group, Placement, Theme
from stakeholders.models import Person, User
from trajectories.models import Trajectory

Event: Any = Placement.events.rel.related_model  # type: ignore[attr-defined]
ThemeEvent: Any = Theme.events.rel.related_model  # type: ignore[attr-defined]
GroupEvent: Any = Group.events.rel.related_model  # type: ignore[attr-defined]
KEPT = ("trajectory_id", "theme_id", "contribution_id", "group_id", "start", "stop")  # what comes back of a placement


@dataclass(frozen=True)
class BoardStep:
    """One step: who did what and when, and whether there is still something to take back. Its key is its last event."""

    key: int
    at: datetime
    who: str
    did: str
    is_open: bool


def mark_of(trajectory: Trajectory) -> str:
    """Another one after every step on this board, after every change of a theme, and as suggestions come."""
    last = [
        table.objects.filter(trajectory=trajectory).aggregate(last=Max("pgh_id"))["last"]
        for table in (Event, ThemeEvent)
    ]
    suggested = trajectory.suggestions.values_list("pk", "state").first() or ()
    return "-".join(str(part or 0) for part in (*last, *suggested))


def steps_of(trajectory: Trajectory, *, most: int = 5) -> list[BoardStep]:
    """The last steps on the board, newest first."""
    events = Event.objects.filter(trajectory=trajectory, pgh_context__isnull=False)
    newest = events.values("pgh_context").annotate(last=Max("pgh_id")).order_by("-last")[:most]
    last = {row["pgh_context"]: row["last"] for row in newest}
    told = (
        events.filter(pgh_context__in=last)
        .values("pgh_context", "pgh_label", "theme", "group", user=KeyTextTransform("user", "pgh_context__metadata"))
        .annotate(
            at=Max("pgh_created_at"),
            count=Count("contribution", distinct=True),
            parts=Count("contribution", distinct=True, filter=Q(start__isnull=False)),
            open=Count("pk", filter=~Exists(_later())),
        )
        .order_by()
    )
    rows: dict[UUID, list[dict[str, Any]]] = {key: [] for key in last}
    for row in told:
        rows[row["pgh_context"]].append(row)
    names = _names(ThemeEvent, "name", {row["theme"] for row in told})
    wordings = _names(GroupEvent, "wording", {row["group"] for row in told if row["group"]})
    people = _people({int(row["user"]) for row in told if row["user"]})
    return [
        BoardStep(
            key=last[step],
            at=did[0]["at"],
            who=people.get(int(did[0]["user"] or 0), "Het systeem"),
            did=_told(did, names, wordings),
            is_open=any(row["open"] for row in did),
        )
        for step, did in rows.items()
    ]


def _later() -> QuerySet[Any]:
    """What happened to the same inbreng in a later step."""
    later = Event.objects.filter(contribution=OuterRef("contribution"), pgh_id__gt=OuterRef("pgh_id"))
    return later.exclude(pgh_context=OuterRef("pgh_context"))


def _names(events: Any, name: str, of: Iterable[int]) -> dict[int, str]:
    """By their last event, for what was removed had a name too."""
    known = events.objects.filter(pgh_obj__in=set(of))
    return dict(known.order_by("pgh_obj", "-pgh_id").distinct("pgh_obj").values_list("pgh_obj", name))


def _people(accounts: Iterable[int]) -> dict[int, str]:
    return dict(User.objects.filter(pk__in=set(accounts)).values_list("pk", Coalesce("person__name", Value("Iemand"))))


def _told(rows: list[dict[str, Any]], names: dict[int, str], wordings: dict[int, str]) -> str:
    """What a step did, as half a sentence: `zette 3 keer inbreng van ‘Groen’ naar ‘Wonen’`."""
    did: dict[str, Counter[str]] = {"insert": Counter(), "delete": Counter(), "update": Counter()}
    for row in rows:
        name = wordings.get(row["group"], "") if row["pgh_label"] == "update" else names[row["theme"]]
        did[row["pgh_label"]][name] += row["count"]
    into, out_of, grouped = did.values()
    both = sorted(into.keys() & out_of.keys())
    if both:  # it was cut there, or put together
        is_cut = any(row["parts"] for row in rows if row["pgh_label"] == "insert")
        went = sorted(into.keys() ^ out_of.keys())
        if is_cut and went:
            return (
                f"zette een deel van inbreng van {_listed(both)} naar {_listed(went)}"
                if into.keys() - out_of.keys()
                else f"haalde een deel van inbreng uit {_listed(both)}"
            )
        most = max(into.values())  # under two themes it is one inbreng still
        said = "een inbreng" if most == 1 else f"{most} keer inbreng"
        how = f"splitste {said} in delen" if is_cut else f"maakte {said} weer één geheel"
        return f"{how} bij {_listed(both)}"
    is_part = all(row["parts"] == row["count"] for row in rows)
    if into and out_of:
        return f"zette {_said(into, is_part)} van {_listed(out_of)} naar {_listed(into)}"
    if into:
        return f"zette {_said(into, is_part)} bij {_listed(into)}"
    if out_of:
        return f"haalde {_said(out_of, is_part)} uit {_listed(out_of)}"
    loose = grouped.pop("", 0)
    return (
        f"zette {_said(grouped)} in de groep {_listed(grouped)}"
        if grouped
        else f"haalde {loose} keer inbreng uit een groep"
    )


def _said(counts: Counter[str], is_part: bool = False) -> str:
    if is_part:
        return "een deel van een inbreng" if counts.total() == 1 else f"{counts.total()} delen van inbreng"
    return f"{counts.total()} keer inbreng"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"‘{name}’" for name in sorted(names))


@transaction.atomic
def undo(trajectory: Trajectory, key: int, *, by: Person) -> tuple[int, int]:
    """Takes back the step with this event: answers how many times inbreng went back, and how many stay where they are.

    Those stay that were moved since, and those whose theme is gone. A step that was taken back already has nothing left:
    twice is once.
    """
    theming.hold(trajectory)
    known = Event.objects.filter(pk=key, trajectory=trajectory, pgh_context__isnull=False)
    step = Event.objects.filter(trajectory=trajectory, pgh_context__in=known.values("pgh_context"))
    homeless = step.filter(pgh_label="delete").exclude(theme__in=trajectory.themes.all())
    mine = step.filter(~Exists(_later())).exclude(contribution__in=homeless.values("contribution"))
    new = dict(mine.filter(pgh_label="insert").values_list("pgh_obj", "contribution"))
    back = list(mine.filter(pgh_label="delete").values(*KEPT))
    Placement.objects.filter(pk__in=new).delete()
    Placement.objects.bulk_create([Placement(**row, placed_by=by) for row in back], ignore_conflicts=True)
    went = set(new.values()) | {row["contribution_id"] for row in back} | _regroup(trajectory, mine)
    return len(went), len(set(step.values_list("contribution", flat=True)) - went)


def _regroup(trajectory: Trajectory, mine: QuerySet[Any]) -> set[int]:
    """Puts what a step grouped, or took out of a group, back in the group in which it was. Answers which contributions."""
    before = Event.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id")).order_by("-pgh_id")
    first = mine.filter(pgh_label="update").order_by("pgh_obj", "pgh_id").distinct("pgh_obj")
    went = set()
    for placement, contribution, group in first.annotate(was=Subquery(before.values("group")[:1])).values_list(
        "pgh_obj", "contribution", "was"
    ):
        Placement.objects.filter(pk=placement, trajectory=trajectory).update(group=group)
        went.add(contribution)
    return went
