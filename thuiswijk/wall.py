"""Builds the second wall (lib.wall) over every table there is, and puts every request behind it.

The way from a table to its gemeente is read from its foreign keys, so a new model stands behind the wall without a thought;
the few that belong to no gemeente are named here, with the reason. It is built anew after each `migrate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pghistory.models
from django.apps import apps
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse

from stakeholders.models import (
    AccountEvent,
    Download,
    Erasure,
    Gemeente,
    Invitation,
    Mail,
    Membership,
    Person,
    Term,
    User,
)
from thuiswijk.lib import wall
from trajectories.models import Appointment, CalendarFeed, SentForm

Model = type[models.Model]
OURS = ("stakeholders", "trajectories", "agendas")
OPEN: dict[Model, str] = {
    Gemeente: "that a gemeente exists is no secret",
    User: "an account is the person's own; people are found through their roles",
    Person: "somebody can work for several gemeenten; people are found through their roles",
    Mail: "no page shows mail, but for the demo's",
    SentForm: "it holds a digest and the address of a page, and no words",
    AccountEvent: "shown to the account itself only",
    Download: "shown to the account itself only",
    Erasure: "an order to the worker, shown on no page",
    CalendarFeed: "found by the secret in its address, or by its own person",
    User.groups.through: "not used: a right follows from a role",
    User.user_permissions.through: "not used: a right follows from a role",
}
OF_THE_PLATFORM = (
    Membership,
    Invitation,
    Appointment,
    Term,
)  # who works where, and what words mean there: a beheerder appoints people, and sees nothing else


def is_open(model: Model) -> bool:
    return model in OPEN or getattr(model, "pgh_tracked_model", None) in OPEN


def tables() -> Iterator[Model]:
    """Every model of ours that has a table: also those of history, and between two others."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in OURS and not model._meta.proxy:
            yield model


def condition(model: Model, standing: set[str]) -> str:
    """What must hold of a row of this model for who is behind the wall, as far as the tables stand that it leads to.

    Its own gemeente is among theirs, or the row that it belongs to can be seen: the first foreign key that leads there.
    """
    keys = wall.keys_up(
        model, _leads_to_gemeente, every=is_history(model)
    )  # of what was removed, another way may stand
    found = [
        f"{key.column} = ANY ({wall.GEMEENTEN}::bigint[])"
        if key.related_model is Gemeente
        else f"{key.column} IN (SELECT id FROM {key.related_model._meta.db_table})"
        for key in keys
        if key.related_model._meta.db_table in standing
    ]
    of_platform = getattr(model, "pgh_tracked_model", model) in OF_THE_PLATFORM
    return " OR ".join([*found, *([wall.IS_PLATFORM] if of_platform else [])])


def _leads_to_gemeente(parent: Model) -> bool:
    return parent is Gemeente or (parent._meta.app_label in OURS and not is_open(parent))


def is_history(model: Model) -> bool:
    return issubclass(model, pghistory.models.Event) or model in (AccountEvent, Download)


@transaction.atomic
def build() -> None:
    """Makes the role of requests, gives it its rights, and writes the policy of every table. Twice is once."""
    standing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            DO $$ BEGIN CREATE ROLE {wall.ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
            DO $$ BEGIN
                -- From PostgreSQL 16 on, who makes a role is a member of it without the right to take it on.
                IF NOT pg_has_role('{wall.ROLE}', CASE WHEN current_setting('server_version_num')::int < 160000
                                                       THEN 'MEMBER' ELSE 'SET' END) THEN
                    GRANT {wall.ROLE} TO CURRENT_USER;
                END IF;
            END $$;
            GRANT USAGE ON SCHEMA public TO {wall.ROLE};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {wall.ROLE};
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {wall.ROLE};
            """
        )
        for model in tables():
            if model._meta.db_table not in standing:
                continue
            table = model._meta.db_table
            if is_history(model):
                cursor.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {wall.ROLE}")
            if is_open(model):
                continue
            cursor.execute(
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; DROP POLICY IF EXISTS wall ON {table}; "
                f"CREATE POLICY wall ON {table} TO {wall.ROLE} USING ({condition(model, standing)})"
            )


class WallMiddleware:
    """Runs every view of ours that asks who you are as one transaction, behind the wall of your gemeenten.

    A public view (`login_not_required`) finds one thing by its code or link, and enters the wall of its gemeente by itself.
    allauth and the admin show accounts and work orders, and nothing of what is said: they stand before the wall.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        is_ours = view.__module__.partition(".")[0] in (*OURS, "thuiswijk")
        if not is_ours or not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        with wall.transaction_of_request():
            wall.enter(request.user.gemeenten, is_platform=request.user.is_staff)
            return view(request, *args, **kwargs)
