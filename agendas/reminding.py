"""Reminding the parties that have not answered: a week before the day that was asked, and on the day before it."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format

from agendas import recording
from agendas.models import EndorsementRequest, EndorsementRequestQuerySet, Round

log = structlog.get_logger(__name__)
DAYS_BEFORE = (7, 1)  # the deadline, each once
REST_DAYS = 3  # nobody is reminded sooner after the link came


def to_remind() -> EndorsementRequestQuerySet:
    """The requests whose time may have come: not answered, asked some days ago, and the day not past."""
    rested = timezone.now() - timedelta(days=REST_DAYS)
    last = timezone.localdate() + timedelta(days=max(DAYS_BEFORE))
    waiting = EndorsementRequest.objects.unanswered().exclude(person__isnull=True).exclude(person__email="")
    return waiting.filter(asked_at__lte=rested, round__deadline__range=(timezone.localdate(), last))


def remind_all() -> None:
    """Reminds everybody whose time it is, each time once."""
    for pk in to_remind().order_by("pk").values_list("pk", flat=True):
        try:
            _remind(pk)
        except Exception:  # whatever is wrong with one, the others hear of it; the next round tries again
            log.exception("reminder_failed", request=pk)


@transaction.atomic
def _remind(pk: int) -> None:
    """Reminds one party. The rows are claimed first: another worker that is at it waits, and finds nothing left to do."""
    round_ = Round.objects.held().get(requests=pk)
    claimed = to_remind().select_for_update(of=("self",)).filter(pk=pk)
    request = claimed.select_related("person", "party__gemeente", "round__version__agenda", "round__opened_by").first()
    if request is None or request.person is None:
        return
    left = (request.round.deadline - timezone.localdate()).days
    due = sum(left <= days for days in DAYS_BEFORE)
    if request.reminders >= due:
        return
    request.reminders = due
    request.save(update_fields=["reminders"])
    recording.record(round_, "reminded", request=request)
    context = {
        "request": request,
        "agenda": request.round.version.agenda,
        "deadline": date_format(request.round.deadline, "l j F Y"),
        "asked": date_format(timezone.localtime(request.asked_at), "j F Y"),
        "leader": request.round.opened_by,
    }
    title = request.round.version.agenda.title
    asks = f"meetekenen voor {request.party}" if request.seconds_id else f"de {title} onderschrijven"
    text = render_to_string("agendas/emails/reminder.txt", context)
    send_mail(f"Herinnering: wilt u {asks}?", text, None, [request.person.email])
