"""Who works where: in a trajectory, in a gemeente, and for a party. Access to all the rest follows from it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from stakeholders import invitations
from stakeholders.models import Gemeente, Membership, Person
from stakeholders.perms import may_staff as may_staff_gemeente
from stakeholders.perms import person_of
from stakeholders.views import gemeente_to_staff
from thuiswijk.lib import wall
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.web import allow, posted_from
from trajectories import perms, staffing
from trajectories.forms import AppointForm, HandOverForm
from trajectories.models import Trajectory
from trajectories.views import once, to_lead, trajectory_of


def to_staff(request: HttpRequest, pk: int) -> tuple[Trajectory, Person]:
    """The trajectory and the person at the screen, who says who works in it; 403 otherwise."""
    trajectory, person = trajectory_of(request, pk), person_of(request.user)
    allow(person is not None and perms.may_staff(request.user, trajectory))
    assert person is not None
    return trajectory, person


def trajectory_people(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    people = list(trajectory.people)
    form = AppointForm(trajectory=trajectory)
    context = {
        "trajectory": trajectory,
        "groups": staffing.by_role(people),
        "is_led_alone": sum(one.role == Membership.Role.LEADER for one in people) == 1,
        "may_staff": perms.may_staff(request.user, trajectory),
        "may_invite": may_staff_gemeente(request.user, trajectory.gemeente),
        "form": form,
        "has_others": form.fields["membership"].queryset.exists(),  # type: ignore[attr-defined]
    }
    return render(request, "trajectories/trajectory_people.html", context)


@posted_from("trajectory_people")
def trajectory_appoint(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory, person = to_staff(request, pk)
    form = AppointForm(request.POST, trajectory=trajectory)
    if form.is_valid():
        colleague = form.cleaned_data["membership"]
        staffing.appoint(trajectory, colleague, by=person)
        messages.success(request, f"{colleague.name} werkt nu mee aan {trajectory}.")
    else:
        messages.error(request, "Kies iemand uit de lijst. Misschien werkt deze collega al mee.")
    return redirect("trajectory_people", pk)


@posted_from("trajectory_people")
def trajectory_dismiss(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    trajectory, _ = to_staff(request, pk)
    colleague = get_object_or_404(Membership, gemeente=trajectory.gemeente_id, is_limited=True, pk=membership_pk)
    try:
        staffing.dismiss(trajectory, colleague)
        messages.success(request, f"{colleague.name} werkt niet meer aan {trajectory}, en kan er niet meer bij.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    still_there = Trajectory.objects.visible_to(request.user).filter(pk=pk).exists()
    return redirect("trajectory_people", pk) if still_there else redirect("home")


@once
def role_end(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Membership.objects.filter(gemeente__in=Gemeente.objects.visible_to(request.user))
    membership = get_object_or_404(visible.select_related("gemeente", "person"), pk=pk)
    gemeente = membership.gemeente
    assert gemeente is not None
    allow(may_staff_gemeente(request.user, gemeente))
    wall.enter([gemeente.pk])  # a beheerder as well: what would go without projectleider is asked here
    refusal = None
    if request.method == "POST":
        try:
            staffing.end(membership)
            messages.success(request, f"De rol van {membership.name} is beëindigd.")
            return redirect(*_back_to_people(request, gemeente))
        except Refused as refused:
            refusal = str(refused)
    context = {"gemeente": gemeente, "membership": membership, "refusal": refusal, "key": uuid.uuid4()}
    return render(request, "trajectories/role_end.html", context)


@once
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    gemeente = gemeente_to_staff(request, pk)
    wall.enter([gemeente.pk])  # a beheerder as well: the trajectories go with it
    form = HandOverForm(request.POST or None, gemeente=gemeente, initial={"leaving": request.GET.get("van")})
    if form.is_valid():
        leaving, to = form.cleaned_data["leaving"], form.cleaned_data["to"]
        try:
            staffing.hand_over(leaving, to=to, by=person_of(request.user))
            messages.success(request, f"{to.name} is nu projectleider. {leaving.name} kan er niet meer bij.")
            return redirect(*_back_to_people(request, gemeente))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "trajectories/hand_over.html", {"gemeente": gemeente, "form": form})


def _back_to_people(request: HttpRequest, gemeente: Gemeente) -> list[Any]:
    """Where one goes on after taking a role away, which may have been one's own."""
    return ["people", gemeente.pk] if may_staff_gemeente(request.user, gemeente) else ["home"]


@posted_from("trajectory_detail")
def party_invite(request: HttpRequest, pk: int, party_pk: int) -> HttpResponse:
    """Asks the contact person of a party to come in with an account."""
    trajectory = trajectory_of(request, pk)
    person = to_lead(request, trajectory)
    party = get_object_or_404(trajectory.parties, pk=party_pk)
    contact = party.contact
    try:
        if contact is None or not contact.person.email:
            raise Refused("Vul eerst een contactpersoon met een e-mailadres in.")
        role, email = Membership.Role.CONTACT, contact.person.email
        invitations.invite(party, invitations.Invitee(contact.name, email, role, contact.function), by=person)
        messages.success(request, f"{contact.name} krijgt een e-mail met een link. Die werkt veertien dagen.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("party_edit", pk, party_pk)
