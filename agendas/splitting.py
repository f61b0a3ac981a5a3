"""The parts of an inbreng: which of its words stand under a theme.

A part is pointed at by its place in the words, in code points as Python and PostgreSQL count them. The words themselves are
never copied nor changed, so a part can say nothing else than was said. It begins and ends where a word does, so that what is
left beside it is a word too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trajectories.models import Contribution, words_of

Span = tuple[int, int]  # from this sign up to that one
TICK = re.compile(r"(?P<pk>[0-9]{1,18})(?:\.([0-9]{1,5})\.([0-9]{1,5}))?")
WORD = re.compile(r"[^\w\s]*\w+")
ENDS = re.compile(r"[.!?…;:,][^\w\s]*\s+|\n+|\s+(?=(?:en|maar|want|ook|of|daarnaast|verder)\s)", re.IGNORECASE)
GAP = " … "  # between words of which something is left out


@dataclass(frozen=True)
class Part:
    """What somebody points at: an inbreng, and where in its words. Without a place it is all of them."""

    contribution: int
    start: int | None = None
    stop: int | None = None

    @classmethod
    def of(cls, one: Contribution | Part) -> Part:
        return one if isinstance(one, Part) else cls(one.pk)

    def __str__(self) -> str:
        """As it stands in a form: `12`, or `12.0.24`."""
        return f"{self.contribution}" if self.start is None else f"{self.contribution}.{self.start}.{self.stop}"

    def span(self, length: int) -> Span:
        """The words that it means, of so many signs. Of words that were erased there are no parts any more."""
        return (0, max(length, 1)) if self.start is None or not length else (self.start, self.stop or 0)

    def holds(self, start: int | None, stop: int | None) -> bool:
        """Whether what stands there is all within it."""
        if self.start is None:
            return True
        return start is not None and self.start <= start and (stop or 0) <= (self.stop or 0)


def minus(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of spans, each by itself, without all that is taken."""
    left = list(spans)
    for start, stop in taken:
        left = [piece for a, b in left for piece in ((a, min(b, start)), (max(a, stop), b)) if piece[0] < piece[1]]
    return left


def meet(one: Span, other: Span) -> list[Span]:
    """What two spans have in common: one span, or none."""
    start, stop = max(one[0], other[0]), min(one[1], other[1])
    return [(start, stop)] if start < stop else []


def joined(spans: Iterable[Span]) -> list[Span]:
    """In order, with those that touch or overlap as one."""
    found: list[Span] = []
    for start, stop in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found


def cuts_of(text: str) -> list[int]:
    """Where one may cut: at the beginning, before every next word with the sign that opens it, and at the end."""
    return [0, *[word.start() for word in WORD.finditer(text)][1:], len(text)]


def snapped(text: str, spans: Collection[Span]) -> list[Span]:
    """These spans, made as wide as the words in which they begin and end."""
    cuts = cuts_of(text)
    wide = [
        (max(cut for cut in cuts if cut <= start), min(cut for cut in cuts if cut >= stop)) for start, stop in spans
    ]
    return joined(wide)


def pieces(text: str) -> list[Span]:
    """All the words in pieces: cut where a sentence or a clause ends, and before words such as "en" and "maar"."""
    cuts = set(cuts_of(text))
    ends = [end.end() for end in ENDS.finditer(text)]
    return list(pairwise([0, *(end for end in ends if end in cuts and 0 < end < len(text)), len(text)]))


def typed(text: str, words: str) -> list[Span]:
    """Every place where somebody's words hold these, whatever spaces stand between them."""
    sought = r"\s+".join(re.escape(word) for word in words.split())
    return [found.span() for found in re.finditer(sought, text, re.IGNORECASE)] if sought else []


def words_at(text: str, spans: Sequence[Span]) -> str:
    """The words of a few parts, as everything shows them."""
    return GAP.join(text[start:stop].strip() for start, stop in spans) if text else words_of(text)


def rest_of(text: str, taken: Iterable[Part]) -> list[Span]:
    """What is left of somebody's words when these parts stand somewhere; nothing where all of it does, or was erased."""
    return minus([(0, len(text))], (part.span(len(text)) for part in taken)) if text else []


def numbered(text: str, places: Sequence[Part]) -> list[list[Span]]:
    """The parts that somebody's words were split in, in their order: each by itself, and what stands nowhere as one of them.

    Nothing where all stands together, or was erased.
    """
    parts = {part.span(len(text)) for part in places if part.start is not None} if text else set()
    rest = rest_of(text, places) if parts else []
    return sorted([*([part] for part in parts), *([rest] if rest else [])])


def segments(text: str, parts: Sequence[Sequence[Span]]) -> list[tuple[str, list[int]]]:
    """All the words, in the pieces that parts make of them: each with the numbers of the parts that hold it, from 1 on."""
    cuts = sorted({0, len(text), *(end for spans in parts for span in spans for end in span)})
    return [
        (text[a:b], [n for n, spans in enumerate(parts, start=1) if any(meet(span, (a, b)) for span in spans)])
        for a, b in pairwise(cuts)
    ]
