"""The bewijsdossier: how each answer came about, for the gemeente alone, as data and as a sealed PDF (docs/agenda-schema.md).

The public document never holds an address; this one does. The two are tied to each other: the SHA-256 of the public file
stands here, and the head of the chain of events stands in both. A version that was withdrawn has no public document: its answers
may stand for a next version, so how they came about is sealed all the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format

from agendas.answers import answers_of, grounds_of
from agendas.documents import ANSWERS, digest_rows
from agendas.models import Document, Endorsement, EndorsementRequest, Round, said_in_words, shown_in_words
from agendas.renewing import standing_for
from stakeholders.models import Person
from thuiswijk.lib import pdf
from thuiswijk.lib.canonical import moment

SCHEMA = 2
METHODS = dict(Endorsement.Method.choices)
ADDRESSES = ("code_sent_to", "second_code_sent_to")  # that the public document leaves out of an answer
SEAL_READABLE_NAME = "Elektronisch zegel op dit bewijsdossier"


# --- as data ------------------------------------------------------------------------------------------------------------


def evidence_of(round_: Round, final: Document | None = None) -> dict[str, Any]:
    """All that is kept of how the answers in a sealed document came about (schema 2): the events as they were recorded, and the
    people, requests and addresses that they are about. Without a final document where the version was withdrawn."""
    version, standing = round_.version, standing_for(round_)
    given = json.loads(bytes(final.answers)) if final and final.answers else answers_of(round_)
    events = list(round_.events.all())
    leading = {event.data["by"] for event in events if "by" in event.data}
    requests = round_.requests.select_related("person").order_by("pk")
    return {
        "schema": SCHEMA,
        "document_number": version.agenda.number,
        "version": version.number,
        "title": version.data["title"],
        "gemeente": version.data["gemeente"]["name"],
        "digest": version.digest,
        "document_sha256": final.sha256 if final else "",
        "sealed_at": moment(final.stored_at) if final else None,
        "opened_at": given["opened_at"],
        "deadline": given["deadline"],
        "closed_at": given["closed_at"],
        "closed_reason": given["closed_reason"],
        "parties": [{"id": party["id"], "name": party["name"]} for party in version.data["parties"]],
        "people": [
            {"id": person.pk, "name": person.name, "function": person.function or "projectleider"}
            for person in Person.objects.filter(pk__in=leading).order_by("pk")
        ],
        "requests": [_request(request) for request in requests],
        "answers": [
            answer
            | {name: getattr(standing.get(answer["party"]), name, "") for name in ADDRESSES}
            | {"scan_file": _scan(standing.get(answer["party"]))}
            for answer in given["answers"]
        ],
        "events": [{"number": event.number, "body": event.body, "hash": event.hash} for event in events],
        "events_head": events[-1].hash if events else "",
    }


def _scan(answer: Endorsement | None) -> dict[str, Any] | None:
    """The file of a scan by name and size; its digest stands in the answer. The file itself lies in the archive."""
    scan = answer and answer.scan
    return {"name": scan.name, "size": scan.size} if scan else None


def _request(request: EndorsementRequest) -> dict[str, Any]:
    return {
        "id": request.pk,
        "party": request.party_id,
        "name": request.name,
        "function": request.function,
        "address": request.address,
        "asked_at": moment(request.asked_at),
        "handed_over_by": request.handed_over_by_id,
        "seconds": request.seconds_id,
    }


# --- as a PDF -----------------------------------------------------------------------------------------------------------


def draw_dossier(evidence: bytes) -> bytes:
    """Draws the dossier from its canonical JSON alone, which it carries as bewijs.json, with an empty field for the seal.

    Out: PDF/A-3a and PDF/UA-1; the same bytes for the same input. Repack it before sealing.
    """
    told = json.loads(evidence)
    return pdf.draw(
        dossier_html(evidence),
        root=settings.BASE_DIR / "static",
        attachments=[("bewijs.json", "De gebeurtenissen en antwoorden, voor computers", evidence)],
        when=_moment(told["sealed_at"] or told["closed_at"]),
        seal_field=SEAL_READABLE_NAME,
    )


def dossier_html(evidence: bytes) -> str:
    """The page that is drawn; addresses in it are relative to the static folder."""
    with translation.override("nl"), timezone.override(settings.TIME_ZONE):
        return render_to_string("agendas/document/evidence.html", _context(json.loads(evidence)))


def _context(evidence: dict[str, Any]) -> dict[str, Any]:
    events = [event | json.loads(event["body"]) for event in evidence["events"]]
    known = pdf.printable(evidence | {"events": events})
    people = {person["id"]: _person(person) for person in known["people"]}
    names = {party["id"]: party["name"] for party in known["parties"]}
    is_mailed = {event["request"]: event["is_mailed"] for event in known["events"] if "is_mailed" in event}
    requests = {request["id"]: request | {"is_mailed": is_mailed.get(request["id"])} for request in known["requests"]}
    told = [
        event | {"at": _moment(event["at"]), "words": WORDS[event["kind"]](Told(event, people, names, requests)),
                 "party_name": names.get(event["party"], "")}
        for event in known["events"]
    ]  # fmt: skip
    return {
        "evidence": known,
        "digest_rows": digest_rows(known["digest"]),
        "file_rows": digest_rows(known["document_sha256"]),
        "head_rows": digest_rows(known["events_head"]),
        "opened_at": _moment(known["opened_at"]),
        "closed_at": _moment(known["closed_at"]),
        "sealed_at": known["sealed_at"] and _moment(known["sealed_at"]),
        "deadline": date.fromisoformat(known["deadline"]),
        "events": told,
        "is_from_the_start": bool(told) and told[0]["kind"] == "opened",
        "answered": sum(answer["answer"] != "geen" for answer in known["answers"]),
        "answers": [_answer(answer, names, told, requests) for answer in known["answers"]],
        "failures": sum(event["kind"] in FAILURES for event in told),
    }


def _answer(
    answer: dict[str, Any], names: dict[int, str], events: list[dict[str, Any]], requests: dict[int, dict[str, Any]]
) -> dict[str, Any]:
    """All of one party: how it was asked, what it answered, and how that is known."""
    mine = [event for event in events if event["party"] == answer["party"]]
    given = next((event for event in mine if event["kind"] in ("answered", "registered")), None)
    carried = next((event for event in mine if event["kind"] == "carried"), None)
    # Before schema 4 an answer did not say these.
    answer = {"registered_by": None, "proof": "", "second": None, "signed_alone": None} | answer
    scan = answer.get("scan")  # from schema 2 of the evidence on, with its file
    signed = answer["second"] and answer["second"]["signed_at"]
    return answer | {
        "party_name": names[answer["party"]],
        "label": ANSWERS[answer["answer"]],
        "said": said_in_words(answer),
        "method": METHODS.get(answer["method"], answer["method"]),
        "endorsed_at": answer["endorsed_at"] and _moment(answer["endorsed_at"]),
        "grounds": grounds_of(answer),
        "given_on": (day := answer.get("given_on")) and date.fromisoformat(day),
        "shown_by": shown_in_words(answer["proof"], has_scan=bool(scan)),
        "scan": scan and answer["scan_file"] | {"rows": digest_rows(scan)},
        "second": answer["second"] and answer["second"] | {"signed_at": signed and _moment(signed)},
        "asked": [
            request | {"asked_at": _moment(request["asked_at"]), "by": requests.get(request["handed_over_by"])}
            for request in requests.values()
            if request["party"] == answer["party"]
        ],
        "agreed": given["agreed"] if given else "",
        "agreed_second": given["second"].get("agreed", "") if given and given.get("second") else "",
        "recorded": given["number"] if given else None,
        "failures": [event["number"] for event in mine if event["kind"] in FAILURES],
        "declined": [event for event in mine if event["kind"] == "second_declined"],
        "is_evidence_elsewhere": carried is not None and carried.get("events_head", "unknown") != "",
    }


def _person(person: dict[str, Any]) -> str:
    return f"{person['name']}, {person['function']}" if person["name"] else "iemand die gewist is"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# --- the events in words ------------------------------------------------------------------------------------------------


class Told:
    """An event with what it is about, for the sentences below."""

    def __init__(
        self,
        event: dict[str, Any],
        people: dict[int, str],
        parties: dict[int, str],
        requests: dict[int, dict[str, Any]],
    ) -> None:
        self.event, self.people, self.parties, self.requests = event, people, parties, requests

    def __getitem__(self, name: str) -> Any:
        return self.event[name]

    @property
    def by(self) -> str:
        return self.people[self["by"]]

    @property
    def sent(self) -> str:
        """How the sentence that a link was sent begins: with who leads the trajectory, where that one did it."""
        return f"{self.by}, stuurde een link" if "by" in self.event else "Link gestuurd"

    @property
    def asked(self) -> dict[str, Any]:
        return self.requests[self["request"]]

    @property
    def who(self) -> str:
        """Whom the request asked, as "Noor Bakker, directeur"."""
        return ", ".join(filter(None, [self.asked["name"], self.asked["function"]])) or "de partij"

    @property
    def whom(self) -> str:
        """The same with the address, or that it was erased since."""
        address = self.asked["address"] or ("adres gewist" if self.asked["is_mailed"] else "")
        return f"{self.who} ({address})" if address else self.who

    @property
    def before(self) -> str:
        """Who gave the question to a colleague, or signed first."""
        request = self.requests.get(self.asked["handed_over_by"] or self.asked["seconds"])
        return request["name"] if request and request["name"] else "wie eerst gevraagd was"

    def day(self, name: str) -> str:
        return date_format(date.fromisoformat(self[name]), "j F Y")

    @property
    def answer(self) -> str:
        """What was answered, by whom and for whom."""
        said = said_in_words(self.event)
        text = ": " + " ".join(f"{points}{points and ': '}“{words}”" for points, words in said) + " " if said else ". "
        grounds = f", {found}" if (found := grounds_of(self.event)) else ""
        return (
            f"{ANSWERS[self['answer']]}{text}{self['name']}, {self['function']}, namens {self['on_behalf_of']}{grounds}"
        )

    @property
    def beside(self) -> str:
        """Who stood beside the first on paper, where two sign for the party."""
        second = self.event.get("second")
        return f", en {second['name']}, {second['function']}" if second else ""

    @property
    def shown_by(self) -> str:
        """From what an answer on paper can be seen; of a scan by its name and digest."""
        scan = self.event.get("scan")  # not in events from before there were scans
        shown = shown_in_words(self["proof"], has_scan=bool(scan))
        return f"{shown} {scan['name']}, controlegetal {scan['sha256'][:12]}…" if scan else shown

    @property
    def proven(self) -> str:
        """How it is known who answered, and who signed too."""
        second = self.event.get("second")
        too = ""
        if second:
            too = f" {second['name']}, {second['function']}, tekende mee, met een code aan {second['code_sent_to']}."
        if self["code_sent_to"]:
            return f" Bewezen met een code aan {self['code_sent_to']}.{too}"
        return f" Bewezen: {METHODS.get(self['method'], self['method'])}.{too}"


WORDS: dict[str, Callable[[Told], str]] = {
    "opened": lambda told: f"{told.by}, legde de versie voor aan de partijen. Antwoorden kon tot en met {told.day('deadline')}.",
    "asked": lambda told: (
        f"{told.sent} aan {told.whom}." if told["is_mailed"] else "Er was geen e-mailadres om een link aan te sturen."
    ),
    "handed_over": lambda told: f"{told.before} gaf de vraag door. Link gestuurd aan {told.whom}.",
    "link_old": lambda told: (
        f"Een oude link van {told.who} is gevolgd (misschien door een mailfilter). Die was vervangen en werkte niet meer."
    ),
    "code_sent": lambda told: (
        f"Code gestuurd aan {told.whom}."
        if told["to"] == "link"
        else "Code gestuurd aan het adres van het account dat was ingelogd."
    ),
    "code_right": lambda told: f"De code van {told.who} is goed ingevuld.",
    "code_wrong": lambda told: f"Een verkeerde code ingevuld bij de vraag aan {told.who} (poging {told['tries']}). Geweigerd.",
    "code_expired": lambda told: (
        f"Een code ingevuld die niet meer werkte, bij de vraag aan {told.who}: te oud, of te vaak geprobeerd. Geweigerd."
    ),
    "proposed": lambda told: f"Eerste handtekening: {told.answer}.{told.proven} De tweede moet nog tekenen.",
    "second_asked": lambda told: f"{told.sent} om mee te tekenen aan {told.whom}, na {told.before}.",
    "second_declined": lambda told: f"{told.who} tekent niet mee: “{told['reason']}”",
    "answered": lambda told: f"Antwoord: {told.answer}.{told.proven}",
    "registered": lambda told: (
        f"Antwoord {told['method']}, genoteerd door {told.by}: {told.answer}{told.beside}. "
        f"Het blijkt uit: {told.shown_by}"
    ),
    "carried": lambda told: (
        f"Niet opnieuw gevraagd: het antwoord op versie {told['version']} blijft staan. "
        f"Controlegetal van die versie: {told['digest'][:12]}…"
        + (f" Laatste gebeurtenis van die ronde: {head[:12]}…" if (head := told.event.get("events_head")) else "")
    ),
    "reminded": lambda told: f"Herinnering gestuurd aan {told.whom}.",
    "postponed": lambda told: (
        (f"{told.by}, gaf meer tijd" if "by" in told.event else "Meer tijd gegeven")
        + f": tot en met {told.day('deadline')}, in plaats van {told.day('before')}."
    ),
    "closed": lambda told: f"{told.by}, sloot de ronde." + (f" Reden: {told['reason']}" if told["reason"] else ""),
    "withdrawn": lambda told: f"{told.by}, trok de versie in. Reden: {told['reason']}",
}  # fmt: skip
FAILURES = ("code_wrong", "code_expired")  # a link that was replaced is no failure: a mail filter follows links too
