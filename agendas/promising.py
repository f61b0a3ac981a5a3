"""What parties promised, as one list by date: from the newest version that counts, or from the draft where there is none yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from agendas import confirming
from agendas.models import AgendaVersion, Commitment, ProgressReport
from stakeholders.models import Party
from trajectories.models import Trajectory

Key = tuple[int, int | str, int, str]  # trajectory, id of the point (or its title, before schema 3), party, role
PROMISES = (Commitment.Role.LEADER, Commitment.Role.CONTRIBUTOR, Commitment.Role.EXPERT)  # and not what it can't


@dataclass(frozen=True)
class Promise:
    """One thing that a party does, with the version that says so; none for what only stands in the draft."""

    party: Party
    trajectory: Trajectory
    version: AgendaVersion | None
    title: str
    role_label: str
    text: str
    first_step: str
    ready_on: date | None
    is_done: bool

    @property
    def is_late(self) -> bool:
        """Whether the day is past, and nobody said that it is done."""
        return bool(not self.is_done and self.ready_on and self.ready_on < timezone.localdate())


def made_by(parties: Iterable[Party]) -> list[Promise]:
    """Everything that these parties promised, what must be ready first in front, and what has no date at the end."""
    known = {party.pk: party for party in parties}
    frozen = confirming.newest_versions(known.values())
    done = _done(known.values())
    found = [*_frozen(known, frozen.values(), done), *_drafted(known, frozen.keys(), done)]
    return sorted(found, key=lambda one: (one.ready_on or date.max, one.trajectory.name, one.title))


def _frozen(known: dict[int, Party], versions: Iterable[AgendaVersion], done: set[Key]) -> Iterator[Promise]:
    labels = dict(Commitment.Role.choices)
    for version in versions:
        of = version.agenda.trajectory_id
        for point in version.data["points"]:
            which = point.get("id", point["title"])
            for one in point["commitments"]:
                if one["party"] in known and one["role"] in PROMISES:
                    yield Promise(
                        party=known[one["party"]],
                        trajectory=version.agenda.trajectory,
                        version=version,
                        title=point["title"],
                        role_label=labels[one["role"]],
                        text=one["text"],
                        first_step=point["first_step"],
                        ready_on=date.fromisoformat(point["ready_on"]) if point["ready_on"] else None,
                        is_done=(of, which, one["party"], one["role"]) in done,
                    )


def _drafted(known: dict[int, Party], frozen: Iterable[int], done: set[Key]) -> Iterator[Promise]:
    drafts = confirming.promises_of(known.values()).exclude(point__trajectory__in=frozen).filter(role__in=PROMISES)
    for one in drafts:
        yield Promise(
            party=known[one.party_id],
            trajectory=one.point.trajectory,
            version=None,
            title=one.point.title,
            role_label=one.get_role_display(),
            text=one.text,
            first_step=one.point.first_step,
            ready_on=one.point.ready_on,
            is_done=(one.point.trajectory_id, one.point_id, one.party_id, one.role) in done,
        )


def _done(parties: Iterable[Party]) -> set[Key]:
    """What was last reported as done, under the id of its point and under its title."""
    last = ProgressReport.objects.filter(commitment=OuterRef("pk")).order_by("-reported_at", "-pk")
    reported = Commitment.objects.filter(party__in=parties).annotate(state=Subquery(last.values("state")[:1]))
    done = reported.filter(state=ProgressReport.State.DONE).select_related("point")
    return {
        (one.point.trajectory_id, point, one.party_id, one.role)
        for one in done
        for point in (one.point_id, one.point.title)
    }
