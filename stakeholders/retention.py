"""docs/retention.yaml, read: which personal data there is, how long it stays, and what becomes of it when a person is erased.

The file names tables of every app; here they are looked up in the registry, so that the app that knows who people are can
keep the terms of apps that it does not know.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, reduce
from operator import or_
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Lower

from stakeholders.models import Gemeente, Person, User
from thuiswijk.lib.wall import keys_up

GROUNDS = {
    "c": "wettelijke plicht (AVG artikel 6, lid 1, onder c)",
    "e": "publieke taak (AVG artikel 6, lid 1, onder e)",
}
GONE = "gewist"  # what stands where a name may not be empty


@dataclass(frozen=True)
class Rule:
    """What holds for some columns: why they are kept, how long, and what erasing a person does to them."""

    what: str
    purpose: str
    ground: str
    term: str
    columns: dict[str, list[str]]
    erase: str
    because: str = ""
    days: int | None = None
    since: list[str] = field(default_factory=list)
    found_by: dict[str, str] = field(default_factory=dict)
    secret: bool = False

    def __post_init__(self) -> None:
        assert self.ground in GROUNDS, self
        assert self.erase in ("delete", "blank") or (self.erase == "keep" and self.because), self
        assert not self.since or self.days is not None, self

    @property
    def ground_in_words(self) -> str:
        return GROUNDS[self.ground]

    @property
    def tables(self) -> Iterator[tuple[type[models.Model], list[models.Field]]]:
        """The models of this rule, with its columns of each."""
        for label, names in self.columns.items():
            model = apps.get_model(label)
            yield model, [model._meta.get_field(name) for name in names]

    def rows_of(
        self, subject: Subject, *, among: Collection[int] | None = None
    ) -> Iterator[tuple[type[models.Model], list[models.Field], QuerySet]]:
        """Per table the rows that are about this person; `among` some gemeenten only those that are theirs."""
        for model, columns in self.tables:
            whose = subject.whose(model, columns, self.found_by.get(model._meta.label, ""))
            if whose is not None and among is None:
                yield model, columns, model._default_manager.filter(whose)
            elif whose is not None and ways_to_gemeente(model):
                yield model, columns, model._default_manager.filter(whose).filter(is_of(model, among or []))

    def past_term(self, now: datetime) -> Iterator[QuerySet]:
        """Per table the rows whose term is over. None where a term is no number of days since a column."""
        if self.since:
            first = Coalesce(*self.since) if len(self.since) > 1 else models.F(self.since[0])
            for model, _ in self.tables:
                over = now - timedelta(days=self.days or 0)
                yield model._default_manager.annotate(counts_from=first).filter(counts_from__lt=over)


@cache
def ways_to_gemeente(model: type[models.Model]) -> tuple[str, ...]:
    """How a row leads to the gemeente that it belongs to: by its own keys, as the wall between gemeenten goes.

    None where it belongs to no gemeente: a person and an account, and what is known of those, are of nobody else.
    """
    return tuple(
        way
        for key in keys_up(model, lambda parent: _leads_to_gemeente(parent, model))
        for way in (
            [key.name]
            if key.related_model is Gemeente
            else [f"{key.name}__{way}" for way in ways_to_gemeente(key.related_model)]
        )
    )


def _leads_to_gemeente(parent: type[models.Model], model: type[models.Model]) -> bool:
    return parent is Gemeente or (parent not in (Person, User, model) and bool(ways_to_gemeente(parent)))


def is_of(model: type[models.Model], gemeenten: Collection[int]) -> Q:
    """What holds of the rows that belong to one of these gemeenten."""
    return reduce(or_, [Q(**{f"{way}__in": gemeenten}) for way in ways_to_gemeente(model)])


@dataclass(frozen=True)
class Subject:
    """A person as the tables know them: by number, by account, by any address they had, by the sessions they have.

    An address that they had and that is somebody else's by now says nothing of whose a row is.
    """

    person: int
    account: int | None
    addresses: frozenset[str]
    sessions: frozenset[str]

    @classmethod
    def of(cls, person: Person) -> Subject:
        now = {person.email.lower(), person.user.email.lower() if person.user else ""}
        events = apps.get_model("stakeholders.PersonEvent")._default_manager.filter(pgh_obj=person.pk)
        before = {email.lower() for email in events.values_list("email", flat=True)} - now
        others = [Person.objects.exclude(pk=person.pk), User.objects.exclude(pk=person.user_id or 0)]
        taken = {
            address
            for rows in others
            for address in rows.annotate(address=Lower("email"))
            .filter(address__in=before)
            .values_list("address", flat=True)
        }
        sessions = apps.get_model("usersessions.UserSession")._default_manager.filter(user=person.user_id)
        return cls(
            person.pk,
            person.user_id,
            frozenset((now | (before - taken)) - {""}),
            frozenset(sessions.values_list("session_key", flat=True)) if person.user_id else frozenset(),
        )

    def whose(self, model: type[models.Model], columns: list[models.Field], path: str) -> Q | None:
        """What holds of this person's rows, by these columns; None where nothing in the row says whose it is."""
        if model in (Person, User):
            return Q(pk=self.person if model is Person else self.account)
        is_of_account = any(
            column.related_model is User for column in columns
        )  # an old address may be another's by now
        ways = [Q(**{path: self.person})] if path else []
        if hasattr(model, "about"):  # a model whose rows tell of people within a text says itself whose they are
            ways.append(model.about(self.person, self.addresses))
        for column in columns:
            if column.related_model is Person:
                ways.append(Q(**{column.name: self.person}))
            elif column.related_model is User:
                ways.append(Q(**{column.name: self.account}) if self.account else Q(pk__in=[]))
            elif isinstance(column, models.EmailField) and not is_of_account:
                ways += [Q(**{f"{column.name}__iexact": address}) for address in sorted(self.addresses)]
            elif column.name == "session_key":
                ways.append(Q(session_key__in=self.sessions))
        return reduce(or_, ways) if ways else None


@cache
def rules() -> dict[str, Rule]:
    """Every rule, by its name in the file."""
    text = (Path(settings.BASE_DIR) / "docs" / "retention.yaml").read_text()
    read: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return {name: Rule(**rule) for name, rule in read.items()}
