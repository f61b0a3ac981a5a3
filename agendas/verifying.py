"""Is this PDF ours, whole and unchanged? First the register, then the file's own bytes, in a process that can be killed.

The register decides: a document is genuine when its SHA-256 is that of one we stored. What the file itself says is only asked
of files that the register does not know, to say what is wrong with them. Their bytes are hostile, so they are read by
another process with a limit on time and memory, that has no database, no key and no network to reach for.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from agendas.models import Document

SECONDS = 20
_one_at_a_time = threading.Semaphore()
SENTENCES = {
    "not_a_pdf": "Dit bestand is geen PDF.",
    "too_large": "Dit bestand is te groot om te controleren.",
    "too_many_signatures": "In dit bestand staan te veel handtekeningen om te controleren.",
    "truncated": "Het bestand is niet compleet: het einde ontbreekt.",
    "no_signature": "In dit bestand zit geen zegel.",
    "bad_signature": "Het zegel klopt niet.",
    "changed_bytes": "Het bestand is veranderd nadat het werd verzegeld.",
    "appended_revision": "Er is iets aan het bestand toegevoegd nadat het werd verzegeld.",
    "bytes_after_end": "Achter het einde van het bestand staat iets dat er niet hoort.",
    "bad_timestamp": "Het tijdstempel van het zegel klopt niet.",
    "clocks_differ": "Wie verzegelde gaf een ander tijdstip op dan de tijdstempeldienst. Een van hun klokken loopt verkeerd.",
    "bad_attachment": "De gegevens in het bestand kunnen niet worden gelezen.",
    "chain_is_broken": "Gebeurtenis {wrong_event} in het bewijsdossier klopt niet of ontbreekt.",
    "digest_differs": "De tekst van de agenda is niet de tekst die de partijen hebben onderschreven.",
    "bad_pages": "De gedrukte tekst in het bestand kan niet worden gelezen.",
    "text_differs": "Wat er gedrukt staat, is niet de tekst die de partijen hebben onderschreven.",
    "too_slow": "Het bestand kon niet binnen de tijd worden gecontroleerd. Probeer het straks opnieuw.",
}
# What is printed otherwise than the data say (`thuiswijk.lib.printed.Difference`).
DIFFERENCES = {
    "point": "Verbeterpunt {point} staat niet in dit document zoals het is vastgelegd.",
    "promise": "Bij verbeterpunt {point} staat de toezegging van {party} niet zoals die is vastgelegd.",
    "own_promise": "Bij wat {party} toezegt, staat de toezegging voor verbeterpunt {point} niet zoals die is vastgelegd.",
    "extra_promise": "Bij verbeterpunt {point} staat een toezegging van {party} die niet is vastgelegd.",
    "reservation": "Bij verbeterpunt {point} staat het voorbehoud van {party} niet zoals het is gegeven.",
    "extra_reservation": "Bij verbeterpunt {point} staat een voorbehoud dat geen partij zo heeft gemaakt.",
    "answer": "Het antwoord van {party} staat niet in dit document zoals het is gegeven.",
} | {
    what: f"Bij verbeterpunt {{point}} staat bij “{label}” iets anders dan is vastgelegd."
    for what, label in {
        "first_step": "Eerste stap",
        "ready_on": "Klaar op",
        "why": "Waarom en voor wie",
        "noticed_by": "Zo merken wij het",
        "means": "Geld en middelen",
        "signal": "Wat mensen merken",
        "cause": "Waar dat door komt",
        "amounts": "Geld en uren, en waar ze vandaan komen",
    }.items()
}
MOST_DIFFERENCES = 10


@dataclass(frozen=True)
class Verdict:
    """What is true of a file that somebody handed us.

    document: the one in the register with exactly these bytes, or None. claims: the document that the file says it is, by
    number and version, where the register knows that one. seal: what the file's own bytes say (see `inspect`).
    """

    document: Document | None = None
    claims: Document | None = None
    seal: dict[str, Any] = field(default_factory=dict)

    @property
    def is_genuine(self) -> bool:
        return self.document is not None

    @property
    def problems(self) -> list[str]:
        """Sentences for who reads the page."""
        return sentences_of(self.seal)


def sentences_of(found: dict[str, Any]) -> list[str]:
    """What is wrong with a file, in words; `found` is what `inspect` says."""
    problems = found.get("problems", [])
    if "truncated" in problems:  # the rest follows from it
        return [SENTENCES["truncated"]]
    told = [SENTENCES[code].format(wrong_event=found.get("wrong_event")) for code in problems]
    where = found.get("differences", [])
    told += [DIFFERENCES[one["what"]].format_map(one) for one in where[:MOST_DIFFERENCES]]
    more = len(where) - MOST_DIFFERENCES
    return told + ([f"En op nog {more} plek{'ken' if more > 1 else ''} staat iets anders."] if more > 0 else [])


def verify(data: bytes) -> Verdict:
    """Looks a file up in the register; for one that is not there, says what it claims to be and what is wrong with it."""
    sha256 = hashlib.sha256(data).hexdigest()
    stored = Document.objects.filter(state=Document.State.STORED).select_related(
        "version__agenda__trajectory__gemeente"
    )
    document = stored.filter(sha256=sha256).first()
    if document is not None:
        return Verdict(document=document)
    seal = inspect(data)
    number, version = seal.get("document_number", ""), seal.get("version", 0)
    claims = stored.filter(version__agenda__number=number, version__number=version, kind=Document.Kind.FINAL).first()
    return Verdict(claims=claims, seal=seal)


def inspect(data: bytes) -> dict[str, Any]:
    """Reads a hostile file in a process of its own: `python -m thuiswijk.lib.inspect_pdf` with the bytes on its input.

    One at a time in every web process: each may take a lot of memory for a while.
    """
    if not _one_at_a_time.acquire(timeout=SECONDS):
        return {"problems": ["too_slow"]}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "thuiswijk.lib.inspect_pdf"],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=True,
            cwd=Path(settings.BASE_DIR),
            env={},
        )
        return dict(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError):
        return {"problems": ["too_slow"]}
    finally:
        _one_at_a_time.release()
