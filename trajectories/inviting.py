"""Asking parties to come to a meeting, telling them when it changes, taking their answers, and reminding them.

What was mailed stands in the row: the meeting's revision as the last mail told it. Each mail is sent under a lock of that
row, so that a double click or a task delivered twice mails once.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format

from stakeholders.models import Party, Person
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.links import hash_of
from trajectories import calendars
from trajectories.models import Meeting, MeetingInvitation

log = structlog.get_logger(__name__)
DOUBLE_CLICK = timedelta(seconds=10)  # within which the same mail is one mail
REMINDED_DAYS_BEFORE = 2
JUST_MAILED = timedelta(days=1)  # who read about it today needs no reminder yet
BEGUN = "De bijeenkomst is al begonnen. Uw antwoord kan niet meer veranderen. Bel de projectleider als dat nodig is."
CANCELLED = "De bijeenkomst gaat niet door. U hoeft niet meer te antwoorden."
Answer = MeetingInvitation.Answer


def token_of(invitation: MeetingInvitation, email: str) -> str:
    """The secret of the link: made of the invitation's key and the address with our own, so that every mail to one person
    has the same link, and that of who spoke for the party before ends with the first mail to another."""
    secret = invitation.key.bytes + email.casefold().encode()
    mac = salted_hmac("trajectories.inviting", secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def invitation_of(token: str) -> MeetingInvitation | None:
    """The invitation that this link was mailed for."""
    return MeetingInvitation.objects.filter(token_hash=hash_of(token)).first()


@transaction.atomic
def invite(meeting: Meeting, parties: Iterable[Party], *, by: Person) -> int:
    """Mails each party's contact person an appointment and a link to answer by; who was asked already is not asked again.

    Answers how many were mailed. Raises Refused where the meeting was, or is cancelled, or a party has no address.
    """
    meeting = _held(meeting)
    _refuse_what_is_over(meeting)
    if meeting.is_cancelled:
        raise Refused("De bijeenkomst gaat niet door. U kunt er niemand voor uitnodigen.")
    count = 0
    for party in parties:
        invitation, _ = meeting.invitations.get_or_create(party=party)
        if invitation.sent_at is None:
            _mail(invitation, "invitation", by=by)
            count += 1
    return count


@transaction.atomic
def send_again(invitation: MeetingInvitation, *, by: Person) -> None:
    """Mails the same link again, with the meeting as it stands now. Within ten seconds twice is once."""
    meeting = _held(invitation.meeting)
    _refuse_what_is_over(meeting)
    invitation = meeting.invitations.select_related("party").get(pk=invitation.pk)
    just_now = invitation.sent_at is not None and invitation.sent_at > timezone.now() - DOUBLE_CLICK
    if not just_now or invitation.sent_revision != meeting.revision:
        _mail(invitation, "cancelled" if meeting.is_cancelled else "invitation", by=by)


def outdated(meeting: Meeting) -> QuerySet[MeetingInvitation]:
    """The invitations whose last mail told another time or place than the meeting has now."""
    return meeting.invitations.filter(sent_revision__lt=F("meeting__revision"))


@transaction.atomic
def send_update(meeting: Meeting, *, by: Person) -> int:
    """Tells everybody who was mailed before the last change how the meeting is now, or that it is cancelled.

    Answers how many were mailed; a second click finds nobody left. Who has no address any more stays on the list.
    """
    meeting = _held(meeting)
    _refuse_what_is_over(meeting)
    count = 0
    for invitation in outdated(meeting).select_related("party"):
        if has_address(invitation.party):
            _mail(invitation, "cancelled" if meeting.is_cancelled else "changed", by=by)
            count += 1
    return count


@transaction.atomic
def answer(invitation: MeetingInvitation, *, answer: str, people: int | None, remark: str) -> MeetingInvitation:
    """Takes a party's answer, which it may change until the meeting begins. Raises Refused after that."""
    invitation = (
        MeetingInvitation.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=invitation.pk)
    )
    if invitation.meeting.is_cancelled:
        raise Refused(CANCELLED)
    if invitation.meeting.has_begun:
        raise Refused(BEGUN)
    invitation.answer, invitation.answered_at, invitation.remark = answer, timezone.now(), remark
    invitation.people = people if answer == Answer.COMES else None
    invitation.save(update_fields=["answer", "answered_at", "remark", "people"])
    return invitation


