"""What a person may ask of us: what we hold of them, and to be erased. And the terms, kept every day.

What is said where, and what becomes of it, is docs/retention.yaml (`retention`); this module carries it out. Erasing reaches
the history, which no request may touch: a request ends the roles and orders the rest, and a worker carries that out.

`among` are the gemeenten for which somebody asks: only what is theirs is shown and erased. None is all there is of a person,
also the account: that is for a beheerder, and for the person.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pgtrigger
import psycopg
import structlog
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from stakeholders.models import Erasure, Membership, Person, User
from stakeholders.retention import GONE, Rule, Subject, is_of, rules, ways_to_gemeente
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.wake import wake

log = structlog.get_logger(__name__)
LEADER_STAYS = (
    "thuiswijk_a_leader_stays"  # the function in the database that keeps a projectleider with every trajectory
)


# --- what we hold -------------------------------------------------------------------------------------------------------
def held(person: Person, *, among: Collection[int] | None) -> list[tuple[Rule, int]]:
    """Which rules hold something of this person, and how many rows of each."""
    subject = Subject.of(person)
    counted = [
        (rule, sum(rows.count() for *_, rows in rule.rows_of(subject, among=among))) for rule in rules().values()
    ]
    return [(rule, count) for rule, count in counted if count]


def name_of(person: Person, *, among: Collection[int] | None) -> str:
    """The name by which these gemeenten know the person; another one's words are not theirs to see."""
    role = None if among is None else person.memberships.filter(is_of(Membership, among)).order_by("pk").first()
    return role.name if role else person.name


def everything_of(person: Person, *, among: Collection[int] | None) -> dict[str, Any]:
    """All that we hold of a person, with why and how long, as something that becomes JSON. Keys are Dutch: people read it."""
    subject = Subject.of(person)
    return {
        "persoon": name_of(person, among=among),
        "e-mailadres": person.email,
        "gemaakt_op": timezone.now(),
        "gegevens": [told for rule in rules().values() if (told := _told(rule, subject, among))["rijen"]],
        "niet_op_naam": [
            {"wat": rule.what, "waarom": rule.because}
            for rule in rules().values()
            if rule.erase == "keep" and not any(rule.rows_of(subject))
        ],
    }


def _told(rule: Rule, subject: Subject, among: Collection[int] | None) -> dict[str, Any]:
    return {
        "wat": rule.what,
        "waarvoor": rule.purpose,
        "grondslag": rule.ground_in_words,
        "hoe_lang": rule.term,
        "rijen": [
            {"soort": _kind(model)} | ({} if rule.secret else _columns(row, columns))
            for model, columns, rows in rule.rows_of(subject, among=among)
            for row in rows.order_by("pk")
        ],
    }


def _kind(model: Any) -> str:
    return (
        f"{model.pgh_tracked_model._meta.verbose_name} (eerder)"
        if _is_history(model)
        else str(model._meta.verbose_name)
    )


def _columns(row: models.Model, columns: list[models.Field]) -> dict[str, Any]:
    """The columns of the rule, and when it was; bytes only as their number."""
    moments = [one for one in row._meta.concrete_fields if isinstance(one, models.DateTimeField)]
    values = {str(column.verbose_name): column.value_from_object(row) for column in [*columns, *moments]}
    return {
        name: f"{len(value)} bytes" if isinstance(value, memoryview | bytes) else value
        for name, value in values.items()
    }


# --- erasing ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask_erasure(person: Person, *, by: Person | None, among: Collection[int] | None) -> list[Erasure]:
    """Ends the roles at once, and orders the rest: one order per gemeente, or one for the whole person.

    The whole person can't sign in any more from this moment. Raises Refused where a trajectory needs them.
    """
    roles = person.memberships.all() if among is None else person.memberships.filter(is_of(Membership, among))
    places = roles.order_by().values_list(Coalesce("gemeente", "party__gemeente"), flat=True).distinct()
    concerned = [None] if among is None else sorted(places)
    _end(roles)
    if among is None and person.user is not None:
        _close(person.user)
    asked_by = by if by != person else None
    ordered = [Erasure.objects.create(person=person, gemeente_id=pk, asked_by=asked_by) for pk in concerned]
    for erasure in ordered:
        wake("stakeholders.erase", erasure.pk)
    return ordered


