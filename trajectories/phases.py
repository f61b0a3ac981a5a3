"""The road of a trajectory, from aanmelding to nakoming."""

from __future__ import annotations

from django.db import transaction

from stakeholders.models import Person
from trajectories.models import Phase, Step, Trajectory


def enter(trajectory: Trajectory, step: Step, *, by: Person | None) -> Phase:
    """Notes that the trajectory enters `step` now. Any step may follow any other: a projectleider decides, the road records.

    Entering the step where it already stands changes nothing, so that a double click counts once.
    """
    with transaction.atomic():
        Trajectory.objects.select_for_update().get(pk=trajectory.pk)
        latest = trajectory.phases.last()
        if latest and latest.step == step:
            return latest
        return trajectory.phases.create(step=step, entered_by=by)


def reach(trajectory: Trajectory, step: Step, *, by: Person | None) -> None:
    """Moves the trajectory on to `step` where it has not come so far yet; never back."""
    steps = list(Step)
    latest = trajectory.phases.last()
    if latest is None or steps.index(Step(latest.step)) < steps.index(step):
        enter(trajectory, step, by=by)


def step_of(trajectory: Trajectory) -> Step | None:
    """Where a trajectory stands, or None before its first step. One that was fetched `with_step` knows it."""
    if hasattr(trajectory, "step"):
        return Step(trajectory.step) if trajectory.step else None
    latest = trajectory.phases.last()
    return Step(latest.step) if latest else None


def label_of(trajectory: Trajectory) -> str:
    """The words for it, as a list shows them."""
    step = step_of(trajectory)
    return str(step.label) if step else ""


def road(at: Step | None) -> list[dict[str, str]]:
    """The nine steps as the page draws them: label and state (done, current, todo)."""
    steps = list(Step)
    place = steps.index(at) if at else -1
    states = ["done" if i < place else "current" if i == place else "todo" for i in range(len(steps))]
    return [{"label": step.label, "state": state} for step, state in zip(steps, states, strict=True)]
