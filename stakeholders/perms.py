"""Who may do what with gemeenten, parties and persons.

A beheerder (`User.is_staff`) makes gemeenten and appoints their first projectleiders and their adviseurs, and sees nothing of
what is said or promised. A projectleider of the whole gemeente says who else works there, but for advisers.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from stakeholders.models import Gemeente, Membership, Person, User

Anyone = User | AnonymousUser


def person_of(user: Anyone) -> Person | None:
    """The person who acts through this account, or None for who is not known by name."""
    return Person.objects.filter(user=user).first() if user.is_authenticated else None


def gemeenten_to_lead(user: Anyone) -> list[Gemeente]:
    """The gemeenten in which this user is projectleider, and so may begin a trajectory."""
    if not user.is_authenticated:
        return []
    led = Membership.objects.filter(person__user=user, role=Membership.Role.LEADER)
    return list(Gemeente.objects.filter(memberships__in=led).order_by("name"))


def may_staff(user: Anyone, gemeente: Gemeente) -> bool:
    """Who invites people to a gemeente and takes their roles away: a beheerder, or a projectleider of all of it."""
    if not user.is_authenticated:
        return False
    led = Membership.objects.filter(person__user=user, gemeente=gemeente, role=Membership.Role.LEADER, is_limited=False)
    return user.is_staff or led.exists()


def people_to_staff(user: Anyone) -> QuerySet[Person]:
    """The people of whom this user may ask what we hold, and whom they may erase.

    For a beheerder that is everybody; for a projectleider of a whole gemeente who has a role there or in one of its parties.
    """
    if not user.is_authenticated:
        return Person.objects.none()
    if user.is_staff:
        return Person.objects.all()
    led = Gemeente.objects.filter(
        memberships__person__user=user, memberships__role=Membership.Role.LEADER, memberships__is_limited=False
    )
    here = Membership.objects.filter(Q(gemeente__in=led) | Q(party__gemeente__in=led))
    return Person.objects.filter(memberships__in=here).distinct()


def may_appoint(user: Anyone, role: str) -> bool:
    """Advisers come over several gemeenten: a beheerder appoints them. The other roles are the gemeente's own."""
    return role != Membership.Role.ADVISER or (user.is_authenticated and user.is_staff)
