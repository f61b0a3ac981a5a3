"""Who may do what in a trajectory. What one may not even know of is left out by `Trajectory.objects.visible_to`."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from stakeholders import perms
from stakeholders.models import User
from trajectories.models import Trajectory


def may_lead(user: User | AnonymousUser, trajectory: Trajectory) -> bool:
    """The projectleiders and advisers of the trajectory's gemeente change things; who reads along does not."""
    return perms.may_lead(user, trajectory.gemeente_id)
