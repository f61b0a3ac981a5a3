"""The history of rows that were there before their history was."""

from __future__ import annotations

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def begin(editor: BaseDatabaseSchemaEditor, model: type[models.Model], event: type[models.Model]) -> None:
    """Gives every row that its history does not know an event of this moment: it existed already, since when nobody knows.

    Without it, a term that counts from the last change would be over at once for who was there first. Twice is once.
    """
    columns = ", ".join(str(f.column) for f in event._meta.concrete_fields if not f.name.startswith("pgh_"))
    rows, events = model._meta.db_table, event._meta.db_table
    editor.execute(
        f"INSERT INTO {events} (pgh_created_at, pgh_label, pgh_obj_id, {columns}) SELECT now(), 'existed', id, {columns} "
        f"FROM {rows} WHERE NOT EXISTS (SELECT FROM {events} WHERE {events}.pgh_obj_id = {rows}.id)"
    )
