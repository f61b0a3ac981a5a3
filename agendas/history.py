"""Who changed what, and when: the history of a trajectory, of a point or of the agenda, a Dutch sentence per change.

The database writes an event for every row that is made, changed or deleted (pghistory). Here those of several tables are read
as one list, newest first, in one question; what stood before is the event before it of the same row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Self, cast

from django.db import models
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format

from agendas.models import Agenda, Amount, Commitment, Consent, Group, ImprovementPoint, Origin, Placement, Theme
from stakeholders.models import Membership, Party, User
from trajectories.models import Action, Appointment, Meeting, MeetingItem, Trajectory

PAGE = 50
LONG = 160  # a text that is longer than this is folded away
START_OF_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """A kind of row whose changes are told: its noun, and its columns as a sentence names them."""

    model: type[models.Model]
    noun: str  # with {columns} of the row; those that point to another row are its name
    words: dict[str, str] = field(default_factory=dict)

    @property
    def events(self) -> Any:
        """The table in which the database writes down what happened to these rows."""
        return self.model.events.rel.related_model  # type: ignore[attr-defined]

    @cached_property
    def columns(self) -> dict[str, models.Field]:
        """The columns of an event that stand in a sentence."""
        names = {part.split("}")[0] for part in self.noun.split("{")[1:]} | set(self.words)
        return {name: self.model._meta.get_field(name) for name in sorted(names)}  # type: ignore[misc]


TOLD = [  # of what happened in one moment, the first of these is told first
    Told(Trajectory, "het traject ‘{name}’", {"name": "de naam"}),
    Told(Appointment, "{membership} bij dit traject"),
    Told(Party, "de partij {name}", {"name": "de naam", "kind": "de soort", "signatories": "hoeveel mensen tekenen"}),
    Told(
        Meeting,
        "de bijeenkomst ‘{title}’",
        {
            "title": "de titel", "kind": "de soort", "starts_at": "het begin", "place": "de plaats",
            "question": "de vraag", "residents": "het aantal bewoners", "state": "de stand", "minutes": "de duur",
            "cancelled_reason": "waarom zij niet doorgaat",
        },
    ),
    Told(MeetingItem, "het agendapunt ‘{title}’", {
        "title": "de titel", "question": "de vraag", "minutes": "de minuten", "outcome": "de uitkomst",
        "meeting": "de bijeenkomst", "position": "de volgorde",
    }),
    Told(Action, "het actiepunt ‘{text}’", {
        "text": "de tekst", "party": "de partij", "due_on": "de dag waarop het klaar moet zijn",
        "done_at": "het moment waarop het klaar was", "meeting": "de bijeenkomst",
    }),
    Told(Agenda, "de verbeteragenda", {
        "title": "de titel", "number": "het documentnummer", "starts_on": "de eerste dag", "ends_on": "de laatste dag",
        "summary": "de samenvatting", "motivation": "de aanleiding", "story": "de verhalen uit de wijk",
        "rules": "de spelregels", "follow_up": "het volgen en evalueren",
    }),
    Told(Theme, "het thema ‘{name}’", {
        "name": "de naam", "summary": "de samenvatting", "position": "de volgorde",
        "declined_because": "de reden om het niet over te nemen",
    }),
    Told(Placement, "{theme}"),
    Told(Group, "de groep ‘{wording}’", {"wording": "de zin", "theme": "het thema"}),
    Told(ImprovementPoint, "het verbeterpunt ‘{title}’", {
        "title": "de titel", "theme": "het thema", "position": "de volgorde", "why": "het waarom", "noticed_by":
        "waaraan wij het merken", "first_step": "de eerste stap", "ready_on": "de dag waarop het klaar is",
        "means": "wat ervoor nodig is", "signal": "wat mensen merken", "cause": "waar dat door komt",
        "serves": "waar het aan bijdraagt",
    }),
    Told(Amount, "het geld of de uren voor ‘{what}’ bij ‘{point}’", {
        "what": "waarvoor het is", "amount": "hoeveel het is", "unit": "of het euro of uur is", "source": "waar het vandaan komt",
    }),
    Told(Commitment, "de toezegging van {party} bij ‘{point}’", {
        "party": "de partij", "role": "de rol", "text": "de woorden", "confirmed_at": "de bevestiging door de partij",
    }),
    Told(Consent, "de notitie ‘{party}: {answer}’ bij ‘{point}’", {
        "party": "de partij", "meeting": "de bijeenkomst", "answer": "het antwoord", "words": "de woorden",
        "reply": "wat er met het bezwaar is gedaan",
    }),
    Told(Origin, "{point}"),
]  # fmt: skip
MANY: dict[type[models.Model], dict[str, str]] = {  # forty at once are one thing that somebody did
    Placement: {
        "insert": "zette {} bij het thema ‘{}’", "delete": "haalde {} uit het thema ‘{}’",
        "update": "veranderde de groep van {} bij het thema ‘{}’",
    },
    Origin: {
        "insert": "koos {} als herkomst van het verbeterpunt ‘{}’", "update": "veranderde {} van het verbeterpunt ‘{}’",
        "delete": "haalde {} weg als herkomst van het verbeterpunt ‘{}’",
    },
}  # fmt: skip
NAMES: dict[type[models.Model], str] = {  # the column by which a row that another one points to is known
    Theme: "name", ImprovementPoint: "title", Party: "name", Membership: "name", Meeting: "title",
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """Where a page of history ends, and the next one goes on: a moment, a place in TOLD, and an event."""

    at: datetime
    rank: int
    key: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From an address, or None where something else stands there."""
        parts = text.split("-")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
            return None
        at, rank, key = map(int, parts)
        return cls(START_OF_TIME + timedelta(microseconds=at), rank, key)

    def __str__(self) -> str:
        return f"{(self.at - START_OF_TIME) // timedelta(microseconds=1)}-{self.rank}-{self.key}"


