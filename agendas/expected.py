"""What people expect of each other, as the document shows it: from the frozen content alone (docs/agenda-schema.md).

On the screens of a trajectory, where it still changes, agendas.expecting shows the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from agendas.expecting import Cell, Kind, Tally
from trajectories.models import Meeting

WIDE = 12  # columns that fit beside each other on paper; more of them go under each other
HEAD = 34  # percent of the width for the first column


@dataclass(frozen=True)
class Matrix:
    """Some of the columns: `columns` are the numbers and names of parties; `rows` have a number, a name and a cell for each."""

    columns: list[tuple[int, str]]
    rows: list[tuple[int | None, str, list[Cell]]]

    @property
    def widths(self) -> list[int]:
        """The width of every column in percents: the same for all but the first."""
        each = (100 - HEAD) // max(len(self.columns), 6)
        return [HEAD, *[each] * len(self.columns)]


def chapter(
    agenda: dict[str, Any], names: dict[int, str], source: Callable[[dict[str, Any]], str]
) -> dict[str, Any] | None:
    """How far it stood at each bijeenkomst and now, the tally, the matrices and the list per party.

    None where nobody expects anything, and before schema 6.
    names: of the parties, in their order. source: says of a contribution whose words they are and where they were said.
    """
    if "replies" not in agenda:
        return None
    replies = {reply["contribution"]: reply for reply in agenda["replies"]}
    said = {one["id"]: one for one in agenda["contributions"] if one["addressed_to"] in names}  # each once
    asked = [{**one, "reply": replies.get(pk), "source": source(one)} for pk, one in sorted(said.items())]
    if not asked:
        return None
    return {
        "count": len(asked),
        "before": [
            meeting | {"held_on": date.fromisoformat(meeting["held_on"])}
            for meeting in agenda["meetings"]
            if meeting["kind"] != Meeting.Kind.TALK
            and meeting.get("expectations", {}).get("count")  # the first of schema 6 lacked it
        ],
        "now": Tally.over(one["reply"] and one["reply"]["answer"] for one in asked),
        "tally": _tally([one["reply"] for one in asked]),
        "matrices": _matrices(asked, names),
        "parties": [
            {"id": pk} | _party(name, [one for one in asked if one["addressed_to"] == pk], names)
            for pk, name in names.items()
            if any(one["addressed_to"] == pk for one in asked)
        ],
    }


def asked_of(party: int, agenda: dict[str, Any], names: dict[int, str]) -> list[dict[str, Any]]:
    """What is expected of one party, with its answers in words; `source` is who said it."""
    told = chapter(agenda, names, lambda one: names.get(one["said_by"], "bewoner"))
    return next((one["asked"] for one in told["parties"] if one["id"] == party), []) if told else []


def asked_by(party: int, agenda: dict[str, Any], names: dict[int, str]) -> list[dict[str, Any]]:
    """What one party expects of others, with the answers in words; `to` is the name of whom it is asked, in their order."""
    told = chapter(agenda, names, lambda one: names.get(one["said_by"], "bewoner"))
    parties = told["parties"] if told else []
    return [one | {"to": asked["name"]} for asked in parties for one in asked["asked"] if one["said_by"] == party]


def _tally(replies: list[dict[str, Any] | None]) -> list[tuple[str, int]]:
    """How often each answer was given, and how often none."""
    given = [reply and reply["answer"] for reply in replies]
    told = {Kind.DOES: "dat doen wij", Kind.CANNOT: "dat kunnen wij niet", Kind.OTHER: "een ander weet meer"}
    return [*((label, given.count(kind)) for kind, label in told.items()), ("nog geen antwoord", given.count(None))]


def _matrices(asked: list[dict[str, Any]], names: dict[int, str]) -> list[Matrix]:
    """Who expects of whom. Every column has a row as well, so that its number is explained there."""
    involved = {pk for one in asked for pk in (one["said_by"], one["addressed_to"])}
    number_of = {pk: number for number, pk in enumerate((pk for pk in names if pk in involved), start=1)}
    rows = [*([None] if None in involved else []), *number_of]
    cells = {(by, to): Cell("", by, names[to], to) for by in rows for to in number_of}
    for one in asked:
        cells[one["said_by"], one["addressed_to"]].add(one["reply"] and one["reply"]["answer"])
    of_whom = [pk for pk in number_of if any(cells[by, pk].count for by in rows)]
    tables = -(-len(of_whom) // WIDE)
    return [
        Matrix(
            [(number_of[to], names[to]) for to in columns],
            [
                (by and number_of[by], names[by] if by else "Bewoners", [cells[by, to] for to in columns])
                for by in rows
                if by in columns or any(cells[by, to].count for to in columns)
            ],
        )
        for columns in (_share(of_whom, tables, place) for place in range(tables))
    ]


def _share(of_whom: list[int], tables: int, place: int) -> list[int]:
    """About as many columns for each table, in order."""
    return of_whom[len(of_whom) * place // tables : len(of_whom) * (place + 1) // tables]


def _party(name: str, asked: list[dict[str, Any]], names: dict[int, str]) -> dict[str, Any]:
    """What is expected of one party, the residents first, with its answers in words."""
    in_order = sorted(asked, key=lambda one: one["said_by"] is not None)
    return {
        "name": name,
        "answered": sum(one["reply"] is not None for one in asked),
        "asked": [one | _in_words(one["reply"], names) for one in in_order],
    }


def _in_words(reply: dict[str, Any] | None, names: dict[int, str]) -> dict[str, Any]:
    """The answer as the document says it: “Daarvan weet De Linde meer” and the words beside it."""
    if reply is None:
        return {"says": "", "why": "", "on_behalf": False}
    other = names.get(reply["other_party"], "een andere partij")
    says = f"Daarvan weet {other} meer" if reply["answer"] == Kind.OTHER else Kind(reply["answer"]).label.capitalize()
    return {"says": says, "why": reply["text"], "on_behalf": reply["on_behalf"]}
