"""docs/retention.yaml names every column that may hold personal data, and what it says of terms is carried out."""

from __future__ import annotations

import uuid
from datetime import timedelta
from importlib import import_module

import pgtrigger
import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.test.utils import isolate_apps
from django.utils import timezone

from agendas import versions
from stakeholders import privacy, retention
from stakeholders.models import AccountEvent, Download, Invitation, Mail, Person, User
from tests.factories import (
    AppointmentFactory,
    MeetingFactory,
    MembershipFactory,
    PersonFactory,
    TrajectoryFactory,
    complete_agenda,
)
from thuiswijk import settings as house
from trajectories import intake
from trajectories.models import SentForm, SheetImport

# Text and days that are no personal data, whoever fills them in. A new column stands here, or in docs/retention.yaml.
NOT_PERSONAL = {
    "agendas.Agenda": {"number", "starts_on", "ends_on"},
    "agendas.AgendaEvent": {"number", "starts_on", "ends_on"},
    "agendas.AgendaVersion": {"digest"},
    "agendas.Consent": {"digest"},
    "agendas.ConsentEvent": {"digest"},
    "agendas.Document": {"step", "error", "sha256", "sealed_by", "signed_at", "timestamped_by", "seal_level"},
    "agendas.Endorsement": {"digest", "decided_on", "given_on"},
    "agendas.EndorsementRequest": {"token_hash", "code_hash", "code_for"},
    "agendas.ImprovementPoint": {"ready_on"},
    "agendas.ImprovementPointEvent": {"ready_on"},
    "agendas.Round": {"deadline"},
    "agendas.Scan": {"sha256"},
    "agendas.RoundEvent": {"previous", "hash"},
    "agendas.Suggestions": {"step", "error"},
    "trajectories.Figure": {"label", "value", "gemeente_value", "source", "measured_on"},
    "trajectories.Meeting": {"code"},
    "trajectories.MeetingEvent": {"code"},
    "trajectories.MeetingReport": {"step", "error", "pdf_sha256", "odt_sha256"},
    "trajectories.SheetImport": {"sha256"},
    "trajectories.Wijk": {"code", "name", "outline", "outline_source"},
    "stakeholders.Gemeente": {"name", "code"},
    "stakeholders.Invitation": {"token_hash"},
    "stakeholders.Term": {"term", "meaning"},
    "stakeholders.Mail": {"error"},
    "admin.LogEntry": {"object_id"},
    "auth.Group": {"name"},
    "auth.Permission": {"name", "codename"},
    "contenttypes.ContentType": {"app_label", "model"},
    "socialaccount.SocialAccount": {"provider"},
    "socialaccount.SocialApp": {"provider", "provider_id", "name", "client_id", "secret", "key", "settings"},
}
CAN_HOLD_A_PERSON = (
    models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField,
    models.GenericIPAddressField, models.DateField,
)  # fmt: skip


def needs_a_rule(column: models.Field) -> bool:
    """Free text, bytes, addresses, files, days and whoever it points to. Not a choice from a list, a number or a moment."""
    if column.is_relation:
        return column.related_model in (Person, User)
    is_free = isinstance(column, CAN_HOLD_A_PERSON) and not isinstance(column, models.DateTimeField)
    return is_free and not column.choices and column.name != "pgh_label"


def named() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rule in retention.rules().values():
        for label, columns in rule.columns.items():
            found[label] = found.get(label, set()) | set(columns)
    return found


def unnamed(models_: list[type[models.Model]]) -> list[str]:
    known = named()
    return [
        f"{model._meta.label}.{column.name}"
        for model in models_
        for column in model._meta.concrete_fields
        if needs_a_rule(column)
        and column.name not in known.get(model._meta.label, set()) | NOT_PERSONAL.get(model._meta.label, set())
    ]


def test_every_column_that_may_be_personal_has_a_rule():
    tables = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    assert unnamed(tables) == [], "say in docs/retention.yaml why it is kept and how long"


