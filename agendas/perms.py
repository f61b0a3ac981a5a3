"""Who may do what with an agenda. A party answers through its link, or through the account of its contact person."""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from agendas.models import EndorsementRequest
from stakeholders import second_factor
from stakeholders.models import Membership, Party
from stakeholders.perms import Anyone
from thuiswijk.lib import links

LINKS = "endorsement_requests"  # in the session: the requests whose link this browser followed


def remember_link(session: SessionBase, request: EndorsementRequest) -> None:
    """After following a link, this browser may answer for its party; the link itself is needed no more."""
    links.remember(session, LINKS, request.pk)


def linked_requests(session: SessionBase) -> list[int]:
    """The requests that this browser may answer: it followed their link."""
    return links.followed(session, LINKS)


def parties_of(user: Anyone) -> QuerySet[Party]:
    """The parties whose contact person is signed in."""
    roles = Membership.objects.filter(role=Membership.Role.CONTACT)
    mine = roles.filter(person__user=user) if user.is_authenticated else roles.none()
    return Party.objects.filter(pk__in=mine.values("party"))


def requests_to_answer(user: Anyone, session: SessionBase) -> QuerySet[EndorsementRequest]:
    """The requests that this browser followed the link of, or whose contact person is signed in; also those that were replaced.

    A second person signs through the link only: the contact person could be the first.
    """
    mine = Q(pk__in=linked_requests(session)) | Q(party__in=parties_of(user), seconds__isnull=True)
    return EndorsementRequest.objects.filter(mine)


def may_answer_at_once(request: HttpRequest, asked: EndorsementRequest) -> bool:
    """Whether it is sure who answers without a code by mail: the contact person who was asked is signed in, with a second
    factor. Another contact person of the party, or who had the question before it was handed over, gets a code."""
    if asked.seconds_id is not None or asked.person is None or asked.person.user_id != request.user.pk:
        return False
    is_contact = parties_of(request.user).filter(pk=asked.party_id).exists()
    return is_contact and second_factor.is_given(request)


def signed_in_as(user: Anyone) -> str:
    """The address of the account that is signed in; "" without one."""
    return user.email if user.is_authenticated else ""


def who_acts(user: Anyone, session: SessionBase, asked: EndorsementRequest) -> Membership | EndorsementRequest:
    """As whom somebody acts here: who was asked, or the contact person who is signed in and followed no link."""
    if asked.pk in linked_requests(session) or not user.is_authenticated:
        return asked
    mine = asked.party.memberships.filter(person__user=user, role=Membership.Role.CONTACT)
    return mine.exclude(person=asked.person_id).first() or asked


def address_of(user: Anyone, session: SessionBase, asked: EndorsementRequest) -> str:
    """Where the code goes: to whom the link was mailed, or to the contact person who is signed in; empty where that is nobody."""
    if asked.pk not in linked_requests(session) and user.is_authenticated:
        return user.email
    return asked.address
