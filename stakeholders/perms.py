"""Who may do what with parties and persons."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from stakeholders.models import Gemeente, Membership, Person, User


def person_of(user: User | AnonymousUser) -> Person | None:
    """The person who acts through this account, or None for who is not known by name."""
    return Person.objects.filter(user=user).first() if user.is_authenticated else None


def may_lead(user: User | AnonymousUser, gemeente_id: int) -> bool:
    """A projectleider or adviseur of the gemeente does the work of a trajectory; a meelezer only reads."""
    return (
        user.is_authenticated
        and Membership.objects.filter(
            person__user=user, gemeente=gemeente_id, role__in=[Membership.Role.LEADER, Membership.Role.ADVISER]
        ).exists()
    )


def gemeenten_to_lead(user: User | AnonymousUser) -> list[Gemeente]:
    """The gemeenten in which this user may begin a trajectory."""
    if not user.is_authenticated:
        return []
    roles = [Membership.Role.LEADER, Membership.Role.ADVISER]
    return list(
        Gemeente.objects.filter(memberships__person__user=user, memberships__role__in=roles).distinct().order_by("name")
    )
