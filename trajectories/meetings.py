"""Opening a meeting for contributions, closing it, and saying that it does not take place."""

from __future__ import annotations

from django.db import transaction

from stakeholders.models import Person
from thuiswijk.lib.errors import Refused
from trajectories import phases, reporting
from trajectories.models import Meeting, Step

STEP_OF = {Meeting.Kind.TALK: Step.TALKS, Meeting.Kind.START: Step.START, Meeting.Kind.WORK: Step.WORK}


@transaction.atomic
def change_state(meeting: Meeting, state: Meeting.State, *, by: Person) -> Meeting:
    """Opens or closes the meeting. Opening also asks the first question of its agenda where it has none of its own, and moves
    the trajectory on to the step that this kind of meeting stands for; closing orders the report.

    Asking for the state it already has changes nothing. Raises Refused where that state does not follow.
    """
    meeting = Meeting.objects.select_for_update().select_related("trajectory").get(pk=meeting.pk)
    if meeting.state == state:
        return meeting
    if state not in Meeting.NEXT[Meeting.State(meeting.state)]:
        raise Refused(f"Dit kan nu niet. De stand van de bijeenkomst is: {meeting.get_state_display()}.")
    meeting.state, meeting.cancelled_reason = state, ""
    if state == Meeting.State.OPENED and not meeting.question_now:
        meeting.item = meeting.items.exclude(question="").first()
    meeting.save(update_fields=["state", "cancelled_reason", "item"])
    if state == Meeting.State.OPENED and meeting.kind in STEP_OF:
        phases.reach(meeting.trajectory, STEP_OF[Meeting.Kind(meeting.kind)], by=by)
    if state == Meeting.State.CLOSED:
        reporting.order(meeting)
    return meeting


@transaction.atomic
def cancel(meeting: Meeting, *, reason: str) -> Meeting:
    """The meeting does not take place, for this reason. Cancelled already, it keeps the reason that it has.

    Raises Refused where it was opened: then people came together, and what they said stands.
    """
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.state == Meeting.State.CANCELLED:
        return meeting
    if Meeting.State.CANCELLED not in Meeting.NEXT[Meeting.State(meeting.state)]:
        raise Refused("Deze bijeenkomst is al begonnen of voorbij. Daarom kan zij niet meer worden afgezegd.")
    meeting.state, meeting.cancelled_reason = Meeting.State.CANCELLED, reason
    meeting.save(update_fields=["state", "cancelled_reason"])
    return meeting
