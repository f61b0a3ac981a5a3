"""The report of a meeting as PDF and as ODT, drawn from its frozen content alone (trajectories.report_content).

Nothing is asked of the database: the same bytes in give the same files out, on any day and on any machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format

from thuiswijk.lib import odt, pdf
from thuiswijk.lib.canonical import digest

SPOKEN_KINDS = {"verwachting", "signaal", "idee", "behoefte"}  # "opmerking" says nothing more than the words do
PDF_TYPE, ODT_TYPE = "application/pdf", "application/vnd.oasis.opendocument.text"
WIDTHS = {3: (90, 50, 30), 4: (75, 50, 30, 15)}  # of the columns of a table, in millimetres


def draw_pdf(content: bytes) -> bytes:
    """PDF/A-3a and PDF/UA-1, with the content itself embedded as verslag.json. Same bytes in, same bytes out."""
    made = pdf.draw(
        report_html(content),
        root=settings.BASE_DIR / "static",
        attachments=[("verslag.json", "De inhoud van dit verslag, voor computers", content)],
        when=datetime.fromisoformat(json.loads(content)["made_at"]),
        seal_field=None,
    )
    return pdf.repack(made)


def report_html(content: bytes) -> str:
    """The page that is drawn; addresses in it are relative to the static folder."""
    report = pdf.printable(json.loads(content))
    with translation.override("nl"), timezone.override(settings.TIME_ZONE):
        return render_to_string("trajectories/document/report.html", _context(report, digest(content)))


def _context(report: dict[str, Any], content_digest: str) -> dict[str, Any]:
    """What both files show, in words."""
    meeting, made_at = report["meeting"], _moment(report["made_at"])
    starts_at = _moment(meeting["starts_at"])
    return {
        "report": report,
        "meeting": meeting,
        "the_meeting": f"{'het' if meeting['kind'] == 'gesprek' else 'de'} {meeting['kind_label']}",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=meeting["minutes"]),
        "made_at": made_at,
        "digest": content_digest,
        "digest_rows": [[content_digest[at : at + 8] for at in range(row, row + 32, 8)] for row in (0, 32)],
        "people": sum(party["people"] for party in report["parties"]),
        "shown": report["contributions"] - report["hidden"],
        "items": [_item(item) for item in report["items"]],
        "actions": [_action(action) for action in report["actions"]],
        "earlier_actions": [_action(action) for action in report["earlier_actions"]],
        "room": [
            {**point, "parties": [{**one, "told": list(_in_words(one))} for one in point["parties"]]}
            for point in report.get("room", [])  # from schema 2 on
        ],
        "questions": [
            {**asked, "said": [{**one, "source": _source(one)} for one in asked["said"]]}
            for asked in report["questions"]
        ],
    }


def _item(item: dict[str, Any]) -> dict[str, Any]:
    corrections = [{**one, "corrected_at": _moment(one["corrected_at"])} for one in item["corrections"]]
    return {**item, "corrections": corrections}


def _action(action: dict[str, Any]) -> dict[str, Any]:
    return {**action, "due_on": date.fromisoformat(action["due_on"]) if action["due_on"] else None}


def _source(one: dict[str, Any]) -> str:
    """Whose words these are, and to whom, as "verwachting, bewoner aan Woonstichting De Linde"."""
    who = one["said_by"] or "bewoner"
    kind = one["kind"] if one["kind"] in SPOKEN_KINDS else ""
    return ", ".join(filter(None, [kind, f"{who} aan {one['addressed_to']}" if one["addressed_to"] else who]))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# --- the same as ODT: for who wants to go on with the text ---------------------------------------------------------------


def draw_odt(content: bytes) -> bytes:
    """The report as OpenDocument text. Same bytes in, same bytes out."""
    with translation.override("nl"), timezone.override(settings.TIME_ZONE):
        shown = _context(json.loads(content), digest(content))
        report = shown["report"]
        return odt.packed(
            _parts(shown),
            title=f"Verslag: {shown['meeting']['title']}",
            subject=f"Verslag {report['number']}, traject {report['trajectory']}",
            creator=f"Gemeente {report['gemeente']['name']}",
            when=shown["made_at"],
        )


def _parts(shown: dict[str, Any]) -> Iterator[Any]:
    """The headings, paragraphs, lists and tables, in the order of the PDF."""
    report, meeting = shown["report"], shown["meeting"]
    yield odt.heading(1, meeting["title"])
    yield odt.text(f"Verslag van {shown['the_meeting']}", style="Nadruk")
    yield odt.text(f"Gemeente {report['gemeente']['name']}, traject {report['trajectory']}")
    ends = date_format(shown["ends_at"], "H:i")
    place = f", {meeting['place']}" if meeting["place"] else ""
    yield odt.text(f"{date_format(shown['starts_at'], 'l j F Y, H:i')} tot {ends} uur{place}")
    if report["number"] > 1:
        yield odt.text(f"Dit is verslag {report['number']}. Het komt in de plaats van verslag {report['number'] - 1}.")
    if shown["items"]:
        yield odt.heading(2, "Agenda en uitkomsten")
    for item in shown["items"]:
        yield odt.heading(3, f"{item['number']}. {item['title']}")
        if item["question"]:
            yield odt.text(f"De vraag: {item['question']}", style="Zacht")
        yield from odt.paragraphs(item["outcome"] or "Hierbij is geen uitkomst opgeschreven.")
        for correction in item["corrections"]:
            day = date_format(correction["corrected_at"], "j F Y")
            yield odt.text(f"Verbetering van {day}: {correction['text']}", style="Nadruk")
    yield from _action_parts(f"Afgesproken tijdens {shown['the_meeting']}", shown["actions"])
    yield from _action_parts("Nog open van eerdere bijeenkomsten", shown["earlier_actions"])
    yield from _room_parts(shown)
    yield from _people_parts(shown)
    yield from _said_parts(shown)
    yield odt.heading(2, "Over dit verslag")
    yield odt.text(f"Verslag {report['number']}, gemaakt op {date_format(shown['made_at'], 'j F Y, H:i')} uur.")
    yield odt.text("Namen van bewoners staan er niet in. Wie niet namens een partij sprak, staat er als bewoner.")
    yield odt.text(f"Controlegetal van de inhoud (SHA-256): {shown['digest']}", style="Zacht")


def _action_parts(title: str, actions: list[dict[str, Any]]) -> Iterator[Any]:
    if actions:
        yield odt.heading(2, title)
        rows = [
            [one["text"], one["party"] or "nog niemand", date_format(one["due_on"], "j F Y") if one["due_on"] else "",
             "klaar" if one["is_done"] else "open"]
            for one in actions
        ]  # fmt: skip
        yield odt.table(title, ["Wat", "Wie", "Klaar op", "Stand"], rows, widths=(75, 50, 30, 15))


def _people_parts(shown: dict[str, Any]) -> Iterator[Any]:
    yield odt.heading(2, "Wie er waren")
    rows = [[party["name"], party["kind_label"], str(party["people"])] for party in shown["report"]["parties"]]
    rows.append(["Bewoners", "", str(shown["report"]["residents"])])
    yield odt.table("Wie er waren", ["Wie", "Soort", "Aantal mensen"], rows, widths=(90, 50, 30))


def _room_parts(shown: dict[str, Any]) -> Iterator[Any]:
    if shown["room"]:
        yield odt.heading(2, "Wat partijen van de punten vonden")
    for point in shown["room"]:
        yield odt.heading(3, point["subject"])
        rows = [[one["party"], one["answer"], "\n".join(one["told"])] for one in point["parties"]]
        yield odt.table(point["subject"], ["Partij", "Antwoord", "In eigen woorden"], rows, widths=(55, 35, 80))


def _in_words(one: dict[str, Any]) -> Iterator[str]:
    """What a party said in the room, what it said before that, and what was done with it."""
    if one["words"]:
        yield f"“{one['words']}”"
    if one["reply"]:
        yield f"Wat ermee is gedaan: {one['reply']}"
    if one["is_earlier"]:
        yield "De tekst van het punt is daarna nog veranderd."
    for said in one["before"]:
        words = f": “{said['words']}”" if said["words"] else "."
        reply = f" Wat ermee is gedaan: {said['reply']}" if said["reply"] else ""
        yield f"Eerder in de bijeenkomst: {said['answer']}{words}{reply}"


def _said_parts(shown: dict[str, Any]) -> Iterator[Any]:
    yield odt.heading(2, "Wat er is gezegd")
    if not shown["questions"]:
        yield odt.text("Er is geen inbreng opgeschreven.")
    for asked in shown["questions"]:
        yield odt.heading(3, asked["question"] or "Zonder vraag")
        if asked["said"]:
            yield odt.bullets([odt.text(f"“{one['text']}” ({one['source']})") for one in asked["said"]])
        if asked["hidden"]:
            yield odt.text(f"{asked['hidden']} keer inbreng is verborgen.", style="Zacht")
