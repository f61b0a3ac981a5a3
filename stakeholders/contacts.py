"""Who speaks for a party: the person whom we ask to endorse for it."""

from __future__ import annotations

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.template.loader import render_to_string
from django.utils import timezone

from stakeholders.models import Membership, Party, Person


@transaction.atomic
def name_contact(party: Party, *, email: str, name: str, function: str) -> None:
    """Makes who reads this address the contact person of the party; without an address it has none.

    Another address is another person, so that nobody's name changes under a promise; the one before is told at the old
    address, for whoever changes it here will get the next link. The name and function are those by which this party knows
    the person: what others call the person is not ours.
    """
    before = party.contact
    if before and before.person.email.lower() != email.lower():
        before.delete()
        party.invitations.pending().update(revoked_at=timezone.now())
        _tell(before, party)
    if email:
        person = reading(email, name=name)
        known_as = {"role": Membership.Role.CONTACT, "name": name, "function": function}
        Membership.objects.update_or_create(person=person, party=party, defaults=known_as)


def reading(email: str, *, name: str) -> Person:
    """The person who reads mail at this address; a new one by this name where nobody is known to."""
    return Person.objects.get_or_create(email__iexact=email, defaults={"email": email.lower(), "name": name})[0]


def addresses_of(*addresses: str) -> set[str]:
    """All addresses by which who reads mail at one of these is known, in small letters: as a person, and of the account."""
    given = {address.lower() for address in addresses if address}
    people = Person.objects.annotate(own=Lower("email"), account=Lower("user__email"))
    known = people.filter(Q(own__in=given) | Q(account__in=given)).values_list("own", "account")
    return given.union(*known) - {"", None}


def _tell(before: Membership, party: Party) -> None:
    if before.person.email:
        text = render_to_string("stakeholders/emails/no_longer_contact.txt", {"contact": before, "party": party})
        send_mail(f"U bent niet meer de contactpersoon van {party}", text, None, [before.person.email])
