"""Taking an inbreng out of sight, with a reason; and erasing its words, where a person asks for that."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from stakeholders.models import Person
from trajectories import reporting
from trajectories.intake import key_of
from trajectories.models import ERASED, Contribution, LateContribution, SheetImport


@transaction.atomic
def hide(contribution: Contribution, *, by: Person, reason: str) -> None:
    """Takes an inbreng out of every list, count and document that is still to be made. Hidden twice, the first reason stays.

    Of a closed meeting comes a new report, without it.
    """
    standing = Contribution.objects.filter(pk=contribution.pk, hidden_at__isnull=True)
    if standing.update(hidden_at=timezone.now(), hidden_by=by, hidden_reason=reason):
        reporting.renew(contribution.meeting)


@transaction.atomic
def erase(contribution: Contribution, *, by: Person) -> None:
    """Erases the words for good, a marker stays. Erased twice is once.

    They also go from every file of the meeting that holds them, and from what came after it was closed: nobody can let those
    in any more.
    """
    standing = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    if standing.erased_at is not None:
        return
    for sheet in SheetImport.objects.select_for_update(of=("self",)).filter(meeting=standing.meeting_id):
        rows = [row | {"text": ERASED} if _is_said_by(row, sheet, standing) else row for row in sheet.rows]
        if rows != sheet.rows:
            sheet.rows = rows
            sheet.save(update_fields=["rows"])
    for late in LateContribution.objects.select_for_update(of=("self",)).filter(meeting=standing.meeting_id):
        if late.words and _plain(late.words["text"]) == _plain(standing.text):
            if late.decided_at is None:
                late.is_let_in, late.decided_at, late.decided_by = False, timezone.now(), by
            late.words = {}
            late.save(update_fields=["words", "is_let_in", "decided_at", "decided_by"])
    words = standing.text
    standing.text, standing.erased_at, standing.erased_by = "", timezone.now(), by
    standing.save(update_fields=["text", "erased_at", "erased_by"])
    reporting.withdraw(standing.meeting, words=words, by=by)


def _is_said_by(row: dict[str, Any], sheet: SheetImport, contribution: Contribution) -> bool:
    """Whether this row became the inbreng, or says the same: an upload of an earlier hour, or the flip-over typed twice."""
    return key_of(sheet, row) == contribution.key or _plain(row["text"]) == _plain(contribution.text)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
