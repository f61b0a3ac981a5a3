"""Reads the outlines of wijken and buurten from a GeoJSON file, as CBS and PDOK give them.

Everything that can be wrong with a file gives a Dutch sentence (OutlineError) that says what is wrong and how to mend it.
An outline is a list of polygons, a polygon a list of rings (the first is its edge, the others are holes), a ring a list of
[longitude, latitude] in whole hundred-thousandths of a degree (about a metre), without the first point again at the end.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from thuiswijk.lib.maps import Outline, Ring, count_points, simplest
from thuiswijk.lib.text import clean

MAX_BYTES = 10 * 1024 * 1024
MAX_BRACKETS = 800_000
"""A list takes 56 bytes or more, and two signs in a file: 10 MB of "[]" would be 300 MB. Maps have one for 20 signs."""
MAX_COMMAS = 2 * MAX_BRACKETS
"""As many numbers as those brackets could hold: 10 MB of "0," would be 200 MB."""
MAX_READ = 200_000
"""Points of one gemeente in a file. Of the generalised map of CBS the largest gemeente has some 10,000."""
MAX_IN_ONE = 20_000
"""Points of one area in a file: more take seconds to thin."""
MAX_POINTS = 300
"""Of one outline that are kept: on a map of a page wide nobody sees more, and all of a gemeente are read for each map."""
MAX_AREAS = 1_500
"""Of one gemeente: the largest has some 600 buurten."""
CODE = re.compile(r"WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{2}\d{2}", re.ASCII)
# Where the code of an area stands and its name, in the files that are around: PDOK, the old services, the shape files of CBS.
NAMES = {
    "buurtcode": "buurtnaam", "bu_code": "bu_naam", "wijkcode": "wijknaam", "wk_code": "wk_naam",
    "statcode": "statnaam", "gwb_code_10": "regio", "gwb_code": "regio",
}  # fmt: skip
TOO_LARGE = "Dit bestand is groter dan 10 MB. Haal alleen de wijken of buurten van uw eigen gemeente op."
TOO_MANY = (
    "Deze kaart heeft te veel gebieden of te veel punten. Haal alleen de wijken of buurten van uw eigen gemeente op, "
    "met minder detail."
)
NOT_LAND = ("groot water", "buitenland")
AGAIN = "Haal het bestand opnieuw op en kies GeoJSON met WGS84 (EPSG:4326 of CRS84)."


class OutlineError(Exception):
    """The file can't be read. str(error) is a Dutch sentence: what is wrong and how to mend it."""


@dataclass(frozen=True)
class Area:
    code: str
    name: str
    outline: Outline


@dataclass(frozen=True)
class Reading:
    """What a file holds for one gemeente. `year` is what the file says of itself, or None."""

    areas: list[Area]
    year: int | None


def read_outlines(data: bytes, *, gemeente: str) -> Reading:
    """Reads the wijken and buurten of the gemeente with this code ("GM0599"), each once. Raises OutlineError, and nothing else.

    Areas of other gemeenten are passed over, and so is what has no land or no outline: Groot water, Buitenland.
    """
    features, year = _features(_parsed(data))
    own: dict[str, Area] = {}
    seen: Counter[str] = Counter()
    read = 0
    for feature in features:
        facts = _facts(feature)
        code, name = _code_and_name(facts)
        year = year or _year(facts)
        seen["GM" + code[2:6] if code else ""] += 1
        if not code or code[2:6] != gemeente[2:] or name.lower() in NOT_LAND or facts.get("water") == "JA":
            continue
        outline = _outline(feature.get("geometry"), f"{name} ({code})")
        if code in own:
            outline = own[code].outline + outline
        own[code] = Area(code, name, outline)
        read += count_points(outline)
        if read > MAX_READ or count_points(outline) > MAX_IN_ONE or len(own) > MAX_AREAS:
            raise OutlineError(TOO_MANY)
    areas = [replace(area, outline=simplest([area.outline], MAX_POINTS, finest=1)[0]) for area in own.values()]
    areas = [area for area in areas if area.outline]
    if not areas:
        raise OutlineError(_nothing_found(seen, gemeente))
    return Reading(areas, year)


def _parsed(data: bytes) -> Any:
    if len(data) > MAX_BYTES:
        raise OutlineError(TOO_LARGE)
    if data.count(b"[") + data.count(b"{") > MAX_BRACKETS or data.count(b",") > MAX_COMMAS:
        raise OutlineError(TOO_MANY)
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise OutlineError(f"Dit is geen GeoJSON: wij kunnen het bestand niet lezen. {AGAIN}") from error