@isolate_apps("stakeholders")
@pytest.mark.parametrize(
    ("column", "is_asked"),
    [
        (models.CharField(max_length=9), True),
        (models.TextField(), True),
        (models.EmailField(), True),
        (models.JSONField(), True),
        (models.DateField(), True),
        (models.FileField(), True),
        (models.ForeignKey(Person, models.CASCADE, related_name="+"), True),
        (models.OneToOneField(User, models.CASCADE, related_name="+"), True),
        (models.CharField(max_length=9, choices=[("a", "A")]), False),
        (models.DateTimeField(), False),
        (models.IntegerField(), False),
    ],
    ids=lambda part: type(part).__name__,
)
def test_new_column_asks_for_a_rule(column, is_asked):
    attributes = {"__module__": __name__, "nickname": column, "Meta": type("Meta", (), {"app_label": "stakeholders"})}
    model = type("Nickname", (models.Model,), attributes)
    assert unnamed([model]) == (["stakeholders.Nickname.nickname"] if is_asked else [])


def test_every_name_in_the_file_exists():
    for rule in retention.rules().values():
        assert all(columns for _, columns in rule.tables)
        for label, path in rule.found_by.items():
            apps.get_model(label)._default_manager.filter(**{path: 1})
    for label in NOT_PERSONAL:
        assert apps.get_model(label)


def test_every_rule_says_what_why_and_how_long():
    for rule in retention.rules().values():
        for sentence in (rule.purpose, rule.term, *([rule.because] if rule.because else [])):
            assert sentence.endswith("."), sentence


# --- the terms, at both sides of their boundary -------------------------------------------------------------------------
def mail(at):
    return Mail.objects.create(to="a@voorbeeldstad.example", subject="x", made_at=at)


def invitation(at):
    here = MembershipFactory().gemeente
    role = "meelezer"
    return Invitation.objects.create(
        email="b@voorbeeldstad.example", name="B", role=role, gemeente=here, token_hash=str(at), expires_at=at
    )


def account_event(at):
    return AccountEvent.objects.create(account=PersonFactory().user, kind="ingelogd", at=at)


def download(at):
    return Download.objects.create(account=PersonFactory().user, what="x", at=at)


def confirmed_sheet(at):
    sheet = intake.read_sheet_of(MeetingFactory(), name="a.csv", data=b"inbreng\nMeer licht.\n", by=None)
    long_ago = at - timedelta(days=300)
    SheetImport.objects.filter(pk=sheet.pk).update(uploaded_at=long_ago, confirmed_at=at)
    return sheet


def sheet_that_nobody_confirmed(at):
    sheet = intake.read_sheet_of(MeetingFactory(), name="a.csv", data=b"inbreng\nMeer licht.\n", by=None)
    SheetImport.objects.filter(pk=sheet.pk).update(uploaded_at=at)
    return sheet


def session(at):
    return Session.objects.create(session_key=str(at), session_data="x", expire_date=at)


def device(at):
    model = apps.get_model("usersessions.UserSession")
    return model.objects.create(user=PersonFactory().user, ip="::1", session_key=str(at)[:40], created_at=at)


def admin_log(at):
    user = PersonFactory().user
    return LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(Person),
        object_repr="x",
        action_flag=2,
        action_time=at,
    )


def sent_form(at):
    return SentForm.objects.create(digest=str(at), led_to="/", sent_at=at)


def late(at):
    return MeetingFactory().late_contributions.create(key=uuid.uuid4(), words={"text": "Te laat."}, arrived_at=at)


def suggestions(at):
    trajectory = TrajectoryFactory()
    return trajectory.suggestions.create(asked_by=PersonFactory(), asked_at=at)


TERMS = {
    mail: 90, invitation: 30, account_event: 365, download: 365, confirmed_sheet: 30, sheet_that_nobody_confirmed: 30,
    session: 0, device: 30, admin_log: 365, sent_form: 7,
    late: 365, suggestions: 30,
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "days"), TERMS.items(), ids=lambda part: getattr(part, "__name__", part))
def test_row_goes_when_its_term_is_over_and_not_before(make, days):
    over = timezone.now() - timedelta(days=days)
    stays, goes = make(over + timedelta(minutes=5)), make(over - timedelta(minutes=5))
    privacy.expire()
    assert type(stays)._default_manager.filter(pk=stays.pk).exists()
    assert not type(goes)._default_manager.filter(pk=goes.pk).exists()


def test_every_term_in_days_is_tried_at_its_boundary():
    with_days = {model.__name__ for rule in retention.rules().values() if rule.since for model, _ in rule.tables}
    assert with_days == {
        "Mail", "Invitation", "AccountEvent", "Download", "SheetImport", "Session", "UserSession", "LogEntry", "SentForm",
            "LateContribution", "Suggestions",
    }  # fmt: skip


