"""Who may do what in a trajectory. What one may not even know of is left out by `Trajectory.objects.visible_to`."""

from __future__ import annotations

from stakeholders.models import Membership, Party
from stakeholders.perms import Anyone
from trajectories.models import Trajectory


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