def _end(roles: QuerySet[Membership]) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            roles.delete()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        cause = error.__cause__
        if not (isinstance(cause, psycopg.Error) and LEADER_STAYS in (cause.diag.context or "")):
            raise
        raise Refused(
            "Deze persoon is de enige projectleider van een traject. Draag dat eerst over aan een collega."
        ) from error


def _close(account: User) -> None:
    """From here nobody comes in by this account: it is inactive, and signed out everywhere."""
    User.objects.filter(pk=account.pk).update(is_active=False)
    for session in UserSession.objects.filter(user=account):
        session.end()


def erase(erasure_id: int) -> None:
    """Carries out one order, in one transaction; twice is once. What was given since, a new role, is left as it is."""
    with transaction.atomic():
        orders = Erasure.objects.select_for_update(of=("self",), skip_locked=True)
        erasure = orders.filter(pk=erasure_id, done_at__isnull=True, person__isnull=False).first()
        if erasure is None:
            return
        person = erasure.person
        assert person is not None
        Erasure.objects.filter(pk=erasure_id).update(done_at=timezone.now())
        among = None if erasure.gemeente_id is None else [erasure.gemeente_id]
        if not person.memberships.exists() and (among is None or _is_of_nobody_else(person)):
            _erase(person)
        else:
            _erase_among(person, among)
    log.info("person_erased", person=person.pk or 0, erasure=erasure_id)


def _is_of_nobody_else(person: Person) -> bool:
    """Whether there is no account, and nothing of any gemeente but those that had this person erased."""
    asked = Erasure.objects.filter(person=person, gemeente__isnull=False).values_list("gemeente", flat=True)
    subject, forgetting = Subject.of(person), set(asked)
    return person.user_id is None and not any(
        rows.exclude(is_of(model, forgetting)).exists()
        for rule in rules().values()
        for model, _, rows in rule.rows_of(subject)
        if ways_to_gemeente(model) and model is not Erasure
    )


def sweep() -> None:
    """Wakes a worker for every erasure that waits: a wake-up can be lost, a row can't."""
    for erasure_id in Erasure.objects.filter(done_at__isnull=True).values_list("pk", flat=True)[:50]:
        wake("stakeholders.erase", erasure_id)


def _erase(person: Person) -> None:
    """Does to every row about this person what its rule says; first what stands, then the history of that."""
    subject = Subject.of(person)
    with pgtrigger.ignore(*_protected()):
        for rule in sorted(rules().values(), key=lambda rule: rule.erase != "blank"):
            for model, columns, rows in rule.rows_of(subject):
                if rule.erase != "keep":
                    _forget_in_log(rows)
                if rule.erase == "blank":
                    rows.update(**{column.name: _blank(column) for column in columns})
                elif rule.erase == "delete" and not _is_history(model):
                    rows.delete()
        _remove_where_nothing_points(person)
        for rule in rules().values():
            for model, _, rows in rule.rows_of(subject):
                if rule.erase == "delete" and _is_history(model):
                    rows.delete()


def _erase_among(person: Person, among: Collection[int] | None) -> None:
    """Forgets what these gemeenten know of somebody who stays known, but for the roles that stand and the history of those."""
    subject, standing = Subject.of(person), person.memberships.values("pk")
    with pgtrigger.ignore(*_protected()):
        for rule in rules().values():
            for model, columns, rows in rule.rows_of(subject, among=among):
                if model is Membership or rule.erase == "keep":
                    continue
                if getattr(model, "pgh_tracked_model", None) is Membership:
                    rows = rows.exclude(pgh_obj__in=standing)
                elif among is None:
                    continue
                _forget_in_log(rows)
                if rule.erase == "blank":
                    rows.update(**{column.name: _blank(column) for column in columns})
                else:
                    rows.delete()


