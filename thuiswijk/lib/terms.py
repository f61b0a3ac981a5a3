"""Abbreviations and jargon in a text: those that a list explains, and those that no list knows.

A `Glossary` is such a list. It finds its terms in time that grows with the text alone: every word is looked up once. So that
words are found as people write them:

- “Wmo”, “WMO” and “wmo” are the same. A term that is also an ordinary word (“MEE”), or that has two letters (“IB”), is only
  meant where it is written in its own capitals.
- A term ends where its word ends: “ov” is not in “over”, and no term is in an address. After it may stand what Dutch writes
  behind one: “VvE's”, “BOA’s”, “zzp'er”, “GGZ-instelling”, and for whole words a plural, “statushouders”.
- Where terms overlap, the longest counts: “Wmo-raad” goes before “Wmo”.

The template filter `explained` shows a text with its terms explained: plain text goes in, and only what this module adds is
markup.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
WORD = re.compile(r"\w+")
LINE = re.compile(r"[^\n]+")
PLURALS = ("s", "n", "en")
# A word of so many letters has a plural; an abbreviation in small letters with “en” behind it is another word.
LONG_WORD = 6
ROMAN = re.compile(r"X{0,3}(IX|IV|V?I{0,3})")
FEWEST, MOST = 2, 6  # letters of what is taken for an abbreviation
SHOUTED = 3  # so many words in capitals, and most of the line: somebody raises their voice


class Found(NamedTuple):
    """A term where it stands in a text."""

    start: int
    end: int
    term: str


@dataclass(frozen=True)
class Glossary:
    """What terms mean, by the term as one writes it. An empty meaning says that the term needs no explanation.

    `ordinary` are words, in small letters, that are also somebody's abbreviation; `known` what everybody knows.
    """

    meanings: Mapping[str, str]
    ordinary: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    _by_word: dict[str, list[str]] = field(init=False, default_factory=dict, repr=False)
    _numbers: Iterator[int] = field(init=False, default_factory=lambda: count(1), repr=False)

    def __post_init__(self) -> None:
        for term in sorted(self.meanings, key=len, reverse=True):
            if first := WORD.match(term):
                self._by_word.setdefault(first[0].lower(), []).append(term)

    def found(self, text: str) -> Iterator[Found]:
        """Every term in the text, from its beginning to its end; none lies in another."""
        until = 0
        for word in WORD.finditer(text):
            if word.start() >= until and _begins(text, word.start()):
                hit = self._at(text, word)
                if hit is not None:
                    until = hit.end
                    yield hit

    def _at(self, text: str, word: re.Match[str]) -> Found | None:
        small, start = word[0].lower(), word.start()
        stems = {small, *(small.removesuffix(ending) for ending in PLURALS)}
        terms = [term for stem in stems for term in self._by_word.get(stem, ())]
        for term in sorted(terms, key=len, reverse=True):
            end = start + len(term)
            if self._is_written(term, text[start:end]) and _ends(text, end, term):
                return Found(start, end, term)
        return None

    def _is_written(self, term: str, text: str) -> bool:
        small = term.lower()
        if small in self.ordinary or (len(term) <= FEWEST and term != small):
            return text in (term, term.upper())
        return text.lower() == small

    def explained_in(self, texts: Iterable[str]) -> dict[str, str]:
        """What the terms mean that stand in these texts, in the order of the alphabet."""
        terms = {found.term for text in texts for found in self.found(text)}
        return {term: self.meanings[term] for term in sorted(terms, key=in_alphabet) if self.meanings[term]}

    def unknown_in(self, texts: Iterable[str]) -> list[str]:
        """What looks like an abbreviation in these texts and stands in no list, in the order of the alphabet."""
        seen: dict[str, str] = {}
        for text in texts:
            explained = {word.start() for one in self.found(text) for word in WORD.finditer(text, one.start, one.end)}
            for line in LINE.finditer(text):
                for word in _abbreviations(line, self.ordinary):
                    if word.start() not in explained:
                        seen.setdefault(_stem(word[0]).lower(), _stem(word[0]))
        known = {one.lower() for one in self.known}
        return sorted((word for small, word in seen.items() if small not in known), key=in_alphabet)

    def as_html(self, text: str) -> SafeString:
        """The text, escaped, with its terms explained: each where it first stands."""
        parts, at, told = [], 0, set()
        for found in self.found(text):
            meaning = self.meanings[found.term]
            if meaning and found.term not in told:
                told.add(found.term)
                parts += [
                    conditional_escape(text[at : found.start]),
                    self._explained(text[found.start : found.end], meaning),
                ]
                at = found.end
        return mark_safe("".join([*parts, conditional_escape(text[at:])]))  # noqa: S308  # every part is escaped

    def _explained(self, written: str, meaning: str) -> SafeString:
        """A button that opens what the word means: by mouse, finger and keyboard, without a script; Escape closes it.

        A `title` reaches no finger and no keyboard, and many a screen reader passes it by.
        """
        return format_html(
            '<button type="button" class="term" popovertarget="begrip-{}"><abbr>{}</abbr></button>'
            '<span class="term__meaning" id="begrip-{}" popover><strong>{}</strong>: {}</span>',
            *(number := next(self._numbers), written, number, written, meaning),
        )


def is_a_term(text: str) -> bool:
    """Whether a glossary can find this: it begins with a letter or a figure, and is no single sign."""
    return len(text) >= FEWEST and WORD.match(text) is not None


def in_alphabet(term: str) -> tuple[str, str]:
    """By which terms are sorted: letters alone, whatever their case, and then as they are written."""
    return "".join(sign for sign in term.lower() if sign.isalnum()), term


def _begins(text: str, at: int) -> bool:
    before = text[at - 1 : at]
    return before not in ("@", ".") or (before == "." and not text[at - 2 : at - 1].strip())


def _ends(text: str, end: int, term: str) -> bool:
    """Whether the term's word ends here, but for a plural; within an address it does not."""
    if len(term) >= LONG_WORD and term == term.lower():
        tail = WORD.match(text, end)
        end += len(tail[0]) if tail and tail[0] in PLURALS else 0
    elif text[end - len(term) : end].isupper() and text[end : end + 1] == "s":
        end += 1  # “AEDs”
    after, next_one = text[end : end + 1], text[end + 1 : end + 2]
    if WORD.match(after) or (after and unicodedata.combining(after)):
        return False
    return after != "@" and not (after == "." and next_one.isalnum())


