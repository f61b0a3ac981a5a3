"""Whether the pages of a verbeteragenda say what the data in it say (docs/agenda-schema.md).

A seal covers pages and data alike, so whoever holds its key can print one thing and embed another. Here the words are read
back from the pages (`thuiswijk.lib.tagged`), and each point, promise and answer is looked for in its own place: under the heading
of its point, behind the name of its party. Only what a reader can see counts: not spaces, line breaks, the hyphens that break a
word, or the picture of an emoji. It reads the letters that the file says its glyphs are, which is what a screen reader says.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise, takewhile
from typing import Any

from thuiswijk.lib import pdf
from thuiswijk.lib.tagged import Block
from thuiswijk.lib.text import in_a_row

# As they were ever printed in a sealed document: a new wording is added, and none is taken away.
ROLES = {
    "trekker": ["trekker"],
    "meewerkend": ["werkt mee"],
    "deskundig": ["weet er het meest van"],
    "kan_niet": ["kan dit niet"],
}
ANSWERS = {
    "volledig": ["onderschrijft volledig"],
    "voorbehoud": ["onderschrijft met voorbehoud"],
    "niet": ["onderschrijft niet"],
    "geen": ["heeft niet geantwoord"],
}
CARRIED = "Gegeven op versie {}. Sindsdien is er niets veranderd wat deze partij raakt."
SPEAKING, RESERVED = "Wat de partijen bij hun antwoord zeggen", "Voorbehoud van"
MONTHS = ["januari", "februari", "maart", "april", "mei", "juni"]
MONTHS += ["juli", "augustus", "september", "oktober", "november", "december"]
PARTS = ("first_step", "why", "noticed_by", "means", "signal", "cause")

# One glyph in our fonts, so that a file may name either.
ALIKE = {"\u2206": "\u0394", "\u2010": "-"}

Fold = Callable[[str], str]
KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")  # an emoji: a picture of a key
HYPHEN = re.compile(r"(?<=[^\W\d_])-")
NOT_WORDS = re.compile(r"^[\W_]+")
SEPARATORS = 8  # between the name of a party and its words stands no more than this


@dataclass(frozen=True)
class Difference:
    """What is not printed as the data say it.

    what: "point" (its heading), one of PARTS, "ready_on", "amounts", "promise", "reservation", "extra_promise" and
    "extra_reservation" (one that is printed and that nobody made), "own_promise" (where the document says per party what it
    promises) or "answer". point: its number.
    """

    what: str
    point: str = ""
    party: str = ""


def differences(printed: Sequence[Block], content: dict[str, Any], answers: dict[str, Any] | None) -> list[Difference]:
    """Where the pages differ from the data, in the order of the data; empty where they say the same."""
    found = _differences(printed, content, answers, fold)
    return found and _differences(printed, content, answers, _without_marked(content, answers))


def fold(text: str) -> str:
    """The text without what may differ between data and paper while it reads the same.

    Of letters that are written from right to left nothing is left: a page holds them in the order in which they are drawn.
    """
    kept = "".join(map(_as_seen, unicodedata.normalize("NFKC", KEYCAP.sub("", text))))
    return HYPHEN.sub("", kept)


@cache
def _as_seen(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))  # Persian and Arabic have some with one picture
    if unicodedata.mirrored(character):
        return ""  # a bracket turns around within words from right to left, and its glyph is named once
    is_kept = (category[0] in "LNP" or category in ("Sc", "Sm")) and not _is_from_the_right(character)
    return ALIKE.get(character, character) if is_kept else ""


def _is_from_the_right(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("R", "AL", "AN")


def _without_marked(content: dict[str, Any], answers: dict[str, Any] | None) -> Fold:
    """The same without each letter that carries a loose mark somewhere (ẹ́): WeasyPrint writes the whole of it down at the glyph
    of the mark, and at that of the letter what it was used for first.
    """
    marked = "".join({first for text in pdf.texts([content, answers]) for first in _marked(text)})
    away = str.maketrans(dict.fromkeys(unicodedata.normalize("NFKC", marked) + unicodedata.normalize("NFKD", marked)))
    return lambda text: fold(text).translate(away)


def _marked(text: str) -> Iterator[str]:
    for first, second in pairwise(text):
        if unicodedata.category(second) == "Mn" and not "\ufe00" <= second <= "\ufe0f":
            yield first


def _differences(
    printed: Sequence[Block], content: dict[str, Any], answers: dict[str, Any] | None, fold: Fold
) -> list[Difference]:
    pages = _Pages([replace(block, text=fold(block.text)) for block in printed if block.kind != "Lbl"], fold)
    names = {party["id"]: party["name"] for party in content["parties"]}
    given = answers["answers"] if answers else []
    found: list[Difference] = []
    for point in content["points"]:
        under = pages.under(point["number"] + point["title"])
        if not under:
            found.append(Difference("point", point["number"]))
            continue
        found += _of_point(pages, under, point, names)
        found += _of_reservations(pages, under, point["number"], [(names[one["party"]], _said(one)) for one in given])
    return found + [
        Difference("answer", party=names[answer["party"]])
        for answer in given
        if not _is_answer_printed(pages, answer, names[answer["party"]], content["version"])
    ]


def _of_point(pages: _Pages, under: list[Block], point: dict[str, Any], names: dict[int, str]) -> Iterator[Difference]:
    for part in PARTS:
        if not pages.say(under, point.get(part, "")):
            yield Difference(part, point["number"])
    if point["ready_on"] and not pages.say(under, _day(point["ready_on"])):
        yield Difference("ready_on", point["number"])
    if not all(pages.say_amount(under, amount) for amount in point.get("amounts", [])):
        yield Difference("amounts", point["number"])
    missing = set()
    for made in point["commitments"]:
        party, roles = names[made["party"]], ROLES[made["role"]]
        if not any(pages.say(under, made["text"], behind=[party, role]) for role in roles):
            missing.add(party)
            yield Difference("promise", point["number"], party)
        elif not pages.say(pages.under(party), made["text"], near=point["title"]):
            yield Difference("own_promise", point["number"], party)
    made_by = {
        party: [one["text"] for one in point["commitments"] if names[one["party"]] == party] for party in names.values()
    }
    for party, texts in made_by.items():
        if party not in missing and pages.say_more(under, party, texts):
            yield Difference("extra_promise", point["number"], party)


def _of_reservations(
    pages: _Pages, under: list[Block], number: str, given: list[tuple[str, list[tuple[list[str], str]]]]
) -> Iterator[Difference]:
    reserved = [(party, words) for party, said in given for numbers, words in said if number in numbers]
    missing = [party for party, words in reserved if not pages.say(under, words, behind=[f"{RESERVED} {party}"])]
    yield from (Difference("reservation", number, party) for party in missing)
    if not missing and pages.begin_more(under, RESERVED, [f"{RESERVED} {party} {words}" for party, words in reserved]):
        yield Difference("extra_reservation", number)


def _said(answer: dict[str, Any]) -> list[tuple[list[str], str]]:
    """What stands beside an answer, as (numbers of points, words): the same words stand once. A reason has no numbers."""
    said: dict[str, list[str]] = {}
    for one in answer.get("reservations", []):
        said.setdefault(one["text"], []).append(one["point"])
    if answer["text"]:
        said.setdefault(answer["text"], []).extend(answer.get("points", []))  # before schema 6
    return [(list(filter(None, numbers)), words) for words, numbers in said.items()]


def _at(numbers: list[str]) -> str:
    return f"punt{'en' if len(numbers) > 1 else ''} {in_a_row(numbers)}" if numbers else ""


def _is_answer_printed(pages: _Pages, answer: dict[str, Any], party: str, version: int) -> bool:
    """In a row stand the party, its answer and who gave it; what it says stands in its own paragraphs. And nothing besides, nor
    another answer in another row.
    """
    spoken = pages.speaking(party)
    alone = answer.get("signed_alone") or {}
    by = ", ".join(filter(None, map((alone or answer).get, ("name", "function"))))
    by = f"Alleen {by}" if alone else by or "niemand"
    ways = [way for label in ANSWERS[answer["answer"]] for way in _as_ever_printed(answer, label, version)]
    labels = [label for some in ANSWERS.values() for label in some]
    rows = [row for row in pages.rows(party) if any(pages.begins(row[0], label, near="") for label in labels)]
    return bool(rows) and all(
        pages.begins(person, by, near=answer["on_behalf_of"])
        and any(pages.is_all(cell, in_cell, after=rest) and pages.are_all(spoken, below) for in_cell, below in ways)
        for cell, person, rest in rows
    )


def _as_ever_printed(answer: dict[str, Any], label: str, version: int) -> Iterator[tuple[str, list[str]]]:
    """What stands in the cell of an answer, and the paragraphs under the name of its party: now, and as it once was."""
    said = _said(answer)
    numbers = [one["point"] for one in answer.get("reservations", [])] or answer.get("points", [])
    earlier = CARRIED.format(answer["version"]) if answer.get("version") not in (None, version) else ""
    numbers = list(filter(None, numbers))
    why_not = "Waarom niet" if answer["answer"] == "niet" else ""
    bij = f" bij {_at(numbers)}" if numbers else ""
    yield label + bij + earlier, [f"{_at(some).capitalize() or why_not}“{words}”" for some, words in said]
    # Until November 2026 all of it stood in the cell: each words behind their points, and before that one text behind all points.
    parts = [(f"{_at(some).capitalize()}:" if some else "", words) for some, words in said]
    yield label + earlier + "".join(f"{at}“{words}”" for at, words in parts), []
    if len(said) < 2:
        bij = f", bij verbeterpunt {', '.join(numbers)}" if numbers else ""
        yield label + bij + earlier + "".join(f"“{words}”" for _, words in said), []


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


class _Pages:
    """What is printed, folded; and whether a text stands somewhere in it, also where it breaks over a page."""

    def __init__(self, blocks: list[Block], fold: Fold) -> None:
        self.blocks, self.fold = blocks, cache(fold)
        self._under = dict(self._headings())

    def _headings(self) -> Iterator[tuple[str, list[Block]]]:
        """Each heading, with what stands under it; those with the same words together."""
        found: dict[str, list[Block]] = {}
        at = 0
        while at < len(self.blocks):
            heading, at = self.blocks[at], at + 1
            if not heading.level:
                continue
            text = heading.text
            while at < len(self.blocks) and self._goes_on(self.blocks[at - 1], self.blocks[at]):
                text, at = text + self.blocks[at].text, at + 1
            end = at
            while end < len(self.blocks) and not 0 < self.blocks[end].level <= heading.level:
                end += 1
            found.setdefault(text, []).extend(self.blocks[at:end])
        yield from found.items()

    @staticmethod
    def _goes_on(heading: Block, block: Block) -> bool:
        return heading.level == block.level and block.page == heading.page + 1

    def under(self, heading: str) -> list[Block]:
        """What stands under the heading with these words; nothing where there is none."""
        wanted = self.fold(heading)
        if not _is_mixed(heading):
            return self._under.get(wanted, [])
        return next((blocks for text, blocks in self._under.items() if _signs(text) == _signs(wanted)), [])

    def rows(self, head: str) -> Iterator[tuple[Block, Block, list[Block]]]:
        """Of each row with this head: the two cells behind it, and what stands on the next pages, where they may go on."""
        for at, block in enumerate(self.blocks[:-2]):
            if block.kind == "TH" and self.is_called(block, head):
                cell, person = self.blocks[at + 1 : at + 3]
                after = takewhile(lambda one: not one.level, self.blocks[at + 3 :])
                yield cell, person, [one for one in after if cell.page < one.page]

    def speaking(self, party: str) -> list[Block]:
        """What stands under the name of a party where the parties speak at their answers."""
        found, is_here = [], False
        for block in self.under(SPEAKING):
            if block.level:
                is_here = self.is_called(block, party)
            elif is_here:
                found.append(block)
        return found

    def is_called(self, block: Block, name: str) -> bool:
        """Whether a heading, or the head of a row, is this name."""
        wanted = self.fold(name)
        return _signs(block.text) == _signs(wanted) if _is_mixed(name) else block.text == wanted

    def begins(self, block: Block, words: str, *, near: str) -> bool:
        if _is_mixed(words + near):
            return _holds_signs([block], self.fold(words))
        return block.text.startswith(self.fold(words))

    def is_all(self, block: Block, text: str, *, after: list[Block]) -> bool:
        """Whether a block holds this text and nothing else, or goes on in one of those after it, on a next page."""
        wanted = self.fold(text)
        if _is_mixed(text):
            return not _signs(block.text) - _signs(wanted) and _holds_signs([block, *after], wanted)
        if block.text.replace("-", "") == wanted.replace("-", ""):
            return True
        return _goes_on_over_a_page(wanted.rstrip("”"), block.text, block.page, after, is_all=True)

    def are_all(self, blocks: list[Block], texts: list[str]) -> bool:
        """Whether these blocks hold these texts, in this order, and nothing else."""
        printed, wanted = "".join(block.text for block in blocks), "".join(map(self.fold, texts))
        if any(map(_is_mixed, texts)):
            return _signs(printed) == _signs(wanted)
        return printed.replace("-", "") == wanted.replace("-", "")

    def say(self, blocks: list[Block], text: str, *, behind: Sequence[str] = (), near: str = "") -> bool:
        """Whether one of the blocks ends with this text.

        behind: what comes first in that block; then nothing stands between, but for a comma or the like. near: what may
        stand on the same line, where that decides in which order its letters are drawn.
        """
        if not text and not behind:
            return True
        wanted, first = self.fold(text).rstrip("”"), [self.fold(one) for one in behind]
        if any(map(_is_mixed, [text, near, *behind])):
            return _holds_signs(blocks, "".join([*first, wanted]))
        if behind:
            wanted = NOT_WORDS.sub("", wanted)
        is_all = bool(behind)
        rests = [(block.page, rest.rstrip("”")) for block in blocks if (rest := _behind(block.text, first)) is not None]
        if any(rest == wanted if is_all else rest.endswith(wanted) for _, rest in rests):
            return True
        return any(_goes_on_over_a_page(wanted, rest, page, blocks, is_all=is_all) for page, rest in rests)

    def say_more(self, blocks: list[Block], party: str, texts: list[str]) -> bool:
        """Whether the party is said to promise here what is none of these texts."""
        if any(map(_is_mixed, [party, *texts])):
            return False
        wanted = [NOT_WORDS.sub("", self.fold(text)).replace("-", "") for text in texts]
        promises = (
            _behind(block.text, [self.fold(party), self.fold(role)])
            for block in blocks
            for roles in ROLES.values()
            for role in roles
            if block.kind == "LBody"
        )
        return any(rest and not any(text.startswith(rest.replace("-", "")) for text in wanted) for rest in promises)

    def begin_more(self, blocks: list[Block], label: str, texts: list[str]) -> bool:
        """Whether a block with this label holds what is the beginning of none of these texts."""
        if any(map(_is_mixed, texts)):
            return False
        wanted = [self.fold(text).replace("-", "") for text in texts]
        labelled = (block.text.replace("-", "") for block in blocks if block.text.startswith(self.fold(label)))
        return any(not any(text.startswith(printed) for text in wanted) for printed in labelled)

    def say_amount(self, blocks: list[Block], amount: dict[str, Any]) -> bool:
        number = f"{amount['amount']:,}".replace(",", ".")
        if _is_mixed(amount["what"] + amount["source"]):
            return _holds_signs(blocks, self.fold(f"{number} {amount['unit']} {amount['what']} {amount['source']}"))
        words = [NOT_WORDS.sub("", self.fold(amount[name])) for name in ("what", "source")]
        starts = re.compile(r"(?<![\d.])" + re.escape(self.fold(f"{number} {amount['unit']}")))
        return any(starts.search(block.text) and all(word in block.text for word in words) for block in blocks)


def _behind(text: str, first: Sequence[str]) -> str | None:
    """What is left of a text behind these words, or None where it does not begin with them."""
    for words in first:
        if not text.startswith(words):
            return None
        text = text[len(words) :]
        between = NOT_WORDS.match(text)
        if between:
            if between.end() > SEPARATORS:
                return None
            text = text[between.end() :]
    return text


def _goes_on_over_a_page(wanted: str, rest: str, page: int, blocks: list[Block], *, is_all: bool) -> bool:
    """Whether the text begins at the end of this block (or is_all of it), and goes on at the start of one on the next page."""
    wanted, rest = wanted.replace("-", ""), rest.replace("-", "")
    if is_all:
        left = {wanted[len(rest) :]} if wanted.startswith(rest) else set()
    else:
        left = {wanted[length:] for length in range(1, len(wanted)) if rest.endswith(wanted[:length])}
    while left:
        page += 1
        here = {block.text.replace("-", "") for block in blocks if block.page == page}
        if any(text.rstrip("”") in left for text in here):
            return True
        left = {one[len(text) :] for one in left for text in here if text and one.startswith(text)}
    return False


def _is_mixed(text: str) -> bool:
    """Whether letters in it are written from right to left: then the order on paper is that of the eye."""
    return any(map(_is_from_the_right, text))


def _signs(text: str) -> Counter[str]:
    """Its letters and figures, in no order."""
    return Counter(filter(str.isalnum, text))


def _holds_signs(blocks: list[Block], text: str) -> bool:
    """Whether one of the blocks has all these letters and figures, or all of them together where they break over a page."""
    wanted = _signs(text)
    if any(not wanted - _signs(block.text) for block in blocks):
        return True
    is_broken = len({block.page for block in blocks}) > 1
    return is_broken and not wanted - _signs("".join(block.text for block in blocks))
