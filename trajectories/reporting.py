"""After the meeting: what came out, who does what, and the report that a worker draws.

The row is the work order and the truth (thuiswijk.lib.work): a killed worker, or a message delivered twenty times, ends in
one report.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from stakeholders.models import Person
from thuiswijk.lib import files, pdf, work
from thuiswijk.lib.canonical import canonical
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.wake import wake
from trajectories.models import Action, Meeting, MeetingItem, MeetingReport, OutcomeCorrection
from trajectories.report_content import content_of
from trajectories.report_files import draw_odt, draw_pdf

log = structlog.get_logger(__name__)
DRAW = "trajectories.draw_report"


def reports_folder() -> Path:
    """Where reports are kept, by digest."""
    return Path(settings.MEDIA_ROOT) / "reports"


@transaction.atomic
def order(meeting: Meeting) -> MeetingReport:
    """Freezes what the meeting says now as its next report, and wakes a worker to draw it. Raises Refused while it isn't closed.

    Who calls it holds no lock: two at once get two numbers.
    """
    meeting = held(meeting)
    if meeting.state != Meeting.State.CLOSED:
        raise Refused("Een verslag komt er pas als de bijeenkomst gesloten is.")
    last = meeting.reports.order_by("-number").first()
    number, at = (last.number if last else 0) + 1, timezone.now()
    content = canonical(content_of(meeting, number=number, made_at=at))
    report = MeetingReport.objects.create(meeting=meeting, number=number, content=content, asked_at=at)
    wake(DRAW, report.pk)
    return report


def held(meeting: Meeting) -> Meeting:
    """The meeting as it stands, locked: who closes it, or puts something in its report, waits.

    Who writes words and then renews the report takes this lock first: two of them would else wait for each other.
    """
    return Meeting.objects.select_for_update(of=("self",)).select_related("trajectory__gemeente").get(pk=meeting.pk)


def order_again(meeting: Meeting) -> MeetingReport:
    """What somebody asks for who misses the report: the one that was parked is tried again, else there comes a new one.

    One that a worker still has in hand comes by itself.
    """
    last = meeting.reports.standing().first()
    if last is None or last.state == MeetingReport.State.STORED:
        return order(meeting)
    work.try_again(last, DRAW)
    return last


@transaction.atomic
def renew(meeting: Meeting) -> None:
    """What stood in the report is no longer so: where there is one, the next one comes."""
    meeting = held(meeting)
    if meeting.state == Meeting.State.CLOSED and meeting.reports.exists():
        order(meeting)


@transaction.atomic
def correct(item: MeetingItem, *, text: str, by: Person) -> OutcomeCorrection:
    """Puts a correction beside the outcome of a closed meeting, and orders the report that shows both."""
    if item.meeting is None or item.meeting.state != Meeting.State.CLOSED:
        raise Refused("De bijeenkomst is nog niet gesloten. Verander de uitkomst zelf.")
    correction = item.corrections.create(text=text, corrected_by=by)
    order(item.meeting)
    return correction


def finish(action: Action, *, by: Person) -> None:
    """The action is done. Said twice, the first one stays."""
    Action.objects.open().filter(pk=action.pk).update(done_at=timezone.now(), done_by=by)


def reopen(action: Action) -> None:
    """The action turns out not to be done: it stands on the next agenda again."""
    Action.objects.filter(pk=action.pk).update(done_at=None, done_by=None)


@transaction.atomic
def withdraw(meeting: Meeting, *, words: str, by: Person) -> None:
    """Words of this meeting are erased: the reports that hold them go, files and all, and a new one comes without them."""
    meeting = held(meeting)
    standing = MeetingReport.objects.select_for_update(of=("self",)).filter(meeting=meeting).standing()
    quoting = [report.pk for report in standing if report.quotes(words)]
    if not quoting:
        return
    MeetingReport.objects.filter(pk__in=quoting).update(content=b"", withdrawn_at=timezone.now(), withdrawn_by=by)
    if meeting.state == Meeting.State.CLOSED:
        order(meeting)
    wake("trajectories.sweep_reports")


# --- the worker's side ---------------------------------------------------------------------------------------------------


def draw(report_id: int) -> bool:
    """Draws one report, if it is this worker's turn. Answers whether it was stored.

    A failure puts the report back in the queue, with what went wrong; after `MeetingReport.MAX_ATTEMPTS` it is parked until
    somebody asks for it again.
    """
    claim = work.claim(MeetingReport.objects.all(), report_id)
    if claim is None:
        return False
    report = MeetingReport.objects.get(pk=report_id)
    try:
        content = bytes(report.content)
        work.tell(report, claim, "bladzijden opmaken")
        drawn = draw_pdf(content)
        work.tell(report, claim, "tekst om verder te bewerken opmaken")
        text = draw_odt(content)
        work.tell(report, claim, "opslaan")
        return _finish(report, claim, drawn, text)
    except Exception as error:  # whatever it was: the order stands, and the page says so
        log.exception("report_failed", report=report_id)
        work.give_back(report, claim, error)
        return False


def _finish(report: MeetingReport, claim: UUID, drawn: bytes, text: bytes) -> bool:
    """Stores the files first and then the fact; only the worker that holds the claim gets to say so."""
    stored = [files.store(reports_folder(), data) for data in (drawn, text)]
    is_ours = work.held(report, claim).filter(withdrawn_at__isnull=True).update(
        state=MeetingReport.State.STORED,
        step="",
        pdf_sha256=stored[0],
        odt_sha256=stored[1],
        pages=pdf.page_count(drawn),
        stored_at=timezone.now(),
    )  # fmt: skip
    if not is_ours and MeetingReport.objects.filter(pk=report.pk, withdrawn_at__isnull=False).exists():
        _forget(*stored)
    return bool(is_ours)


def sweep() -> None:
    """Wakes a worker for every report that waits too long, and takes the files away of those that were withdrawn."""
    work.sweep(MeetingReport.objects.all(), DRAW)
    gone = MeetingReport.objects.filter(withdrawn_at__isnull=False).exclude(pdf_sha256="")
    for digests in gone.values_list("pdf_sha256", "odt_sha256"):
        _forget(*digests)


def _forget(*digests: str) -> None:
    for sha256 in digests:
        files.path_of(reports_folder(), sha256).unlink(missing_ok=True)
