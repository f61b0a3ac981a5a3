"""Who may do what in a trajectory. What one may not even know of is left out by `Trajectory.objects.visible_to`."""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Q, QuerySet

from stakeholders.models import Gemeente, Membership, Party
from stakeholders.perms import Anyone, gemeenten_to_lead
from thuiswijk.lib import links
from trajectories import calendars
from trajectories.models import MeetingInvitation, Trajectory, TrajectoryQuerySet

LINKS = "meeting_invitations"  # in the session: the invitations to meetings whose link this browser followed


def role_in(user: Anyone, trajectory: Trajectory) -> str | None:
    """The role in which this user sees the trajectory, or None. One that was fetched `visible_to` the user knows it."""
    if not hasattr(trajectory, "role"):
        seen = Trajectory.objects.visible_to(user).filter(pk=trajectory.pk).first()
        trajectory.role = seen.role if seen else None  # type: ignore[attr-defined]
    return trajectory.role  # type: ignore[attr-defined]


def may_lead(user: Anyone, trajectory: Trajectory) -> bool:
    """A projectleider or adviseur of the trajectory changes things; a meelezer only reads."""
    return role_in(user, trajectory) in Membership.AT_WORK


def may_change_party(user: Anyone, party: Party) -> bool:
    """Who sees every trajectory that the party takes part in. Whoever changes the contact person's address gets the next
    question to endorse, also that of a trajectory which is not theirs to see."""
    seen = Trajectory.objects.visible_to(user).values("pk")
    return not party.trajectories.exclude(pk__in=seen).exists()


def may_staff(user: Anyone, trajectory: Trajectory) -> bool:
    """A projectleider says who else works in the trajectory; an adviseur does not."""
    return role_in(user, trajectory) == Membership.Role.LEADER


def remember_link(session: SessionBase, invitation: MeetingInvitation) -> None:
    """After following a link, this browser may answer for its party; the link itself is needed no more."""
    links.remember(session, LINKS, invitation.pk)


def invitations_to_answer(user: Anyone, session: SessionBase) -> QuerySet[MeetingInvitation]:
    """The invitations that may be answered here: this browser followed their link, or the contact person is signed in."""
    mine = Q(pk__in=links.followed(session, LINKS))
    if user.is_authenticated:
        mine |= Q(pk__in=calendars.invitations_of(user).values("pk"))
    return MeetingInvitation.objects.filter(mine)


def may_set_draaiboek(user: Anyone, gemeente: Gemeente) -> bool:
    """Who may begin a trajectory in the gemeente says how its meetings are planned."""
    return gemeente in gemeenten_to_lead(user)


def trajectories_led(user: Anyone) -> TrajectoryQuerySet:
    """The trajectories, in whatever gemeente, that this user leads or advises: from these one may copy."""
    return Trajectory.objects.visible_to(user).filter(Q(("role__in", Membership.AT_WORK)))
