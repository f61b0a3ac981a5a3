"""Taking in what is said: one inbreng from a phone, or a file with what stood on the flip-overs."""

from __future__ import annotations

import dataclasses
import hashlib
import uuid
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from stakeholders.models import Party, Person
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.text import in_brief
from trajectories import reporting
from trajectories.intake_rows import ReadRow, read_rows
from trajectories.models import ERASED, Contribution, LateContribution, Meeting, Participant, SheetImport

SENT_BEFORE = (
    "Dit formulier is al een keer verstuurd, met een andere tekst. "
    "Verstuur het nog een keer om ook deze tekst op te slaan."
)
WRITE_IF_OPEN = """
WITH held AS (SELECT id, trajectory_id, state FROM trajectories_meeting WHERE id = %(meeting_id)s FOR SHARE),
said AS (
    INSERT INTO trajectories_contribution
        (meeting_id, trajectory_id, key, made_at, text, kind, said_by_id, addressed_to_id, addressed_name, question, source,
         noted_by_id, participant_id, hidden_reason)
    SELECT id, trajectory_id, %(key)s, %(made_at)s, %(text)s, %(kind)s, %(said_by_id)s, %(addressed_to_id)s,
        %(addressed_name)s, %(question)s, %(source)s, %(noted_by_id)s, %(participant_id)s, ''
    FROM held WHERE state = 'opened'
    ON CONFLICT (key) DO NOTHING RETURNING id
)
SELECT held.state, said.id FROM held LEFT JOIN said ON true
"""


def record(
    meeting: Meeting,
    *,
    key: uuid.UUID,
    text: str,
    kind: str,
    said_by: Party | None,
    addressed_to: Party | None,
    addressed_name: str = "",
    question: str | None = None,
    source: str = Contribution.Source.PHONE,
    noted_by: Party | None = None,
    participant: Participant | None = None,
) -> Contribution | LateContribution:
    """Records one inbreng, exactly once: `key` is made by the sender and sent again with every try.

    Answers the inbreng that stands, be it from now or from an earlier try. A meeting that is closed keeps the words apart,
    for who leads the trajectory to let in. Call it inside a transaction: until its end the meeting does not close. Without
    `question` it answers the one that is open. Raises Refused where the meeting has not begun, and where the same key comes
    with other words: those are told, never dropped.
    """
    wanted: dict[str, Any] = {
        "text": text,
        "kind": kind,
        "said_by_id": said_by and said_by.pk,
        "addressed_to_id": addressed_to and addressed_to.pk,
        "addressed_name": addressed_name,
    }
    more: dict[str, Any] = {
        "question": meeting.question_now if question is None else question,
        "source": source,
        "noted_by_id": noted_by and noted_by.pk,
        "participant_id": participant and participant.pk,
    }
    state, said = _write_if_open(meeting, key, wanted | more)
    if said is not None:
        return said
    standing = Contribution.objects.filter(key=key).first()
    if standing is not None:
        is_same = standing.meeting_id == meeting.pk and all(
            getattr(standing, name) == value for name, value in wanted.items()
        )
        if standing.erased_at is None and not is_same:
            raise Refused(SENT_BEFORE)
        return standing
    if state == Meeting.State.CLOSED:
        return _keep_for_later(meeting, key, wanted | more)
    if state == Meeting.State.OPENED:  # the key stands at a gemeente that the wall does not show
        raise Refused(SENT_BEFORE)
    raise Refused("Deze bijeenkomst is niet open. Uw inbreng is niet opgeslagen. Vraag het aan de gespreksleider.")


def said_before(
    participant: Participant, *, key: uuid.UUID, noted_by: Party | None, **words: Any
) -> Contribution | None:
    """What this deelnemer said already, with another key than `key` but else the same in all: a browser that goes back may ask
    for the form anew, and with it for a new key. Never of who writes for others (`noted_by`): two people may say the same."""
    same = Contribution.objects.filter(participant=participant, noted_by=None, **words).exclude(key=key)
    return same.first() if noted_by is None else None


