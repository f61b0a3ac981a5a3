"""Rows that can't change any more, by the database's own refusal.

pgtrigger's own `Protect` can be switched off for a session with a setting; what parties put their name under must not be.
These triggers therefore run a function of our own, `thuiswijk_refuse()` (made in the first migration of stakeholders), that
has no way around it short of altering the table.
"""

from __future__ import annotations

import pgtrigger
from django.db import models

REFUSE_SQL = """
CREATE OR REPLACE FUNCTION thuiswijk_refuse() RETURNS TRIGGER AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % can not be changed (%)', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END;
$$ LANGUAGE plpgsql;
"""


class Refuse(pgtrigger.Trigger):
    """Refuses an operation on a row (or a TRUNCATE), where its condition holds."""

    when = pgtrigger.Before
    func = "RETURN NULL;"  # never called: see render_execute

    def render_execute(self, model: models.Model) -> str:
        return "thuiswijk_refuse()"


class RefuseEdit(Refuse):
    """Refuses an update that changes one of `fields`."""

    operation = pgtrigger.Update

    def __init__(self, *, fields: list[str], name: str = "write_once") -> None:
        self.fields = fields
        super().__init__(name=name)

    def get_condition(self, model: models.Model) -> pgtrigger.Condition:
        return pgtrigger.AnyChange(*self.fields)


def _differs(column: str) -> pgtrigger.Q:
    return pgtrigger.Q(**{f"old__{column}__df": pgtrigger.F(f"new__{column}")})


def erasable(text: str, *, at: str, by: str) -> list[pgtrigger.Trigger]:
    """Triggers for words that nobody rewords, but that can be erased once: with who did that and when, which then stay.

    A check constraint must say beside this that the words are empty exactly where `at` is filled.
    """
    return [
        Refuse(
            name="words_stay",
            operation=pgtrigger.Update,
            condition=_differs(text) & pgtrigger.Q(**{f"new__{at}__isnull": True}),
        ),
        Refuse(
            name="erased_stays",
            operation=pgtrigger.Update,
            condition=(_differs(at) | _differs(by)) & pgtrigger.Q(**{f"old__{at}__isnull": False}),
        ),
    ]


def never_deleted() -> list[pgtrigger.Trigger]:
    """Triggers for a table whose rows stay."""
    return [
        Refuse(name="no_delete", operation=pgtrigger.Delete),
        Refuse(name="no_truncate", operation=pgtrigger.Truncate, level=pgtrigger.Statement),
    ]


def kept_for_a_while() -> list[pgtrigger.Trigger]:
    """Triggers for a table to which rows are only added, and that loses them when their term is over.

    What carries that out goes around `no_delete`, for as long as it takes (`pgtrigger.ignore`); a request may not delete
    here at all (`thuiswijk.wall`).
    """
    return [
        Refuse(name="no_update", operation=pgtrigger.Update),
        Refuse(name="no_truncate", operation=pgtrigger.Truncate, level=pgtrigger.Statement),
        pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
    ]


def append_only() -> list[pgtrigger.Trigger]:
    """Triggers for a table to which rows are only added."""
    return [Refuse(name="no_update", operation=pgtrigger.Update), *never_deleted()]