def _features(found: Any) -> tuple[list[dict[str, Any]], int | None]:
    """The features of a collection, and the year that it says to be of."""
    if not isinstance(found, dict) or not isinstance(found.get("features"), list):
        raise OutlineError(f"Dit bestand is geen GeoJSON met gebieden (een “FeatureCollection”). {AGAIN}")
    if "28992" in str(found.get("crs"))[:200]:
        raise OutlineError(_in_rd())
    metadata = found.get("metadata")
    return (
        [feature for feature in found["features"] if isinstance(feature, dict)],
        _year(metadata) if isinstance(metadata, dict) else None,
    )


def _facts(feature: dict[str, Any]) -> dict[str, Any]:
    told = feature.get("properties")
    return {str(key).lower(): value for key, value in told.items()} if isinstance(told, dict) else {}


def _code_and_name(facts: dict[str, Any]) -> tuple[str, str]:
    """The code of a wijk or buurt, and its name; ("", "") of anything else."""
    for key, called in NAMES.items():
        code = str(facts.get(key, ""))[:20].strip().upper()
        if CODE.fullmatch(code):
            return code, " ".join(clean(str(facts.get(called) or "")[:200]).split())[:100] or code
    return "", ""


def _year(facts: dict[str, Any]) -> int | None:
    """The year as a number of its own, or before the code ("2024WK059901")."""
    said = next((facts[key] for key in ("jaar", "year", "jrstatcode") if key in facts), "")
    found = re.match(r"(19|20)\d\d(?!\d)", str(said))
    return int(found[0]) if found else None


def _outline(geometry: Any, whose: str) -> Outline:
    """The polygons of a geometry; none where it has none."""
    if geometry is None:
        return []
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise OutlineError(
            f"{whose} is in dit bestand geen vlak. Haal het bestand met de vlakken op, niet dat met punten."
        )
    polygons = geometry.get("coordinates")
    try:
        rings = [[_ring(ring) for ring in polygon] for polygon in ([polygons] if kind == "Polygon" else polygons)]
    except (TypeError, ValueError, LookupError, OverflowError) as error:
        raise OutlineError(f"De omtrek van {whose} is geen reeks van coördinaten. {AGAIN}") from error
    # A ring of less than three points is no ring; a polygon without its edge is none.
    return [[polygon[0], *filter(None, polygon[1:])] for polygon in rings if polygon and polygon[0]]


def _ring(positions: list[Any]) -> Ring:
    ring: Ring = []
    for position in positions:
        longitude, latitude = float(position[0]), float(position[1])
        _refuse_elsewhere(longitude, latitude)
        point = [round(longitude * 100_000), round(latitude * 100_000)]
        if not ring or point != ring[-1]:
            ring.append(point)
    if ring and ring[0] == ring[-1]:
        ring.pop()
    return ring if len(ring) >= 3 else []


def _refuse_elsewhere(x: float, y: float) -> None:
    """Every wijk lies in the European Netherlands or in its sea; numbers that do not are of another system."""
    if 2 <= x <= 8 and 50 <= y <= 56:
        return
    if -10_000 <= x <= 300_000 and 289_000 <= y <= 640_000:
        raise OutlineError(_in_rd())
    if 50 <= x <= 56 and 2 <= y <= 8:
        raise OutlineError(
            f"Lengte en breedte staan omgekeerd in dit bestand: eerst hoort de lengte (3 tot 8). {AGAIN}"
        )
    where = "ongeldige getallen" if not (math.isfinite(x) and math.isfinite(y)) else "plaatsen buiten Nederland"
    raise OutlineError(f"Dit bestand heeft {where} in de coördinaten. {AGAIN}")


def _in_rd() -> str:
    return f"De coördinaten in dit bestand zijn van het Rijksdriehoeksstelsel (EPSG:28992). {AGAIN}"


def _nothing_found(seen: Counter[str], gemeente: str) -> str:
    others = sorted(code for code in seen if code and code != gemeente)
    if gemeente in seen:
        return f"Van {gemeente} staat er in dit bestand geen omtrek. {AGAIN}"
    if others:
        which = others[0] if len(others) == 1 else f"{len(others)} andere gemeenten"
        return f"Dit bestand gaat over {which}, en niet over {gemeente}. Kies het bestand van uw eigen gemeente."
    return (
        "In dit bestand staat geen wijk of buurt met een code van het CBS, zoals WK059901. Haal het bestand met de wijken of "
        "buurten op, niet dat met de gemeenten."
    )