def _write_if_open(meeting: Meeting, key: uuid.UUID, words: dict[str, Any]) -> tuple[str, Contribution | None]:
    """The state of the meeting, and the inbreng where this wrote it: not where the key stands already, from an earlier try or
    from this very moment.

    The meeting stays as it is until the transaction ends; others may write words as well. One statement by hand, since it is
    what three hundred phones wait for: by the ORM it is three that take two to three times as long (benchmarks/README.md).
    """
    row = {"meeting_id": meeting.pk, "key": key, "made_at": timezone.now(), **words}
    with connection.cursor() as cursor:
        cursor.execute(WRITE_IF_OPEN, dict(row))  # pghistory adds to what it is given
        state, pk = cursor.fetchone() or ("", None)
    said = Contribution(pk=pk, trajectory_id=meeting.trajectory_id, **row)
    return state, said if pk else None


def _keep_for_later(meeting: Meeting, key: uuid.UUID, words: dict[str, Any]) -> LateContribution:
    late, is_new = LateContribution.objects.get_or_create(key=key, defaults={"meeting": meeting, "words": words})
    if not is_new and (late.meeting_id != meeting.pk or (late.words and late.words["text"] != words["text"])):
        raise Refused(SENT_BEFORE)
    return late


def waiting_for(meeting: Meeting) -> list[dict[str, Any]]:
    """The words that came too late and on which nobody decided yet, oldest first, with the names of the parties."""
    waiting = list(meeting.late_contributions.filter(decided_at=None))
    asked = {late.words.get(name) for late in waiting for name in ("said_by_id", "addressed_to_id")} - {None}
    names = dict(Party.objects.filter(pk__in=asked).values_list("pk", "name")) if asked else {}
    return [
        {
            "pk": late.pk,
            "text": late.words["text"],
            "arrived_at": late.arrived_at,
            "party": names.get(late.words["said_by_id"], ""),
            "to": names.get(late.words["addressed_to_id"], "") or late.words.get("addressed_name", ""),
            "question": late.words.get("question", ""),
        }
        for late in waiting
    ]


@transaction.atomic
def decide(late: LateContribution, *, let_in: bool, by: Person) -> LateContribution:
    """Lets words that came too late stand after all, at the moment at which they came, or not. Decided twice, the first stays."""
    late = LateContribution.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=late.pk)
    if late.decided_at is not None:
        return late
    if let_in:
        reporting.held(late.meeting)
        _refuse_who_left(late)
        said = Contribution(key=late.key, meeting=late.meeting, trajectory_id=late.meeting.trajectory_id, **late.words)
        said.made_at = late.arrived_at
        Contribution.objects.bulk_create([said], ignore_conflicts=True)
        late.words = {}
        reporting.renew(late.meeting)
    late.is_let_in, late.decided_at, late.decided_by = let_in, timezone.now(), by
    late.save(update_fields=["words", "is_let_in", "decided_at", "decided_by"])
    return late


def _refuse_who_left(late: LateContribution) -> None:
    asked = {late.words.get(name) for name in ("said_by_id", "addressed_to_id", "noted_by_id")} - {None}
    there = late.meeting.trajectory.participations.filter(party__in=asked).values_list("party_id", flat=True)
    left = Party.objects.filter(pk__in=asked - set(there)).first()
    if left is not None:
        raise Refused(f"{left} doet niet meer mee aan dit traject. Laat die partij eerst weer meedoen.")


def read_sheet_of(meeting: Meeting, *, name: str, data: bytes, by: Person | None) -> SheetImport:
    """Reads a file for a meeting, without taking anything in yet. Raises SheetError where it can't be read at all."""
    parties = dict(meeting.trajectory.parties.values_list("name", "pk"))
    return keep_rows(meeting, read_rows(data, name=name, parties=parties), name=name, data=data, by=by)


def keep_rows(meeting: Meeting, rows: list[ReadRow], *, name: str, data: bytes, by: Person | None) -> SheetImport:
    """Keeps rows as they were read from a file or from lines that were pasted, without taking anything in yet."""
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
    meeting = reporting.held(sheet.meeting)
    if meeting.state == Meeting.State.CANCELLED:
        raise Refused(
            "Deze bijeenkomst gaat niet door. Zet haar eerst weer op de agenda, of kies een andere bijeenkomst."
        )
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
    reporting.renew(meeting)
    return len(keys) - standing
