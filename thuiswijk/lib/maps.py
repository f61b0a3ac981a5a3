"""A small map of an area and what lies around it: what of it is kept, and how it is drawn. North is up.

An outline is a list of polygons of rings of [longitude, latitude] in whole hundred-thousandths of a degree (see
thuiswijk.lib.outlines). On so small a piece of the earth a degree is as long everywhere; a degree of longitude is shorter
by the cosine of the latitude.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from operator import itemgetter
from typing import Any

from thuiswijk.lib.text import in_a_row

Point = list[int]
Ring = list[Point]
Outline = list[list[Ring]]
Flat = tuple[float, float]  # metres from the south-west, or units of a drawing from the north-west

METRES = 1.1132  # a hundred-thousandth of a degree of latitude
WIDTH, HEIGHT, STRIP = 480, 280, 24  # of the drawing: on paper a unit is a point; under the map a strip for the scale
MAX_POINTS = 2_400  # all outlines of a map together: some 42 kB of JSON
AROUND = 2.0  # the map is so many times as wide or as high as the area
LETTERS = {False: 9.0, True: 16.0}  # the size of a name, and on a phone, where the drawing is two thirds as large
MORE = 1.5  # so much larger is the name of the area itself
DIRECTIONS = ("oosten", "noordoosten", "noorden", "noordwesten", "westen", "zuidwesten", "zuiden", "zuidoosten")


@dataclass(frozen=True)
class Place:
    """A wijk or buurt as it comes on a map."""

    code: str
    name: str
    outline: Outline


def count_points(outline: Outline) -> int:
    return sum(len(ring) for polygon in outline for ring in polygon)


# --- what is kept ---------------------------------------------------------------------------------------------------------


def map_of(own: list[Place], others: list[Place], *, source: str, year: int) -> dict[str, Any] | None:
    """The part of the world around an area (`own`), as data to freeze: `area.map` of docs/agenda-schema.md.

    `others` may be all there is: what lies outside the frame is left out, and so is detail that nobody could see. None where
    nothing of the area itself can be drawn.
    """
    edges = [point for place in own for polygon in place.outline for point in polygon[0]]
    if not edges:
        return None
    frame = _frame(edges)
    inside = [
        (place, is_own, _clipped(place.outline, frame))
        for place, is_own in _both(own, others)
        if is_own or _reaches(place.outline, frame)
    ]
    finest = ((frame["north"] - frame["south"]) / HEIGHT / 4) ** 2  # a quarter of a unit, both ways
    outlines = simplest([outline for *_, outline in inside], MAX_POINTS, finest)
    areas: list[dict[str, Any]] = [
        {"code": place.code, "name": place.name, "is_own": is_own, "outline": outline}
        for (place, is_own, _), outline in zip(inside, outlines, strict=True)
        if outline
    ]
    if not any(area["is_own"] for area in areas):
        return None
    return {"source": source, "year": year, "frame": frame, "areas": areas}


def _reaches(outline: Outline, frame: dict[str, int]) -> bool:
    """Whether any of its edges can be seen."""
    return any(
        min(x for x, _ in edge) <= frame["east"] and max(x for x, _ in edge) >= frame["west"]
        and min(y for _, y in edge) <= frame["north"] and max(y for _, y in edge) >= frame["south"]
        for edge, *_ in outline
    )  # fmt: skip


def _both(own: list[Place], others: list[Place]) -> Iterator[tuple[Place, bool]]:
    yield from ((place, True) for place in own)
    yield from ((place, False) for place in others)


def _narrowing(south: int, north: int) -> float:
    """How much shorter a degree of longitude is than one of latitude, here."""
    return math.cos(math.radians((south + north) / 2 / 100_000))


def _frame(points: list[Point]) -> dict[str, int]:
    """The corners of the map: the area in the middle, in the shape of the drawing."""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrowing = _narrowing(south, north)
    high = max((north - south) * AROUND, (east - west) * narrowing * AROUND * HEIGHT / WIDTH, 300)
    up, aside = round(high / 2), round(high / 2 * WIDTH / HEIGHT / narrowing)
    x, y = (west + east) // 2, (south + north) // 2
    return {"west": x - aside, "south": y - up, "east": x + aside, "north": y + up}


def simplest(outlines: list[Outline], most: int, finest: float) -> list[Outline]:
    """The same outlines, with at most `most` points together and without what nobody sees (Visvalingam and Whyatt).

    The point that spans the smallest triangle with the two beside it goes first, and every one whose triangle is smaller than
    `finest` (square hundred-thousandths of a degree); so do islands and holes of three points. What has no surface is empty.
    """
    rings = [ring for outline in outlines for polygon in outline for ring in polygon]
    points = [point for ring in rings for point in ring]
    of: list[int] = []  # of a point: its ring, and the points beside it
    before: list[int] = []
    after: list[int] = []
    for number, ring in enumerate(rings):
        start, count = len(of), len(ring)
        of += [number] * count
        before += [start + (at - 1) % count for at in range(count)]
        after += [start + (at + 1) % count for at in range(count)]
    left, total = [len(ring) for ring in rings], len(points)

    def spans(at: int) -> float:
        (x, y), (ax, ay), (bx, by) = points[at], points[before[at]], points[after[at]]
        return abs((ax - x) * (by - y) - (bx - x) * (ay - y)) / 2

    size: list[float] = [spans(at) for at in range(total)]  # -1 of a point that is gone
    waiting = [(area, at) for at, area in enumerate(size)]
    heapify(waiting)
    while waiting:
        area, at = heappop(waiting)
        if size[at] != area or not left[of[at]]:
            continue
        if area >= finest and total <= most:
            break
        if left[of[at]] <= 3:
            total, left[of[at]] = total - left[of[at]], 0
            continue
        size[at], total, left[of[at]] = -1, total - 1, left[of[at]] - 1
        after[before[at]], before[after[at]] = after[at], before[at]
        for beside in (before[at], after[at]):
            size[beside] = max(spans(beside), area)
            heappush(waiting, (size[beside], beside))
    kept: list[Ring] = [[] for _ in rings]
    for at, number in enumerate(of):
        if left[number] and size[at] >= 0:
            kept[number].append(points[at])
    whole = iter(kept)
    found = [[[next(whole) for _ in polygon] for polygon in outline] for outline in outlines]
    return [[[polygon[0], *filter(None, polygon[1:])] for polygon in outline if polygon[0]] for outline in found]


def _clipped(outline: Outline, frame: dict[str, int]) -> Outline:
    """What lies inside the frame (Sutherland and Hodgman): parts of one polygon stay joined, along the frame itself."""
    result = []
    for polygon in outline:
        rings = [_clipped_ring(ring, frame) for ring in polygon]
        if rings[0]:
            result.append([rings[0], *filter(None, rings[1:])])
    return result


def _clipped_ring(ring: Ring, frame: dict[str, int]) -> Ring:
    for axis, edge, keeps in ((0, "west", 1), (0, "east", -1), (1, "south", 1), (1, "north", -1)):
        limit, result = frame[edge], []
        for before, after in zip([ring[-1], *ring] if ring else [], ring, strict=False):
            was, now = (before[axis] - limit) * keeps, (after[axis] - limit) * keeps
            if (was < 0) != (now < 0):
                share = was / (was - now)
                crossing = [
                    round(before[0] + share * (after[0] - before[0])),
                    round(before[1] + share * (after[1] - before[1])),
                ]
                crossing[axis] = limit
                result.append(crossing)
            if now >= 0:
                result.append(after)
        ring = [point for at, point in enumerate(result) if point != result[at - 1]]
    return ring if len(ring) >= 3 else []


# --- how it is drawn ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Label:
    """A name in the middle of its area, in one line or two; `y` of each line is where its letters stand on."""

    lines: list[tuple[str, str]]  # (y, words)
    x: str
    size: str
    is_own: bool
    on_phone: bool  # in large letters; the same name in small ones is another label


@dataclass(frozen=True)
class Drawing:
    """What templates/components/map.html draws, in units of WIDTH by HEIGHT and a strip below; and the same in words."""

    source: str
    width: int = WIDTH
    height: int = HEIGHT
    whole: int = HEIGHT + STRIP
    border: str = f"M.5 .5H{WIDTH - 0.5}V{HEIGHT - 0.5}H.5Z"
    rule: int = HEIGHT + 12  # where the bar of the scale begins
    foot: int = HEIGHT + 17  # what the letters beside it stand on
    paths: list[tuple[bool, str]] = field(default_factory=list)  # (is_own, d): first what lies around
    labels: list[Label] = field(default_factory=list)
    scale: tuple[str, str] = ("0", "")  # how long the bar is, and what it says
    size: str = ""  # “ongeveer 1,2 km²”
    borders: str = ""  # “Centrum en Havenbuurt”
    around: list[tuple[str, str]] = field(default_factory=list)  # (direction, names)


def drawing_of(found: dict[str, Any]) -> Drawing:
    """Draws a map that `map_of` made. The same map gives the same drawing."""
    frame = found["frame"]
    narrowing = _narrowing(frame["south"], frame["north"])
    unit = (frame["north"] - frame["south"]) / HEIGHT
    shapes: list[tuple[dict[str, Any], list[list[Flat]]]] = []
    for area in sorted(filter(itemgetter("outline"), found["areas"]), key=itemgetter("is_own")):
        rings = [
            [((x - frame["west"]) * narrowing / unit, (frame["north"] - y) / unit) for x, y in ring]
            for polygon in area["outline"]
            for ring in polygon
        ]
        shapes.append((area, rings))
    own = [ring for area, rings in shapes if area["is_own"] for ring in rings]
    near = _cells(own, spread=1)
    others = [(area, rings) for area, rings in shapes if not area["is_own"]]
    return Drawing(
        source=f"{found['source']}, {found['year']}",
        paths=[(area["is_own"], _path(rings)) for area, rings in shapes],
        labels=[label for area, rings in shapes for label in _labels(area["name"], rings, is_own=area["is_own"])],
        scale=_scale(unit * METRES),
        size=_size(sum(_surface(area["outline"], narrowing) for area in found["areas"] if area["is_own"])),
        borders=in_a_row(
            sorted(short_name(area["name"]) for area, rings in others if len(_cells(rings) & near) >= ENOUGH)
        ),
        around=_around(own, others) if own else [],
    )


def short_name(name: str) -> str:
    """“Wijk 01 Centrum” is the name of a row; on a map it is “Centrum”."""
    return re.sub(r"^(Wijk|Buurt) \d+ (?=\S)", "", name)


def _path(rings: list[list[Flat]]) -> str:
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings)


CELL = 4.0  # units: outlines that were drawn from one line may lie so far apart
ENOUGH = (
    6  # cells that two areas share when they border on each other; where they only touch in a corner they share fewer
)


def _cells(rings: list[list[Flat]], spread: int = 0) -> set[tuple[int, int]]:
    """The cells of a grid through which these lines run, inside the frame; with `spread` also the cells beside them."""
    found = set()
    for ring in rings:
        for (ax, ay), (bx, by) in zip([ring[-1], *ring], ring, strict=False):
            steps = max(1, math.ceil(max(abs(bx - ax), abs(by - ay)) / CELL * 2))
            for step in range(steps):
                x, y = ax + (bx - ax) * step / steps, ay + (by - ay) * step / steps
                found.add((int(x // CELL), int(y // CELL)))
    if spread:
        near = range(-spread, spread + 1)
        found = {(x + dx, y + dy) for x, y in found for dx in near for dy in near}
    return found


def _scale(metres_a_unit: float) -> tuple[str, str]:
    """The longest round length that takes less than a quarter of the width."""
    most = WIDTH / 4 * metres_a_unit
    power = 10 ** math.floor(math.log10(most))
    length = max(step * power for step in (1, 2, 5) if step * power <= most)
    said = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    return f"{length / metres_a_unit:.1f}", said


def _size(square_metres: float) -> str:
    square = square_metres / 1_000_000
    decimals = 0 if square >= 10 else 1 if square >= 1 else 2
    return f"ongeveer {max(square, 0.01):.{decimals}f}".replace(".", ",") + " km²"


def _surface(outline: Outline, narrowing: float) -> float:
    """In square metres; holes are left out."""
    total = 0.0
    for polygon in outline:
        for at, ring in enumerate(polygon):
            twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip([ring[-1], *ring], ring, strict=False))
            total += abs(twice) / 2 * (-1 if at else 1)
    return total * METRES * METRES * narrowing


def _around(own: list[list[Flat]], others: list[tuple[dict[str, Any], list[list[Flat]]]]) -> list[tuple[str, str]]:
    """By direction, clockwise from the north, what lies there: seen from the middle of the area to the middle of each."""
    x, y = _middle(own)
    found: dict[str, list[str]] = {}
    for area, rings in others:
        there_x, there_y = _middle(rings)
        turn = math.atan2(y - there_y, there_x - x) / (math.pi / 4)
        found.setdefault(DIRECTIONS[round(turn) % 8], []).append(short_name(area["name"]))
    clockwise = [DIRECTIONS[(2 - at) % 8] for at in range(8)]
    return [(direction, in_a_row(sorted(found[direction]))) for direction in clockwise if direction in found]


def _middle(rings: list[list[Flat]]) -> Flat:
    points = [point for ring in rings for point in ring]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


# --- names ----------------------------------------------------------------------------------------------------------------

LETTER = 0.5  # how wide a letter is, beside its height
LINE = 1.15
EDGE = 4.0  # what a name stays away from the frame


def _labels(name: str, rings: list[list[Flat]], *, is_own: bool) -> Iterator[Label]:
    """The name where it fits inside, in small letters and in those for a phone; nothing where it does not."""
    for on_phone, letters in LETTERS.items():
        size = letters + (MORE if is_own and not on_phone else 0)
        for lines in _ways_to_break(short_name(name)):
            wide, high = max(map(len, lines)) * LETTER * size + size * 0.6, len(lines) * LINE * size
            found = _place_for(rings, wide, high)
            if found:
                x, y = found
                first = y - high / 2 + size * 0.92
                told = [(f"{first + at * LINE * size:.1f}", line) for at, line in enumerate(lines)]
                yield Label(told, f"{x:.1f}", f"{size:g}", is_own, on_phone)
                break
        else:
            return  # what does not fit in small letters fits in no larger ones


def _ways_to_break(name: str) -> Iterator[list[str]]:
    """The name in one line, and in two that are as equal as its words allow."""
    yield [name]
    words = name.split(" ")
    if len(words) > 1:
        broken = [[" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words))]
        yield min(broken, key=lambda lines: max(map(len, lines)))


def _place_for(rings: list[list[Flat]], wide: float, high: float) -> Flat | None:
    """The middle of a box of this size inside the rings: where most room is left beside it, and not far from the middle."""
    ys = [y for ring in rings for _, y in ring]
    top, bottom = max(min(ys), EDGE), min(max(ys), HEIGHT - EDGE)
    best, best_y, best_score = None, (top + bottom) / 2, 0.0
    if bottom - top < high:
        return None
    steps = 16
    for step in range(1, steps):
        y = top + high / 2 + (bottom - top - high) * step / steps
        for left, right in _room(rings, [y - high / 2, y - high / 6, y + high / 6, y + high / 2]):
            score = right - left - abs(y - best_y)
            if right - left >= wide and (best is None or score > best_score):
                best, best_score = ((left + right) / 2, y), score
    return best


def _room(rings: list[list[Flat]], rows: list[float]) -> list[Flat]:
    """The stretches that are inside on each of these rows."""
    room: list[Flat] = [(EDGE, WIDTH - EDGE)]
    for y in rows:
        edges = sorted(
            ax + (y - ay) / (by - ay) * (bx - ax)
            for ring in rings
            for (ax, ay), (bx, by) in zip([ring[-1], *ring], ring, strict=False)
            if (ay > y) != (by > y)
        )
        inside = list(zip(edges[::2], edges[1::2], strict=False))
        room = [(max(a, c), min(b, d)) for a, b in room for c, d in inside if min(b, d) > max(a, c)]
    return room
