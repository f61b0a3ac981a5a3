"""The wijken and buurten of a gemeente with their outlines, and the map of a trajectory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Left

from stakeholders.models import Gemeente
from thuiswijk.lib.maps import Place, map_of
from thuiswijk.lib.outlines import Area
from trajectories.models import Trajectory, Wijk


@dataclass(frozen=True)
class ReadIn:
    """How many areas were read, and how many of those were not known before."""

    count: int
    new: int

    @property
    def sentence(self) -> str:
        """“De kaart is ingelezen: 12 gebieden, waarvan 3 nieuw.”"""
        return f"De kaart is ingelezen: {self.count} gebied{'en' if self.count > 1 else ''}, waarvan {self.new} nieuw."


@transaction.atomic
def read_in(gemeente: Gemeente, areas: list[Area], *, year: int, source: str) -> ReadIn:
    """Keeps areas of a file (thuiswijk.lib.outlines) as those of the gemeente in that year. One that is known keeps its name.

    `source` is who made the outlines, as it stands under a map.
    """
    codes = [area.code for area in areas]
    known = gemeente.wijken.filter(year=year, code__in=codes).count()
    Wijk.objects.bulk_create(
        [
            Wijk(
                gemeente=gemeente,
                year=year,
                code=area.code,
                name=area.name,
                outline=area.outline,
                outline_source=source,
            )
            for area in areas
        ],
        update_conflicts=True,
        unique_fields=["code", "year"],
        update_fields=["outline", "outline_source"],
    )
    return ReadIn(len(codes), len(codes) - known)


def map_of_trajectory(trajectory: Trajectory) -> dict[str, Any] | None:
    """The map to freeze and to draw (thuiswijk.lib.maps): what the trajectory is about, and what lies around it in that year.

    None where its area has a name of its own only, or where an outline is missing: half an area would be a wrong one.
    """
    chosen = trajectory.wijken.annotate(kind=Left("code", 2))
    found = list(
        Wijk.objects.annotate(kind=Left("code", 2), is_own=Exists(chosen.filter(pk=OuterRef("pk"))))
        .filter(gemeente=trajectory.gemeente_id, year__in=chosen.values("year"), kind__in=chosen.values("kind"))
        .order_by("code")
    )
    own = [wijk for wijk in found if wijk.is_own]
    if not own or any(wijk.outline is None or wijk.year != own[0].year for wijk in own):
        return None
    kind = max(wijk.kind for wijk in own)  # buurten lie among buurten (BU), and anything with a wijk among wijken (WK)
    others = [wijk for wijk in found if wijk.outline and not wijk.is_own and wijk.kind == kind]
    sources = sorted({wijk.outline_source for wijk in own + others})
    return map_of(_places(own), _places(others), source=" en ".join(sources), year=own[0].year)


def _places(wijken: Iterable[Wijk]) -> list[Place]:
    return [Place(wijk.code, wijk.name, wijk.outline or []) for wijk in wijken]
