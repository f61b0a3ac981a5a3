"""Who works in a trajectory, and that it never goes without a projectleider."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from stakeholders.models import Membership
from tests.factories import AppointmentFactory, MembershipFactory, TrajectoryFactory
from thuiswijk.lib import wall
from thuiswijk.lib.errors import Refused
from trajectories import staffing
from trajectories.models import Trajectory

LEADER = Membership.Role.LEADER


@transaction.atomic
def at_once(change) -> None:
    change()
    connection.check_constraints()


def seen_by(person) -> dict[str, str]:
    return dict(Trajectory.objects.visible_to(person.user).values_list("name", "role"))


def test_leader_of_the_gemeente_sees_all_its_trajectories(cast):
    TrajectoryFactory(gemeente=cast.here, name="Havenrij")
    assert seen_by(cast.leader) == {"Lindenkwartier": "projectleider", "Havenrij": "projectleider"}


def test_limited_role_sees_what_one_is_appointed_to(cast):
    other = TrajectoryFactory(gemeente=cast.here, name="Havenrij")
    limited = MembershipFactory(gemeente=cast.here, role=LEADER, is_limited=True)
    assert seen_by(limited.person) == {}
    staffing.appoint(other, limited, by=cast.leader)
    staffing.appoint(other, limited, by=cast.leader)
    assert seen_by(limited.person) == {"Havenrij": "projectleider"}
    assert seen_by(cast.adviser) == {"Lindenkwartier": "adviseur"}


def test_appointment_is_within_the_gemeente(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        staffing.appoint(cast.elsewhere, cast.adviser.memberships.get(), by=cast.leader)


def test_adviser_is_never_of_the_whole_gemeente(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(gemeente=cast.here, role=Membership.Role.ADVISER, is_limited=False)


def test_last_leader_stays(cast):
    with pytest.raises(Refused, match="Lindenkwartier geen projectleider"):
        staffing.end(cast.leader.memberships.get())
    assert cast.leader.memberships.exists()


def test_last_leader_stays_by_the_databases_own_rule(cast):
    own = cast.leader.memberships.all()
    for change in (own.delete, lambda: own.update(role=Membership.Role.READER), lambda: own.update(is_limited=True)):
        with pytest.raises(IntegrityError, match="without projectleider"):
            at_once(change)


def test_dismissed_person_sees_nothing_at_once(cast):
    limited = AppointmentFactory(trajectory=cast.trajectory, membership__role=LEADER, membership__is_limited=True)
    browser = cast.client(limited.membership.person)
    address = reverse("trajectory_detail", args=[cast.trajectory.pk])
    assert browser.get(address).status_code == 200
    staffing.dismiss(cast.trajectory, limited.membership)
    assert browser.get(address).status_code == 404


def test_hand_over_of_the_whole_gemeente(cast):
    leaving, colleague = cast.leader.memberships.get(), cast.reader.memberships.get()
    staffing.hand_over(leaving, to=colleague, by=cast.leader)
    assert seen_by(cast.leader) == {}
    assert seen_by(cast.reader) == {"Lindenkwartier": "projectleider"}


def test_hand_over_gives_no_more_than_there_was(cast):
    other = TrajectoryFactory(gemeente=cast.here, name="Havenrij")
    leaving = AppointmentFactory(trajectory=other, membership__role=LEADER, membership__is_limited=True).membership
    colleague = cast.reader.memberships.get()
    staffing.hand_over(leaving, to=colleague, by=cast.leader)
    assert seen_by(cast.reader) == {"Havenrij": "projectleider"}


def test_leader_of_all_is_one_leader_also_after_taking_over(cast):
    other = TrajectoryFactory(gemeente=cast.here, name="Havenrij")
    colleague = AppointmentFactory(trajectory=other, membership__role=LEADER, membership__is_limited=True).membership
    staffing.appoint(cast.trajectory, colleague, by=cast.leader)
    staffing.hand_over(cast.leader.memberships.get(), to=colleague, by=cast.leader)
    for trajectory in (cast.trajectory, other):
        assert [membership.pk for membership in trajectory.leaders] == [colleague.pk]
    assert not colleague.appointments.exists()


def test_hand_over_stays_within_the_gemeente(cast):
    with pytest.raises(Refused, match="dezelfde gemeente"):
        staffing.hand_over(cast.leader.memberships.get(), to=cast.stranger.memberships.get(), by=cast.leader)


def test_who_begins_a_trajectory_leads_it(cast):
    limited = MembershipFactory(gemeente=cast.here, role=LEADER, is_limited=True)
    browser = cast.client(limited.person)
    browser.post(reverse("trajectory_new"), {"gemeente": cast.here.pk, "name": "Nieuwland"})
    assert seen_by(limited.person) == {"Nieuwland": "projectleider"}


def test_last_leader_stays_for_who_sees_no_trajectories(cast):
    """A beheerder stands behind a wall without trajectories; the database checks them all the same."""

    def end() -> None:
        wall.enter([], is_platform=True)
        Membership.objects.filter(person=cast.leader).delete()

    with pytest.raises(IntegrityError, match="without projectleider"):
        at_once(end)