def _remove_where_nothing_points(person: Person) -> None:
    """A person without a name whom nothing names any more is nobody."""
    if not _has_record(person):
        Person.objects.filter(pk=person.pk).delete()


def _has_record(person: Person) -> bool:
    """Whether a row that stays names this person."""
    for relation in person._meta.get_fields(include_hidden=True):
        is_kept = isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.PROTECT
        if is_kept and relation.related_model._base_manager.filter(**{relation.field.name: person.pk}).exists():  # type: ignore[union-attr]
            return True
    return False


def _blank(column: models.Field) -> Any:
    if column.null:
        return None
    return "" if column.blank else GONE


def _is_history(model: Any) -> bool:
    return hasattr(model, "pgh_tracked_model")


def _protected() -> list[str]:
    """The triggers that keep rows from being deleted, of the tables in which a rule deletes."""
    emptied = {model for rule in rules().values() if rule.erase == "delete" or rule.since for model, _ in rule.tables}
    found = [(model, trigger) for model, trigger in pgtrigger.registered() if model in emptied]
    return [trigger.get_uri(model) for model, trigger in found if isinstance(trigger, pgtrigger.Protect)]


def _forget_in_log(rows: QuerySet) -> None:
    """The admin's own log names what it changed; also what is gone by now, which the history knows."""
    tracked = getattr(rows.model, "pgh_tracked_model", None)
    about = [str(pk) for pk in rows.values_list("pgh_obj" if tracked else "pk", flat=True)]
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(tracked or rows.model), object_id__in=about
    ).delete()


# --- the terms ----------------------------------------------------------------------------------------------------------
def expire() -> dict[str, int]:
    """Deletes every row whose term is over, and the people whom nothing holds any more. Answers how many, per table."""
    now = timezone.now()
    gone: dict[str, int] = {}
    for rule in rules().values():
        for rows in rule.past_term(now):
            with transaction.atomic(), pgtrigger.ignore(*_protected()):
                gone[rows.model._meta.label] = rows.delete()[0]
    gone["stakeholders.Person"] = forget_leavers()
    log.info("terms_kept", **{label.replace(".", "_").lower(): count for label, count in gone.items() if count})
    return gone


def leavers() -> QuerySet[Person]:
    """Who has had no role, has not signed in and was not changed for as long as people are kept.

    Of whom the history knows nothing nobody can tell since when that is: they stay.
    """
    over = timezone.now() - timedelta(days=rules()["people"].days or 0)
    events = {
        label: apps.get_model(f"stakeholders.{label}Event")._default_manager for label in ("Person", "Membership")
    }
    known, last_role = (
        models.Subquery(
            manager.filter(**{key: models.OuterRef("pk")})
            .order_by()
            .values(key)
            .annotate(at=Max("pgh_created_at"))
            .values("at")
        )
        for manager, key in ((events["Person"], "pgh_obj"), (events["Membership"], "person"))
    )
    people = Person.objects.filter(memberships__isnull=True).exclude(user__is_staff=True).annotate(known=known)
    last = Greatest("known", last_role, "user__last_login", "user__date_joined")
    return people.annotate(last=last).filter(known__isnull=False, last__lt=over)


def forget_leavers() -> int:
    """Erases who left; of who is named by a record only the account goes, for the record says who did it. Answers how many."""
    count = 0
    for person in leavers().select_related("user"):
        with transaction.atomic(), pgtrigger.ignore(*_protected()):
            if not _has_record(person):
                _erase(person)
                count += 1
            elif person.user:
                User.objects.filter(pk=person.user.pk).delete()
    return count