@dataclass(frozen=True)
class Change:
    """One thing that somebody did: a sentence, and the texts where they are too long to stand in it."""

    at: datetime
    sentence: str
    was: str = ""
    now: str = ""

    @property
    def is_long(self) -> bool:
        return bool(self.was or self.now)

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)


@dataclass(frozen=True)
class Page:
    """Some changes, newest first, and the mark of the older ones, or None at the beginning of time."""

    changes: list[Change]
    older: Mark | None


def changes_of(thing: Trajectory | ImprovementPoint | Agenda, *, before: Mark | None = None) -> Page:
    """What was changed in a trajectory, a point with its commitments, or an agenda with its themes and points."""
    first, *rest = [_events(rank, scope, before) for rank, scope in _scopes(thing).items()]
    found = list(first.union(*rest, all=True).order_by("-at", "rank", "-key")[: PAGE + 1])
    events = [Event(*row) for row in found[:PAGE]]
    teller = Teller(events)
    last = Mark(events[-1].at, events[-1].rank, events[-1].key) if len(found) > PAGE else None
    return Page([change for event in events for change in teller.told(event)], last)


def _scopes(thing: Trajectory | ImprovementPoint | Agenda) -> dict[int, Q]:
    """Which events of which kind, by its place in TOLD."""
    if isinstance(thing, ImprovementPoint):
        scopes = {
            ImprovementPoint: Q(pgh_obj=thing.pk),
            Amount: Q(point=thing.pk),
            Commitment: Q(point=thing.pk),
            Consent: Q(point=thing.pk),
            Origin: Q(point=thing.pk),
        }
    else:
        trajectory = thing.trajectory_id if isinstance(thing, Agenda) else thing.pk
        points = ImprovementPoint.events.rel.related_model.objects.filter(trajectory=trajectory)  # type: ignore[attr-defined]
        ours = Q(trajectory=trajectory)
        scopes = {Agenda: ours, Theme: ours, ImprovementPoint: ours, Commitment: Q(point__in=points.values("id"))}
        scopes |= {Origin: ours, Amount: Q(point__in=points.values("id")), Consent: Q(point__in=points.values("id"))}
        if isinstance(thing, Trajectory):
            parties = Party.objects.filter(participations__trajectory=trajectory)
            scopes |= {Trajectory: Q(pgh_obj=trajectory), Party: Q(pgh_obj__in=parties.values("pk"))}
            scopes |= {Appointment: ours, Meeting: ours, MeetingItem: ours, Placement: ours, Group: ours}
            scopes |= {Action: Q(meeting__trajectory=trajectory)}
    return {rank: scopes[told.model] for rank, told in enumerate(TOLD) if told.model in scopes}


def _events(rank: int, scope: Q, before: Mark | None) -> QuerySet[Any, tuple]:
    """The newest events of one kind: (at, rank, key, label, user, how many, the row, the row before it)."""
    told = TOLD[rank]
    row = JSONObject(**{name: column.attname for name, column in told.columns.items()})
    events = told.events.objects.filter(scope)
    columns = {"at": F("pgh_created_at"), "rank": Value(rank), "label": F("pgh_label"), "row": row}
    columns["user"] = KeyTextTransform("user", "pgh_context__metadata")
    if told.model in MANY:
        grouped = events.annotate(**columns).values(*columns).order_by()
        events = grouped.annotate(key=Max("pgh_id"), count=Count("pk"), was=Value(None, models.JSONField()))
    else:
        earlier = told.events.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
        was = Subquery(earlier.order_by("-pgh_id").values(row=row)[:1])
        events = events.annotate(**columns, key=F("pgh_id"), count=Value(1), was=was)
    if before is not None:
        same = Q(at=before.at, key__lt=before.key) if rank == before.rank else Q(at=before.at)
        events = events.filter(Q(at__lt=before.at) | same if rank >= before.rank else Q(at__lt=before.at))
    events = events.order_by("-at", "-key")
    return events.values_list("at", "rank", "key", "label", "user", "count", "row", "was")[: PAGE + 1]


