"""One cleaned text for all input: what people type, paste, or send in a file.

Text comes from phones, from Word, and from whoever wants to break something. It is stored once, and then shown on
screen, in a CSV and in a sealed PDF; so it is cleaned once, at the door, and nowhere else. Cleaning never changes a
word: it takes away what can't be seen, can't be printed, or makes a text look like another one.
"""

import re
import unicodedata

from django import forms

MAX_MARKS = 4
"""Combining marks on one character. No living script needs more; towers of them cover the lines above and below."""

# Text of only these is clean but for its spaces and newlines. Nearly all Dutch is, and knowing that saves most work.
_PLAIN = re.compile(r"[\n\x20-\x7e\xa1-\xac\xae-\u024f\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u20ac]*")

_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_MANY_NEWLINES = re.compile(r"\n{3,}")

# Visible signs that Unicode files under "format": they stand before the figures of an Arabic or Syriac number.
_VISIBLE_FORMAT = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
# Letters, marks and a symbol that show nothing at all: with them an empty text passes for a filled one.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_PERCENTAGE = re.compile(r"(\d{1,3}(?:[.,]\d{1,3})?)\s?%", re.ASCII)
_JOINERS = "\u200c\u200d"

_EMOJI = "\u2139\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
_ARABIC = "\u0620-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
_INDIC = "\u0900-\u0dff"
# A joiner matters within an emoji (a family, a rainbow flag), and between letters of a script that joins them. The
# group matches the joiners that stay, so that the last alternative only finds the others.
_JOINER = re.compile(
    f"((?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])"
    f"|(?<=[{_ARABIC}])[{_JOINERS}](?=[{_ARABIC}])"
    f"|(?<=[{_INDIC}])[{_JOINERS}](?=[{_INDIC}]))"
    f"|[{_JOINERS}]"
)


def clean(text: str) -> str:
    """The text as it is stored: NFC, newlines as \\n, nothing invisible, no spaces at the end of a line.

    Takes any str and never raises; cleaning twice gives the same as cleaning once. Removed are control characters, lone
    surrogates, noncharacters, private use, unassigned characters, bidi controls, zero-width characters (joiners stay
    where they matter), and marks beyond MAX_MARKS on one character. A tab becomes a space, three or more newlines
    become two. Unassigned characters in the emoji blocks stay: a phone knows newer emoji than our Python does.
    """
    text = _NEWLINES.sub("\n", text).replace("\t", " ")
    if not _PLAIN.fullmatch(text):
        # Halves of an emoji that were decoded apart (CESU-8) find each other; halves that stay alone go.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
        text = "".join(filter(_is_kept, text))
        # Cutting marks may leave a joiner alone, and taking a joiner away may let letters compose: until it rests.
        while (settled := _settle(text)) != text:
            text = settled
    text = "\n".join(map(str.rstrip, text.split("\n")))
    return _MANY_NEWLINES.sub("\n\n", text).strip()


def share_of(text: str) -> float | None:
    """The percentage that a text is, from 0 to 100, as 12.5 for "12,5 %"; None where it is anything else."""
    found = _PERCENTAGE.fullmatch(text)
    share = float(found[1].replace(",", ".")) if found else None
    return share if share is not None and share <= 100 else None


def in_brief(text: str, length: int = 60) -> str:
    """The cleaned text on one line and at most `length` characters long, to quote in a sentence."""
    line = " ".join(clean(text).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def in_a_row(names: list[str]) -> str:
    """Centrum, Havenbuurt en Molenveld"""
    return " en ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _is_kept(char: str) -> bool:
    match unicodedata.category(char):
        case "Cc":
            return char == "\n"
        case "Cf":
            return char in _JOINERS or char in _VISIBLE_FORMAT
        case "Cn":
            return "\U0001f000" <= char <= "\U0001faff"
        case "Co" | "Cs":
            return False
    return char not in _INVISIBLE


def _settle(text: str) -> str:
    text = _without_towers(unicodedata.normalize("NFC", text))
    return _JOINER.sub(lambda found: found[1] or "", text)


def _without_towers(text: str) -> str:
    kept, marks = [], 0
    for char in text:
        if unicodedata.category(char).startswith("M"):
            marks += 1
        elif char not in _JOINERS:
            marks = 0
        if marks <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


class CleanCharField(forms.CharField):
    """A text field that cleans before anything is judged, so that max_length counts what will be stored.

    With a widget of one line (all but Textarea) newlines become spaces.
    """

    def to_python(self, value: object) -> str | None:
        """The cleaned text, or the field's empty value."""
        if value not in self.empty_values:
            value = clean(str(value))
            if not isinstance(self.widget, forms.Textarea):
                value = " ".join(line.strip() for line in value.split("\n") if line)
        return super().to_python(value)
