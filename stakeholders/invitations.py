"""Asking somebody by mail to take a role, and the link by which they take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from stakeholders.models import Gemeente, Invitation, Membership, Party, Person, User
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.links import hash_of, new_token

VALID = timedelta(days=14)
DOUBLE_CLICK = timedelta(seconds=10)  # within which the same question is one mail
GONE = "Deze uitnodiging geldt niet meer. Vraag wie u uitnodigde om een nieuwe."
Role = Membership.Role


@dataclass(frozen=True)
class Invitee:
    """Somebody to invite, as filled in: the name and function are those by which the gemeente or party knows the person."""

    name: str
    email: str
    role: str
    function: str = ""
    is_limited: bool = False


@transaction.atomic
def invite(to: Gemeente | Party, who: Invitee, *, by: Person | None) -> Invitation:
    """Asks somebody to take a role, by a link of 256 bits of which only the hash is kept. It is valid for a fortnight.

    Who was asked before gets a new link, and the one before no longer works. Raises Refused where the person has a role there
    already; nothing tells whether the address has an account elsewhere. `by` is None for a beheerder without a name.
    """
    # One at a time; a key that others only point at stays free, so that who accepts needn't wait.
    Gemeente.objects.select_for_update(no_key=True).get(pk=to.pk if isinstance(to, Gemeente) else to.gemeente_id)
    _refuse_whom_we_have(to, who)
    asked_before = to.invitations.filter(email__iexact=who.email).pending()
    just_now = timezone.now() - DOUBLE_CLICK
    words = {"name": who.name, "function": who.function, "role": who.role, "invited_by": by}
    if twice := asked_before.filter(**words, invited_at__gt=just_now, expires_at__gt=timezone.now()).first():
        return twice
    asked_before.update(revoked_at=timezone.now())
    token = new_token()
    invitation = to.invitations.create(
        email=who.email.lower(),
        name=who.name,
        function=who.function,
        role=who.role,
        is_limited=who.role == Role.ADVISER or (who.is_limited and who.role != Role.CONTACT),
        token_hash=hash_of(token),
        expires_at=timezone.now() + VALID,
        invited_by=by,
    )
    _mail(invitation, token)
    return invitation


@transaction.atomic
def invite_all(to: Gemeente, people: Sequence[Invitee], *, by: Person | None) -> int:
    """Invites all of them, or nobody. Answers how many."""
    for who in people:
        invite(to, who, by=by)
    return len(people)


def _refuse_whom_we_have(to: Gemeente | Party, who: Invitee) -> None:
    if isinstance(to, Party):  # a contact person is known before there is an account
        if to.invitations.filter(
            email__iexact=who.email, accepted_at__isnull=False, accepted_by__memberships__party=to
        ):
            raise Refused(f"{who.name} nam de uitnodiging al aan, en kan inloggen voor {to}.")
        return
    member = to.memberships.filter(person__email__iexact=who.email).first()
    if member:
        raise Refused(f"{member.name} werkt al bij gemeente {to}, als {member.get_role_display()}.")


def _mail(invitation: Invitation, token: str) -> None:
    context = {
        "invitation": invitation,
        "until": date_format(timezone.localtime(invitation.expires_at), "j F Y"),
        "url": settings.PUBLIC_URL + reverse("invitation_link", args=[token]),
    }
    text = render_to_string("stakeholders/emails/invitation.txt", context)
    place = invitation.party or f"gemeente {invitation.gemeente}"
    send_mail(f"Uitnodiging: werk mee met {place}", text, None, [invitation.email])


def resend(invitation: Invitation, *, by: Person | None) -> Invitation:
    """Mails a new link, valid for a fortnight again. Raises Refused where the invitation was accepted or taken back."""
    if not Invitation.objects.pending().filter(pk=invitation.pk).exists():
        raise Refused("Deze uitnodiging is al aangenomen, vervangen of ingetrokken.")
    asked = invitation
    who = Invitee(asked.name, asked.email, asked.role, asked.function, asked.is_limited)
    return invite(invitation.place, who, by=by)


def revoke(invitation: Invitation) -> None:
    """Takes an invitation back: its link no longer works. Twice is once. Raises Refused where it was accepted."""
    Invitation.objects.pending().filter(pk=invitation.pk).update(revoked_at=timezone.now())
    if Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=False).exists():
        raise Refused(f"{invitation.name} nam de uitnodiging al aan. Beëindig de rol als dat niet de bedoeling is.")


def invitation_of(token: str) -> Invitation | None:
    """The invitation that this link was sent for, in whatever state."""
    return Invitation.objects.filter(token_hash=hash_of(token)).first()


@transaction.atomic
def accept(invitation: Invitation, *, name: str, function: str) -> Person:
    """Makes a member of who was invited, with an account to sign in by: once, however often it is clicked.

    Raises Refused where the invitation expired or was taken back, or a beheerder closed the account.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_by is not None:
        return invitation.accepted_by
    if not invitation.is_open:
        raise Refused(GONE)
    person = _person_of(invitation.email, name=name, function=function)
    known_as = {"name": name, "function": function}
    Membership.objects.update_or_create(
        person=person,
        gemeente=invitation.gemeente,
        party=invitation.party,
        defaults=known_as,
        create_defaults=known_as | {"role": invitation.role, "is_limited": invitation.is_limited},
    )
    invitation.accepted_at, invitation.accepted_by = timezone.now(), person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return person


def _person_of(email: str, *, name: str, function: str) -> Person:
    """The person who reads this mailbox, with an account; made where there was none."""
    known = Person.objects.filter(user__email__iexact=email).first()
    person = known or Person.objects.get_or_create(
        email__iexact=email, defaults={"email": email, "name": name, "function": function}
    )[0]  # fmt: skip
    if person.user is None:
        no_password = make_password(None)  # signs in by a mailed code
        person.user, _ = User.objects.get_or_create(
            email__iexact=email, defaults={"email": email.lower(), "password": no_password}
        )
        person.save(update_fields=["user"])
    if not person.user.is_active:
        raise Refused("Uw account is gesloten. Neem contact op met de beheerder van Thuiswijk.")
    return person
