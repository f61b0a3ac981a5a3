"""Taking in what is said: one inbreng from a phone, or a file with what stood on the flip-overs."""

from __future__ import annotations

import dataclasses
import hashlib
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from stakeholders.models import Party, Person
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.text import in_brief
from trajectories.intake_rows import read_rows
from trajectories.models import ERASED, Contribution, Meeting, SheetImport


def record(
    meeting: Meeting,
    *,
    key: uuid.UUID,
    text: str,
    kind: str,
    said_by: Party | None,
    addressed_to: Party | None,
) -> Contribution:
    """Records one inbreng, exactly once: `key` is made by the sender and sent again with every try.

    Answers the inbreng that stands, be it from now or from an earlier try. Raises Refused where the meeting takes in
    nothing, and where the same key comes with other words: those are told, never dropped.
    """
    wanted: dict[str, Any] = {
        "meeting_id": meeting.pk,
        "text": text,
        "kind": kind,
        "said_by_id": said_by and said_by.pk,
        "addressed_to_id": addressed_to and addressed_to.pk,
    }
    if meeting.is_open:
        Contribution.objects.bulk_create(
            [Contribution(key=key, trajectory_id=meeting.trajectory_id, question=meeting.question, **wanted)],
            ignore_conflicts=True,  # a key that stands already, from an earlier try or from this very moment
        )
    standing = Contribution.objects.filter(key=key).first()
    if standing is None:
        raise Refused("Deze bijeenkomst is niet open. Uw inbreng is niet opgeslagen. Vraag het aan de gespreksleider.")
    if standing.erased_at is None and any(getattr(standing, name) != value for name, value in wanted.items()):
        raise Refused(
            "Dit formulier is al een keer verstuurd, met een andere tekst. Verstuur het nog een keer om ook deze tekst op te slaan."
        )
    return standing


def read_sheet_of(meeting: Meeting, *, name: str, data: bytes, by: Person | None) -> SheetImport:
    """Reads a file for a meeting, without taking anything in yet. Raises SheetError where it can't be read at all."""
    parties = dict(meeting.trajectory.parties.values_list("name", "pk"))
    rows = read_rows(data, name=name, parties=parties)
    return SheetImport.objects.create(
        meeting=meeting,
        name=in_brief(name, 200),
        sha256=hashlib.sha256(data).hexdigest(),
        rows=[dataclasses.asdict(row) for row in rows],
        uploaded_by=by,
    )


def key_of(sheet: SheetImport, row: dict[str, Any]) -> uuid.UUID:
    """The key of the inbreng that this row of a file becomes."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{sheet.meeting_id}/{sheet.sha256}/{row['number']}")


@transaction.atomic
def confirm(sheet: SheetImport, *, by: Person | None) -> int:
    """Takes in every row of a file that was read, or none, but for words that were erased since. Answers how many are new.

    A row's key follows from the meeting, the file and the row, so that the same file twice stands once. Raises Refused
    where a row still has a problem.
    """
    sheet = SheetImport.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=sheet.pk)
    if sheet.problems:
        raise Refused(
            "In het bestand staan nog fouten. Er is niets ingelezen. Verbeter het bestand en lees het opnieuw in."
        )
    meeting = sheet.meeting
    rows = [row for row in sheet.rows if row["text"] != ERASED]
    keys = [key_of(sheet, row) for row in rows]
    standing = Contribution.objects.filter(key__in=keys).count()
    Contribution.objects.bulk_create(
        [
            Contribution(
                key=key,
                trajectory_id=meeting.trajectory_id,
                meeting=meeting,
                text=row["text"],
                kind=row["kind"],
                said_by_id=row["said_by"],
                addressed_to_id=row["addressed_to"],
                question=row["question"] or meeting.question,
                source=Contribution.Source.SHEET,
            )
            for key, row in zip(keys, rows, strict=True)
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    if sheet.confirmed_at is None:
        sheet.confirmed_at, sheet.confirmed_by = timezone.now(), by
        sheet.save(update_fields=["confirmed_at", "confirmed_by"])
    return len(keys) - standing
