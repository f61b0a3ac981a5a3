"""A party confirms its own part of the draft, between meetings: what it promises, in its own words, or that it can't.

Who leads a point stays the room's business: a party changes its words, and may say "dit kunnen wij niet, want …". What somebody
else wrote for it stays unconfirmed until it says so itself; a later change of its words by somebody else makes it so again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from agendas.models import AgendaVersion, Commitment, Endorsement, ImprovementPoint, Round
from stakeholders.models import Party, Person
from thuiswijk.lib.errors import Refused
from trajectories.models import Trajectory

AT_THE_PARTIES = (
    "De agenda is nu bevroren en ligt bij de partijen. U kunt nu antwoorden op die versie. Daarna kan het concept weer "
    "veranderen."
)
TWICE = "Uw partij zegt bij dit punt al dat zij iets niet kan. Zet alles bij elkaar."


@transaction.atomic
def confirm(promise: Commitment, *, is_able: bool, text: str, by: Person) -> Commitment:
    """The party says: this is right, in these words; or it can't (role kan_niet), and `text` says why.

    Raises Refused while a version lies with the parties, and where the party said already that it can't.
    """
    hold(promise.pk)  # as the form of the point does
    promise = Commitment.objects.select_related("point").get(pk=promise.pk)
    if is_at_the_parties(promise.point.trajectory_id):
        raise Refused(AT_THE_PARTIES)
    role = promise.role if is_able else Commitment.Role.UNABLE
    others = promise.point.commitments.filter(party=promise.party_id).exclude(pk=promise.pk)
    if others.filter(role=role).exists():
        raise Refused(TWICE)
    is_same = (promise.role, promise.text) == (role, text)
    if not (is_same and promise.is_confirmed):  # sent twice is confirmed once
        promise.role, promise.text = role, text
        promise.confirmed_at, promise.confirmed_by = timezone.now(), by
        promise.save()
    return promise


def is_at_the_parties(trajectory_id: int) -> bool:
    """Whether a version lies with the parties now: then they answer that, and the draft waits."""
    return Round.objects.filter(version__agenda__trajectory=trajectory_id, closed_at__isnull=True).exists()


def newest_versions(parties: Iterable[Party]) -> dict[int, AgendaVersion]:
    """By the id of each trajectory in which one of these parties takes part, the newest version that counts for it.

    That is the newest one that was laid before the parties and was not withdrawn: what was only frozen, or was taken back, is
    nothing that a party promised or was asked. Each has `answered_by`: the ids of the parties whose answer stands for it.
    """
    answers = Endorsement.objects.filter(Q(round=OuterRef("round")) | Q(carried__round=OuterRef("round")))
    found = _laid().filter(agenda__trajectory__parties__in=parties).order_by("agenda", "-number")
    found = found.annotate(answered_by=ArraySubquery(answers.order_by("party").values("party")))
    return {
        version.agenda.trajectory_id: version
        for version in found.distinct("agenda").select_related("agenda__trajectory", "round")
    }


def newest_of(trajectory: Trajectory) -> AgendaVersion | None:
    """The newest version that was laid before the parties of this trajectory and was not withdrawn, or None."""
    return _laid().filter(agenda__trajectory=trajectory).order_by("-number").first()


def _laid() -> QuerySet[AgendaVersion]:
    return AgendaVersion.objects.filter(round__isnull=False, round__is_withdrawn=False)


def drafted_for(parties: Iterable[Party], frozen: dict[int, AgendaVersion]) -> list[Commitment]:
    """What these parties may confirm now, by point: what stands for them in a draft that was begun.

    Not what stands in the newest version (`frozen`, by trajectory) as it is: they are asked about that one. And nothing while
    a version lies with the parties.
    """
    return [
        promise
        for promise in promises_of(parties)
        if not promise.is_waiting and not stands_in(promise, frozen.get(promise.point.trajectory_id))  # type: ignore[attr-defined]
    ]


def promises_of(parties: Iterable[Party]) -> QuerySet[Commitment]:
    """What these parties do on the points of a draft that was begun, with `writer`: who changed it last.

    And `is_waiting`: whether a version lies with the parties now.
    """
    open_rounds = Round.objects.filter(
        version__agenda__trajectory=OuterRef("point__trajectory"), closed_at__isnull=True
    )
    events = Commitment.events.rel.related_model.objects.filter(pgh_obj=OuterRef("pk"))  # type: ignore[attr-defined]
    account = events.order_by("-pgh_id").values(account=KeyTextTransform("user", "pgh_context__metadata"))
    writer = Person.objects.filter(user=Cast(OuterRef("account"), BigIntegerField())).order_by("pk")
    mine = Commitment.objects.filter(party__in=parties, point__trajectory__agenda__isnull=False)
    return (
        mine.filter(point__theme__declined_because="")
        .annotate(is_waiting=Exists(open_rounds), account=Subquery(account[:1]))
        .annotate(writer=Subquery(writer.values("name")[:1]))
        .select_related("party__gemeente", "point__trajectory", "point__theme", "confirmed_by")
        .order_by("point__theme__position", "point__theme", "point__position", "point", "pk")
    )


def hold(promise_id: int) -> None:
    """Until the end of the transaction nobody else changes the point of this promise, nor what parties do on it."""
    list(ImprovementPoint.objects.select_for_update(of=("self",)).filter(commitments=promise_id))


def stands_in(promise: Commitment, version: AgendaVersion | None) -> bool:
    """Whether a frozen version holds this promise as it is: then the parties were asked about it already.

    Before schema 3 a point had no id: then its title tells which one it is.
    """
    if version is None:
        return False
    said = {"party": promise.party_id, "role": promise.role, "text": promise.text}
    known = (promise.point_id, promise.point.title)
    return any(
        point.get("id", point["title"]) in known and said in point["commitments"] for point in version.data["points"]
    )


@dataclass
class Confirmed:
    """How far the parties confirmed what stands in the draft for them, save what a frozen version holds already."""

    asked: int = 0
    confirmed: int = 0
    waiting: dict[str, int] = field(default_factory=dict)  # by the name of the party, how many are not confirmed


def confirmed_in(points: Iterable[ImprovementPoint], version: AgendaVersion | None) -> Confirmed:
    """Of the points of `drafting.points_of`; `version` is the newest frozen one, or None."""
    found = Confirmed()
    for point in points:
        for promise in point.promises:  # type: ignore[attr-defined]
            promise.is_settled = stands_in(promise, version)
            if promise.is_settled:
                continue
            found.asked += 1
            found.confirmed += promise.is_confirmed
            if not promise.is_confirmed:
                found.waiting[promise.party.name] = found.waiting.get(promise.party.name, 0) + 1
    return found