def _abbreviations(line: re.Match[str], ordinary: frozenset[str]) -> Iterator[re.Match[str]]:
    """The words in a line that are written as an abbreviation: “GGZ”, “VvE”. Not where somebody raises their voice."""
    text = line.string
    words = [word for word in WORD.finditer(text, line.start(), line.end()) if len(word[0]) > 1]
    loud = [word[0].lower() for word in words if word[0].isupper() and word[0].isalpha()]
    is_sentence = any(word in ordinary or len(word) > MOST for word in loud)  # and no row of abbreviations
    if len(loud) >= SHOUTED and 2 * len(loud) > len(words) and is_sentence:
        return
    for word in words:
        before, after = text[max(word.start() - 6, 0) : word.start()], text[word.end() : word.end() + 2]
        in_address = (
            before[-1:] in ("@", "/", ".", "_") or after[:1] == "@" or (after[:1] == "." and after[1:].isalnum())
        )
        is_postcode = len(word[0]) == 2 and re.search(r"(?<!\d)\d{4} ?$", before)
        if _is_abbreviation(_stem(word[0])) and not in_address and not is_postcode:
            yield word


def _is_abbreviation(word: str) -> bool:
    capitals = sum(sign.isupper() for sign in word)
    return (
        FEWEST <= len(word) <= MOST
        and word.isalpha()
        and word[0].isupper()
        and capitals >= 2
        and 2 * capitals >= len(word)
        and not (word.startswith("IJ") and word[2:].islower())  # a name: “IJssel”
        and not ROMAN.fullmatch(word)
    )


def _stem(word: str) -> str:
    """“BOAs” is the plural of “BOA”."""
    return word[:-1] if word[-1] == "s" and len(word) > FEWEST and word[:-1].isupper() else word


@register.filter(is_safe=False)
def explained(text: str, glossary: Glossary) -> SafeString:
    """The text as HTML, with what its abbreviations and jargon mean; the first of each. `text` is plain and gets escaped."""
    return glossary.as_html(str(text))
