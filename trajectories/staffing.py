"""Who works in a trajectory: appointing, dismissing, and handing over. A trajectory never goes without a projectleider.

Each verb holds the gemeente's row, so that two projectleiders can't dismiss each other in the same moment; the database
checks the same when the transaction ends (migration 0004).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from stakeholders.models import Gemeente, Membership, Person
from thuiswijk.lib.errors import Refused
from trajectories.models import Appointment, Trajectory


def appoint(trajectory: Trajectory, membership: Membership, *, by: Person | None) -> None:
    """Lets somebody with a limited role in the gemeente work in this trajectory. Twice is once."""
    Appointment.objects.get_or_create(trajectory=trajectory, membership=membership, defaults={"appointed_by": by})


def appoint_beginner(trajectory: Trajectory, *, by: Person) -> None:
    """Who begins a trajectory leads it, also where that person's role is limited to own trajectories."""
    for membership in by.memberships.filter(gemeente=trajectory.gemeente, is_limited=True):
        appoint(trajectory, membership, by=by)


@transaction.atomic
def dismiss(trajectory: Trajectory, membership: Membership) -> None:
    """Takes somebody off one trajectory, at once. Raises Refused where nobody would lead it."""
    _hold(trajectory.gemeente_id)
    trajectory.appointments.filter(membership=membership).delete()
    _check(Trajectory.objects.filter(pk=trajectory.pk))


@transaction.atomic
def end(membership: Membership) -> None:
    """Takes a role in a gemeente away, at once. Raises Refused where a trajectory would be left without projectleider."""
    _hold(membership.gemeente_id)
    membership.delete()
    _check(Trajectory.objects.filter(gemeente=membership.gemeente_id))


@transaction.atomic
def hand_over(leaving: Membership, *, to: Membership, by: Person | None) -> None:
    """Gives the trajectories of a projectleider who leaves to a colleague; the role of who leaves ends at once.

    The colleague becomes projectleider too, of as much as the other one was. Raises Refused where they are of two gemeenten.
    """
    if leaving.gemeente_id != to.gemeente_id or leaving.pk == to.pk:
        raise Refused("Kies een collega van dezelfde gemeente.")
    _hold(leaving.gemeente_id)
    appointed = Trajectory.objects.filter(appointments__membership=leaving)
    to.is_limited = leaving.is_limited and (to.is_limited or to.role != Membership.Role.LEADER)
    to.role = Membership.Role.LEADER
    to.save(update_fields=["role", "is_limited"])
    if to.is_limited:
        for trajectory in appointed:
            appoint(trajectory, to, by=by)
    else:
        to.appointments.all().delete()  # the whole gemeente has them in it
    end(leaving)


def by_role(people: Iterable[Membership]) -> list[tuple[str, list[Membership]]]:
    """People as a page lists them: who leads, who advises, who reads along."""
    headings = {
        Membership.Role.LEADER: "Projectleiders",
        Membership.Role.ADVISER: "Adviseurs",
        Membership.Role.READER: "Meelezers",
    }
    known = list(people)
    return [(heading, [one for one in known if one.role == role]) for role, heading in headings.items()]


def without_leader(trajectories: QuerySet[Trajectory]) -> list[Trajectory]:
    """Those of these trajectories that nobody leads."""
    return [trajectory for trajectory in trajectories.order_by("name") if not trajectory.leaders.exists()]


def _hold(gemeente_id: int | None) -> None:
    assert gemeente_id is not None, "the role of a contact person is its party's"
    Gemeente.objects.select_for_update().get(pk=gemeente_id)


def _check(trajectories: QuerySet[Trajectory]) -> None:
    left = without_leader(trajectories)
    if left:
        names = ", ".join(trajectory.name for trajectory in left)
        raise Refused(f"Dan heeft {names} geen projectleider meer. Wijs eerst iemand anders aan, of draag het over.")
