"""What a PDF's own bytes say, read in a process that may be killed: PDF on the input, JSON on the output.

The answer: is_sealed, is_whole, signer, signed_at (ISO), timestamp, timestamped_by, level, archived_by, is_archive_trusted,
is_trusted, expired_at (ISO), is_time_trusted and problems (all as in `seal.check`), and, where the attachments can be read,
document_number, version, digest, answers (party name → answer), points (how many), and differences: where the pages don't say
what these data say (see `printed.Difference`). Of a bewijsdossier: the document that it belongs to (document_sha256), and the
first event that does not fit in the chain (wrong_event).
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Sequence
from typing import Any

from asn1crypto import x509

from thuiswijk.lib import chain, printed, seal
from thuiswijk.lib.canonical import digest
from thuiswijk.lib.pdf import attachments
from thuiswijk.lib.tagged import blocks_of
from thuiswijk.lib.text import clean

MEMORY = 1024**3
SECONDS = 15


def inspect(data: bytes, *, trusted: Sequence[x509.Certificate] = ()) -> dict[str, Any]:
    """What can be said of the file from its bytes alone; never raises for what is in the file.

    trusted: certificates that a seal may lead to. Without one that it leads to, anybody may have made the seal.
    """
    report = seal.check(data, trusted=trusted)
    found: dict[str, Any] = {
        "is_sealed": report.is_sealed,
        "is_whole": report.is_whole,
        "signer": report.organisation or report.common_name,
        "signed_at": report.signed_at and report.signed_at.isoformat(),
        "timestamp": report.timestamp,
        "timestamped_by": clean(report.timestamped_by)[:200],
        "level": report.level,
        "archived_by": clean(report.archived_by)[:200],
        "is_archive_trusted": report.is_archive_trusted,
        "is_trusted": report.is_trusted,
        "expired_at": report.expired_at and report.expired_at.isoformat(),
        "is_time_trusted": report.is_time_trusted,
        "problems": list(report.problems),
    }
    if "not_a_pdf" in report.problems or "too_large" in report.problems:
        return found
    files: dict[str, bytes] = {}
    try:
        files = attachments(data)
        found |= _contents(files)
    except Exception:  # a hostile file may fail in any way; that it does is the answer
        found["problems"].append("bad_attachment")
    try:
        if "digest" in found and "agenda.json" in files:
            found |= _printed(data, files)
    except Exception:
        found["problems"].append("bad_pages")
    if found.get("digest_is_endorsed") is False:
        found["problems"].append("digest_differs")
    if found.get("differences"):
        found["problems"].append("text_differs")
    if found.get("wrong_event"):
        found["problems"].append("chain_is_broken")
    found["is_whole"] = not found["problems"]
    return found


def _contents(files: dict[str, bytes]) -> dict[str, Any]:
    """What the attached agenda and answers say, where there are any."""
    if "bewijs.json" in files:
        return _evidence(json.loads(files["bewijs.json"]))
    if "agenda.json" not in files:
        return {}
    content = json.loads(files["agenda.json"])
    found: dict[str, Any] = {
        "document_number": clean(str(content["document_number"]))[:20],
        "version": int(content["version"]),
        "title": clean(str(content["title"]))[:200],
        "digest": digest(files["agenda.json"]),
    }
    if "onderschrijvingen.json" in files:
        answers = json.loads(files["onderschrijvingen.json"])
        names = {party["id"]: party["name"] for party in content["parties"]}
        found["answers"] = [[names[a["party"]], a["answer"]] for a in answers["answers"]]
        found["digest_is_endorsed"] = answers["digest"] == found["digest"]
        found["events"] = int(answers.get("events", 0))  # from schema 5 on
        found["events_head"] = clean(str(answers.get("events_head", "")))[:64]
    return found


def _printed(data: bytes, files: dict[str, bytes]) -> dict[str, Any]:
    """Whether the pages say what the attached agenda and answers say."""
    content, given = json.loads(files["agenda.json"]), json.loads(files.get("onderschrijvingen.json", b"null"))
    found = printed.differences(blocks_of(data), content, given)
    return {
        "points": len(content["points"]),
        "differences": [
            {"what": one.what, "point": clean(one.point)[:20], "party": clean(one.party)[:200]} for one in found
        ],
    }


def _evidence(evidence: dict[str, Any]) -> dict[str, Any]:
    """What a bewijsdossier says, and whether its events are the chain that they claim to be."""
    events, digest_, head = evidence["events"], str(evidence["digest"]), str(evidence["events_head"])
    return {
        "document_number": clean(str(evidence["document_number"]))[:20],
        "version": int(evidence["version"]),
        "title": clean(str(evidence["title"]))[:200],
        "digest": clean(digest_)[:64],
        "document_sha256": clean(str(evidence["document_sha256"]))[:64],
        "events": len(events),
        "events_head": clean(head)[:64],
        "wrong_event": chain.first_wrong(digest_, events, head=head),
    }


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    json.dump(inspect(sys.stdin.buffer.read()), sys.stdout)