def to_remind() -> QuerySet[MeetingInvitation]:
    """Who did not answer, or comes, to a meeting of today, tomorrow or the day after, and was not reminded of it."""
    now = timezone.now()
    last_day = timezone.localdate(now) + timedelta(days=REMINDED_DAYS_BEFORE)
    return MeetingInvitation.objects.filter(
        meeting__starts_at__gt=now,
        meeting__starts_at__date__lte=last_day,
        meeting__state__in=[Meeting.State.PLANNED, Meeting.State.OPENED],
        sent_at__lt=now - JUST_MAILED,
        reminded_at__isnull=True,
    ).exclude(answer=Answer.STAYS_AWAY)


def remind_all() -> None:
    """Reminds everybody whose time it is, once."""
    for invitation in to_remind().select_related("meeting").order_by("meeting", "pk"):
        try:
            remind(invitation)
        except Exception:  # whatever is wrong with one, the others hear of it; the next round tries again
            log.exception("reminder_failed", invitation=invitation.pk)


@transaction.atomic
def remind(invitation: MeetingInvitation) -> None:
    """Reminds one party. The row is claimed first: another worker that is at it waits, and finds nothing left to do."""
    meeting = _held(invitation.meeting)
    claimed = to_remind().select_for_update(of=("self",)).filter(meeting=meeting, pk=invitation.pk)
    for one in claimed.select_related("party"):
        if has_address(one.party):
            one.meeting, one.reminded_at = meeting, timezone.now()
            one.save(update_fields=["reminded_at"])
            _mail(one, "reminder")


def has_address(party: Party) -> bool:
    """Whether there is a contact person to mail."""
    contact = party.contact
    return contact is not None and bool(contact.person.email)


def letter(
    invitation: MeetingInvitation, kind: str = "invitation", *, by: Person | None, url: str = ""
) -> tuple[str, str]:
    """The subject and the text of a mail to a party: as it is sent, and as it is shown before that."""
    meeting, contact = invitation.meeting, invitation.party.contact
    day = date_format(timezone.localtime(meeting.starts_at), "l j F Y")
    context = {
        "kind": kind,
        "invitation": invitation,
        "party": invitation.party,
        "contact": contact,
        "meeting": meeting,
        "day": day,
        "items": list(meeting.items.all()),
        "is_new_to_them": invitation.sent_revision is not None and invitation.sent_revision < meeting.revision,
        "sender": by,
        "url": url,
    }
    subjects = {
        "invitation": f"Uitnodiging voor {day}: {meeting}",
        "changed": f"Veranderd: {meeting}",
        "cancelled": f"Gaat niet door: {meeting}",
        "reminder": f"Herinnering voor {day}: {meeting}",
    }
    return subjects[kind], render_to_string("trajectories/emails/meeting_invitation.txt", context)


def _held(meeting: Meeting) -> Meeting:
    """The meeting, held: while somebody mails about it, it does not move, and nobody else mails."""
    meetings = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("trajectory__gemeente")
    return meetings.get(pk=meeting.pk)


def _refuse_what_is_over(meeting: Meeting) -> None:
    if meeting.has_begun:
        raise Refused("De bijeenkomst is al begonnen of voorbij. Er gaat geen e-mail meer over uit.")


def _mail(invitation: MeetingInvitation, kind: str, *, by: Person | None = None) -> None:
    """Writes the mail with its appointment, and in the row what it told."""
    contact = invitation.party.contact
    if contact is None or not contact.person.email:
        raise Refused(f"{invitation.party} heeft geen contactpersoon met een e-mailadres. Vul die eerst in.")
    meeting, token = invitation.meeting, token_of(invitation, contact.person.email)
    url = settings.PUBLIC_URL + reverse("rsvp_link", args=[token])
    subject, text = letter(invitation, kind, by=by, url=url)
    mail = EmailMultiAlternatives(subject, text, None, [contact.person.email])
    mail.attach_alternative(calendars.asking(invitation, contact, url=url), "text/calendar")
    mail.send()
    invitation.token_hash = hash_of(token)
    invitation.sent_at, invitation.sent_revision = timezone.now(), meeting.revision
    if kind == "changed":
        invitation.reminded_at = None  # of another day
    invitation.save(update_fields=["token_hash", "sent_at", "sent_revision", "reminded_at"])
