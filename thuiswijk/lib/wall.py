"""The second wall between gemeenten: PostgreSQL shows a request only the rows of the gemeenten it acts for.

The first wall is that every query starts at what the person may see. Where a query forgets, row-level security doesn't: for
the length of a request's transaction the connection takes on a database role without rights over other gemeenten. Both the
role and the gemeenten are set for the transaction only, so nothing of them reaches the next one through a pool of connections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F, Func, QuerySet

ROLE = "thuiswijk_web"
GEMEENTEN = "(SELECT string_to_array(nullif(current_setting('app.gemeenten', true), ''), ',')::bigint[])"
IS_PLATFORM = "current_setting('app.platform', true) = 'on'"


def keys_up(
    model: type[models.Model], leads: Callable[[Any], bool], *, every: bool = False
) -> Iterator[models.ForeignKey]:
    """The foreign keys by which a row belongs to another one, as far as that one `leads` on to a gemeente.

    Those up to the first that is always filled in: it suffices. `every` one of them, where what it points to may be gone.
    """
    for key in model._meta.concrete_fields:
        if isinstance(key, models.ForeignKey) and not key.name.startswith("pgh_") and leads(key.related_model):
            yield key
            if not key.null and not every:
                return


@contextmanager
def transaction_of_request() -> Iterator[None]:
    """A transaction in which the wall may be entered, and after which nothing of it is left."""
    is_nested = connection.in_atomic_block  # only in a test: a request is outermost
    with transaction.atomic():
        yield
        if is_nested:
            leave()


def enter(gemeenten: QuerySet | Iterable[int], *, is_platform: bool = False) -> None:
    """From here to the end of the transaction the database shows rows of these gemeenten only, and takes no others.

    A QuerySet gives their ids in its only column, and is asked in the same statement. `is_platform` shows besides who works
    where in every gemeente, to the beheerder who appoints them.
    """
    if isinstance(gemeenten, QuerySet):
        asked, values = gemeenten.query.sql_with_params()
        ids = f"(SELECT string_agg(id::text, ',') FROM ({asked}) AS asked (id))"
    else:
        ids, values = "%s", (",".join(str(int(pk)) for pk in gemeenten),)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT set_config('app.gemeenten', coalesce({ids}, ''), true), "
            "set_config('app.platform', %s, true), set_config('role', %s, true)",
            [*values, "on" if is_platform else "off", ROLE],
        )


def entered_by(gemeente: str) -> Func:
    """Enters the wall of one gemeente within the statement that finds it: annotate with this what `get`s a single row.

    `gemeente` is the way from the row to the id of its gemeente. From the next statement on the wall stands.
    """
    template = (
        "concat(set_config('app.gemeenten', (%(expressions)s)::text, true), set_config('app.platform', 'off', true), "
        f"set_config('role', '{ROLE}', true))"
    )
    return Func(F(gemeente), template=template, output_field=models.TextField())


def leave() -> None:
    """Back to the role of the connection itself, before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'none', true), set_config('app.gemeenten', '', true)")
