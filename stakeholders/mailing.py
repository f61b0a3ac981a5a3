"""Every mail is a row first: what a request wants to send stands in the same transaction as what it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from stakeholders.models import Mail
from thuiswijk.lib.wake import wake

RETRY_AFTER = [timedelta(minutes=m) for m in (1, 2, 5, 10, 20, 30, 60, 120, 240, 480)]


class RowBackend(BaseEmailBackend):
    """Django's mail backend for the whole application: writes a row per addressee and wakes the worker."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        mails = [
            Mail(to=to, subject=str(message.subject), text=str(message.body), calendar=_calendar_of(message))
            for message in email_messages
            for to in message.recipients()
        ]
        for mail in Mail.objects.bulk_create(mails):
            wake("stakeholders.deliver_mail", mail.pk)
        return len(email_messages)


def _calendar_of(message: EmailMessage) -> str:
    """The appointment that goes with a message, as an alternative or as an attachment; no other attachment is known."""
    parts = [*getattr(message, "alternatives", []), *((part[1], part[2]) for part in message.attachments)]
    return next((str(content) for content, kind in parts if str(kind).startswith("text/calendar")), "")


def _message_of(mail: Mail) -> EmailMessage:
    # A second delivery shows by its id.
    headers = {"Message-ID": f"<{mail.pk}.{mail.made_at:%Y%m%d%H%M%S}@thuiswijk>"}
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to], headers=headers)
    if (
        mail.calendar
    ):  # as the other form of the same mail, with its method: so a mail program shows it as an appointment
        method = re.search(r"^METHOD:([A-Z]+)\r?$", mail.calendar, re.MULTILINE)
        message.attach_alternative(mail.calendar, f"text/calendar; method={method.group(1) if method else 'PUBLISH'}")
    return message


def deliver(mail_id: int) -> None:
    """Hands one waiting mail to the mail server; what it refuses is tried again, for some sixteen hours.

    The row is held while the server is spoken to, so that a task delivered twice sends one mail. Where nothing is really
    sent (the demo) the text stays readable; elsewhere it is forgotten with the appointment, for a link in it may open a door.
    """
    with transaction.atomic():
        mail = (
            Mail.objects.select_for_update(skip_locked=True)
            .filter(pk=mail_id, state=Mail.State.WAITING, next_try_at__lte=timezone.now())
            .first()
        )
        if mail is None:
            return
        mail.attempts += 1
        try:
            if not settings.DEMO:
                get_connection(settings.MAIL_DELIVERY_BACKEND).send_messages([_message_of(mail)])
                mail.text = mail.calendar = ""
            mail.state, mail.sent_at, mail.error = Mail.State.SENT, timezone.now(), ""
        except Exception as error:  # smtplib, sockets and odd addresses raise what they like; the mail is tried again
            mail.error = f"{type(error).__name__}"
            if mail.attempts > len(RETRY_AFTER):
                mail.state = Mail.State.FAILED
            else:
                mail.next_try_at = timezone.now() + RETRY_AFTER[mail.attempts - 1]
        mail.save()


def sweep() -> None:
    """Wakes a worker for every mail that waits: a wake-up can be lost, a row can't."""
    waiting = Mail.objects.filter(state=Mail.State.WAITING, next_try_at__lte=timezone.now())
    for mail_id in waiting.order_by("next_try_at").values_list("pk", flat=True)[:100]:
        wake("stakeholders.deliver_mail", mail_id)


def retry(mails: QuerySet[Mail]) -> int:
    """Puts failed mails back in the queue, for a beheerder who mended the mail server. Answers how many."""
    return mails.filter(state=Mail.State.FAILED).update(
        state=Mail.State.WAITING, attempts=0, next_try_at=timezone.now()
    )
