"""Who may do what with gemeenten, parties and persons.

A beheerder (`User.is_staff`) makes gemeenten and appoints their first projectleiders and their adviseurs, and sees nothing of
what is said or promised. A projectleider of the whole gemeente says who else works there, but for advisers.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import F, Q, QuerySet

from stakeholders.models import Gemeente, Invitation, Membership, Person, User
from thuiswijk.lib import links

Anyone = User | AnonymousUser
LINKS = "invitations"  # in the session: the invitations whose link this browser followed
ACTING_AS = "acting_as"  # in the session: the role that was chosen on "Voor wie werkt u nu?"


def person_of(user: Anyone) -> Person | None:
    """The person who acts through this account, or None for who is not known by name."""
    return getattr(user, "person", None)


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


def may_explain(user: Anyone, gemeente: Gemeente) -> bool:
    """Who keeps the list of abbreviations of a gemeente: who works on a trajectory there, and a beheerder."""
    if not user.is_authenticated:
        return False
    return user.is_staff or user.roles.filter(gemeente=gemeente, role__in=Membership.AT_WORK).exists()


def people_to_staff(user: Anyone) -> QuerySet[Person]:
    """The people whom this user may erase, as far as `gemeenten_to_staff` goes.

    For a beheerder that is everybody; for a projectleider of a whole gemeente who has a role there or in one of its parties.
    """
    gemeenten = gemeenten_to_staff(user)
    if gemeenten is None:
        return Person.objects.all()
    here = Membership.objects.filter(Q(gemeente__in=gemeenten) | Q(party__gemeente__in=gemeenten))
    return Person.objects.filter(memberships__in=here).distinct()


def gemeenten_to_staff(user: Anyone) -> list[int] | None:
    """The gemeenten for which this user asks what is known of a person, and has it erased: None, for a beheerder, is all there is.

    Whoever types an address makes its owner a contact person. So a projectleider never gets at what is not of the own
    gemeente: the account, its mail, and what others know of the person.
    """
    if not user.is_authenticated:
        return []
    if user.is_staff:
        return None
    led = Membership.objects.filter(person__user=user, role=Membership.Role.LEADER, is_limited=False)
    return list(led.order_by("gemeente").values_list("gemeente", flat=True))


def people_to_know(user: Anyone) -> QuerySet[Person]:
    """The people of whom this user may ask what we hold: whom they may erase, and themselves."""
    return Person.objects.filter(Q(pk__in=people_to_staff(user).values("pk")) | Q(user=user.pk or 0))


def gemeenten_to_know(user: Anyone, person: Person) -> list[int] | None:
    """For which gemeenten this user asks what is known of this person: None, for a beheerder and for oneself, is all there is."""
    return None if person.user_id is not None and person.user_id == user.pk else gemeenten_to_staff(user)


def may_appoint(user: Anyone, role: str) -> bool:
    """Advisers come over several gemeenten: a beheerder appoints them. The other roles are the gemeente's own."""
    return role != Membership.Role.ADVISER or is_beheerder(user)


def roles_to_give(user: Anyone) -> list[str]:
    """The roles in a gemeente that this user may invite people to."""
    return [role for role in Membership.IN_GEMEENTE if may_appoint(user, role)]


def roles_of(user: Anyone) -> list[Membership]:
    """What this user may do, and for whom: gemeenten first."""
    if not user.is_authenticated:
        return []
    places = user.roles.select_related("gemeente", "party__gemeente")
    return list(places.order_by(F("gemeente__name").asc(nulls_last=True), "party__name"))


def act_for(session: SessionBase, chosen: str, roles: list[Membership]) -> None:
    """Remembers for whom somebody with more than one role works now; anything else than one of the roles is all of them."""
    session[ACTING_AS] = next((role.pk for role in roles if str(role.pk) == chosen), None)


def acting_as(session: SessionBase, roles: list[Membership]) -> Membership | None:
    """The role that was chosen to work in, as long as one has it; None is all of them."""
    return next((role for role in roles if len(roles) > 1 and role.pk == session.get(ACTING_AS)), None)


def is_beheerder(user: Anyone) -> bool:
    """Who keeps the platform: makes gemeenten, and sees nothing of what is said in them."""
    return user.is_authenticated and user.is_staff


def remember_link(session: SessionBase, invitation: Invitation) -> None:
    """After following a link, this browser may accept the invitation; the link itself is needed no more."""
    links.remember(session, LINKS, invitation.pk)


def linked_invitations(session: SessionBase) -> list[int]:
    """The invitations that this browser may accept: it followed their link."""
    return links.followed(session, LINKS)


def is_for_another(user: Anyone, invitation: Invitation) -> bool:
    """Whether who is signed in here is not who was invited."""
    return user.is_authenticated and user.email.lower() != invitation.email.lower()
