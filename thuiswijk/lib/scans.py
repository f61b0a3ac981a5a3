"""A scan or a photo of a paper: told by its content and not by its name, and never opened by us.

A PDF, JPEG or PNG is kept as it came, so that its digest is of what was sent. It leaves only as a download.
"""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import NamedTuple

from thuiswijk.lib.text import in_brief

MAX_BYTES = 10 * 1024 * 1024
MAX_NAME = 100
# By media type: how the name ends, how a file of it begins, and what a whole one holds.
KINDS = {
    "application/pdf": (".pdf", b"%PDF-", b"%%EOF"),
    "image/jpeg": (".jpg", b"\xff\xd8\xff", b"\xff\xd9"),
    "image/png": (".png", b"\x89PNG\r\n\x1a\n", b"IEND"),
}
TOO_LARGE = "Dit bestand is groter dan 10 MB. Scan met minder punten per inch (150 is genoeg), of in grijstinten."
NOT_A_SCAN = (
    "Dit bestand is geen PDF, JPEG of PNG, ook al kan de naam dat zeggen. Bewaar de scan als PDF en kies dat bestand."
)
NOT_WHOLE = "Dit bestand is niet heel: het einde ontbreekt. Scan het papier opnieuw, of haal het bestand opnieuw op."


class ScanError(Exception):
    """The file is no scan that we keep. str(error) is a Dutch sentence: what is wrong and how to mend it."""


class Scanned(NamedTuple):
    """A file that was judged: its name, the media type that its content has, and its bytes."""

    name: str
    kind: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def read(name: str, data: bytes) -> Scanned:
    """Judges a file that somebody sent. Its name is cleaned, and ends as its content does. Raises ScanError."""
    if len(data) > MAX_BYTES:
        raise ScanError(TOO_LARGE)
    for kind, (ending, start, end) in KINDS.items():
        if data.startswith(start):
            if end not in data[len(start) :]:
                raise ScanError(NOT_WHOLE)
            stem = in_brief(PurePath(name).stem, MAX_NAME - len(ending)) or "scan"
            return Scanned(stem + ending, kind, data)
    raise ScanError(NOT_A_SCAN)