def test_terms_are_kept_every_day():
    (entry,) = [one for one in house.CELERY["beat_schedule"].values() if one["task"] == "stakeholders.expire"]
    assert (entry["schedule"].hour, entry["schedule"].minute) == ({3}, {30})


# --- who left -----------------------------------------------------------------------------------------------------------
def left(days: float, **columns) -> Person:
    """Somebody whose last role, sign-in and change are so many days ago."""
    at = timezone.now() - timedelta(days=days)
    user = User.objects.create_user(f"weg{days}@voorbeeldstad.example", date_joined=at - timedelta(days=900), **columns)
    person = PersonFactory(user=user, email=user.email)
    backdate(person, at)
    return person


def backdate(person: Person, at) -> None:
    event = apps.get_model("stakeholders.PersonEvent")
    original = [t for m, t in pgtrigger.registered() if m is event and t.name == "append_only"][0]
    with pgtrigger.ignore(original.get_uri(event)):
        event.objects.filter(pgh_obj=person.pk).update(pgh_created_at=at)


@pytest.mark.django_db
def test_who_left_a_year_ago_is_forgotten_and_not_before():
    stays, goes = left(364.9), left(365.1)
    privacy.expire()
    assert Person.objects.filter(pk=stays.pk).exists()
    assert not Person.objects.filter(pk=goes.pk).exists()
    assert not User.objects.filter(pk=goes.user_id).exists()
    assert not apps.get_model("stakeholders.PersonEvent").objects.filter(pgh_obj=goes.pk).exists()


@pytest.mark.django_db
def test_who_still_signs_in_is_not_forgotten():
    person = left(500, last_login=timezone.now() - timedelta(days=300))
    privacy.expire()
    assert Person.objects.filter(pk=person.pk).exists()


@pytest.mark.django_db
def test_who_has_a_role_is_not_forgotten():
    person = left(500)
    membership = MembershipFactory(person=person)
    privacy.expire()
    assert Person.objects.filter(pk=person.pk, memberships=membership).exists()


@pytest.mark.django_db
def test_beheerder_without_a_role_is_not_forgotten():
    person = left(500, is_staff=True)
    privacy.expire()
    assert User.objects.filter(pk=person.user_id).exists()


@pytest.mark.django_db
def test_who_froze_a_version_keeps_the_name_and_loses_the_account(cast):
    person = left(500)
    versions.freeze(complete_agenda(cast.trajectory), by=person)
    privacy.expire()
    assert Person.objects.get(pk=person.pk).name == person.name
    assert Person.objects.get(pk=person.pk).user is None
    assert not User.objects.filter(pk=person.user_id).exists()


def without_a_history(model, row) -> None:
    """As a row stands that was made before its history began."""
    event = apps.get_model(f"{model._meta.label}Event")
    protected = [t.get_uri(m) for m, t in pgtrigger.registered() if m is event and t.name == "append_only"]
    with pgtrigger.ignore(*protected):
        assert event.objects.filter(pgh_obj=row.pk).delete()[0]


@pytest.mark.django_db
def test_who_was_there_before_the_history_counts_from_the_upgrade():
    contact, member, user = PersonFactory(user=None), MembershipFactory(), left(500)
    appointment = AppointmentFactory()
    for model, row in ((Person, contact), (Person, user), (type(member), member), (type(appointment), appointment)):
        without_a_history(model, row)
    privacy.expire()
    assert Person.objects.filter(pk__in=[contact.pk, user.pk]).count() == 2
    for app, name in (("stakeholders", "0005"), ("trajectories", "0009")):
        migration = import_module(f"{app}.migrations.{name}_who_was_there_already")
        for _ in range(2):
            with connection.schema_editor() as editor:
                migration.begin(apps, editor)
    for row in (contact, member, appointment):
        (event,) = apps.get_model(f"{row._meta.label}Event").objects.filter(pgh_obj=row.pk)
        assert event.pgh_label == "existed"
        assert event.id == row.pk
    privacy.expire()
    assert Person.objects.filter(pk=contact.pk).exists()
    backdate(contact, timezone.now() - timedelta(days=365.1))
    privacy.expire()
    assert not Person.objects.filter(pk=contact.pk).exists()