@dataclass(frozen=True)
class Event:
    """What the database wrote down: a row was made, changed or deleted in a moment, by an account."""

    at: datetime
    rank: int
    key: int
    label: str
    user: str | None
    count: int
    row: dict[str, Any]
    was: dict[str, Any] | None

    @property
    def told(self) -> Told:
        return TOLD[self.rank]


class Teller:
    """Tells events in sentences. Asks once for the names of all that they point to."""

    def __init__(self, events: list[Event]) -> None:
        pointed: dict[type[models.Model], set[int]] = defaultdict(set)
        for event in events:
            for name, column in event.told.columns.items():
                if column.related_model is not None:
                    pointed[column.related_model] |= {row[name] for row in (event.row, event.was) if row}
        self.names = {model: self._names(model, pointed[model]) for model in NAMES}
        accounts = {int(event.user) for event in events if event.user}
        self.people = dict(User.objects.filter(pk__in=accounts).values_list("pk", Coalesce("person__name", Value(""))))

    @staticmethod
    def _names(model: type[models.Model], ids: set[int]) -> dict[int, str]:
        """By their last event, for what was deleted had a name too."""
        events = model.events.rel.related_model.objects.filter(pgh_obj__in=ids)  # type: ignore[attr-defined]
        return dict(events.order_by("pgh_obj", "-pgh_id").distinct("pgh_obj").values_list("pgh_obj", NAMES[model]))

    def told(self, event: Event) -> Iterator[Change]:
        """The sentences of one event: none where only something changed that nobody reads."""
        who, thing = self._who(event), self._thing(event)
        if event.told.model in MANY:
            did = MANY[event.told.model][event.label].format(f"{event.count} keer inbreng", thing)
            yield Change(event.at, f"{who} {did}.")
        elif event.told.model is Appointment:
            verb = "wees {} aan" if event.label == "insert" else "haalde {} weg"
            name, _, rest = thing.partition(" bij ")
            yield Change(event.at, f"{who} {verb.format(name)} bij {rest}.")
        elif event.label != "update" or event.was is None:
            verb = {"insert": "maakte", "delete": "verwijderde"}.get(event.label, "veranderde")
            yield Change(event.at, f"{who} {verb} {thing}.")
        else:
            for name, words in event.told.words.items():
                was, now = (self._value(event.told, name, row[name]) for row in (event.was, event.row))
                if was != now:
                    yield self._changed(event.at, f"{who} veranderde {words} van {thing}", was, now)

    @staticmethod
    def _changed(at: datetime, sentence: str, was: str, now: str) -> Change:
        if len(was) > LONG or len(now) > LONG:
            return Change(at, f"{sentence}.", was or "(niets)", now or "(niets)")
        before = f"was ‘{was}’" if was else "was leeg"
        after = f"is nu ‘{now}’" if now else "is nu leeg"
        return Change(at, f"{sentence}: {before}, {after}.")

    def _who(self, event: Event) -> str:
        """Whom a sentence begins with. A worker, a command or a migration has no account."""
        if not event.user:
            return "Het systeem"
        name = self.people.get(int(event.user))
        return "Iemand die hier geen account meer heeft" if name is None else name or "Een beheerder"

    def _thing(self, event: Event) -> str:
        """The noun of a row, as it was called before the change."""
        row = event.was or event.row
        return event.told.noun.format_map({name: self._value(event.told, name, row[name]) for name in row})

    def _value(self, told: Told, name: str, value: Any) -> str:
        """What a column holds, as a page shows it."""
        column = told.columns[name]
        if value is None or value == "":
            return ""
        if isinstance(value, list):
            labels = dict(column.base_field.flatchoices)  # type: ignore[attr-defined]
            return ", ".join(str(labels.get(one, one)) for one in value)
        if column.related_model is not None:
            return self.names[column.related_model].get(value, "iets dat er niet meer is")
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        if isinstance(column, models.DateTimeField):
            return date_format(timezone.localtime(cast(datetime, parse_datetime(value))), "j F Y, H:i")
        if isinstance(column, models.DateField):
            return date_format(cast(date, parse_date(value)), "j F Y")
        return str(value)
