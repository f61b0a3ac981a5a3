"""The agenda as a PDF, drawn from the frozen content alone (docs/agenda-schema.md).

Nothing is asked of the database: the same bytes in give the same document out, on any day and on any machine.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from agendas import expected, splitting
from agendas.differences import amount_in_words, serves_in_words
from agendas.models import Commitment, Endorsement, grounds_in_words, points_in_words, said_in_words, shown_in_words
from thuiswijk.lib import pdf
from thuiswijk.lib.canonical import digest
from thuiswijk.lib.maps import drawing_of
from thuiswijk.lib.terms import in_alphabet
from thuiswijk.lib.text import share_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SEAL_READABLE_NAME = "Elektronisch zegel op deze verbeteragenda"
ROLES = dict(Commitment.Role.choices)
ANSWERS = {
    **dict(Endorsement.Answer.choices),
    "geen": "heeft niet geantwoord",
    "niet_gevraagd": "is bij deze versie niet om een antwoord gevraagd",
}
NOT_ASKED: dict[str, Any] = {
    "answer": "niet_gevraagd", "reservations": [], "text": "", "name": "", "function": "", "on_behalf_of": "",
    "decided_on": None, "method": "", "endorsed_at": None, "version": None, "digest": None,
}  # fmt: skip
CONTRIBUTION_KINDS = {"verwachting", "signaal", "idee", "behoefte"}  # "opmerking" says nothing more than the words do
# The words that the document itself uses. The annex explains them beside those that people wrote.
CONCEPTS = [
    ("Controlegetal", "Een lang getal dat bij precies deze tekst hoort. Verandert er één letter, dan klopt het niet meer. "
     "Deskundigen noemen het SHA-256."),
    ("Elektronisch zegel", "Een digitaal stempel van een organisatie op een bestand. Wie daarna iets verandert, breekt het."),
    ("Inbreng", "Iets wat iemand in een bijeenkomst of gesprek heeft gezegd: een wens, een zorg, een idee."),
    ("Onderschrijven", "Zeggen dat u achter de afspraken staat en ze zoveel mogelijk in praktijk brengt. Het is geen contract."),
    ("Partij", "Een organisatie of groep die iets kan toezeggen. Ook een afdeling van de gemeente is een partij."),
    ("Toezegging", "Wat een partij in haar eigen woorden belooft te doen voor een verbeterpunt."),
    ("Trekker", "De partij die zorgt dat een verbeterpunt er komt. De trekker hoeft niet alles zelf te doen."),
    ("Verbeterpunt", "Eén ding in de wijk dat beter wordt, met afspraken over wie wat doet en wanneer het klaar is."),
    ("Voorbehoud", "Een partij staat achter de afspraken, behalve op een punt dat zij noemt."),
    ("Wijk", "Het gebied waar deze agenda over gaat, met de naam die ook het CBS gebruikt."),
]  # fmt: skip


def draw_document(content: bytes, answers: bytes | None) -> bytes:
    """Draw the agenda from its frozen content, and the answers of the parties once the round is closed.

    content, answers: canonical JSON (docs/agenda-schema.md), embedded as they are as agenda.json and onderschrijvingen.json.
    Without answers the document is "Ter onderschrijving"; with them it is "Vastgesteld" and has the empty field for the seal.
    Out: PDF/A-3a and PDF/UA-1, always the same bytes for the same input. Before sealing it must go through `pdf.repack`.
    Raises ValueError where the answers belong to other content, and `pdf.PdfError` where it can't be drawn.
    """
    html = document_html(content, answers)
    agenda = json.loads(content)
    attachments = [("agenda.json", "De inhoud van deze verbeteragenda, voor computers", content)]
    when = agenda["frozen_at"]
    if answers is not None:
        attachments.append(("onderschrijvingen.json", "De antwoorden van de partijen, voor computers", answers))
        when = json.loads(answers)["closed_at"]
    return pdf.draw(
        html,
        root=settings.BASE_DIR / "static",
        attachments=attachments,
        when=datetime.fromisoformat(when),
        seal_field=SEAL_READABLE_NAME if answers is not None else None,
    )


def document_html(content: bytes, answers: bytes | None) -> str:
    """The same document as the HTML page that is drawn; addresses in it are relative to the static folder."""
    return _rendered("agendas/document/document.html", content, answers, is_pdf=True)


def text_html(content: bytes, answers: bytes | None) -> str:
    """The same text without what is only for paper: no cover, table of contents or place for the seal.

    Its `<h1>` is the title, its `<section>`s are the chapters; agendas.renditions makes other shapes of it.
    """
    return _rendered("agendas/document/text.html", content, answers, is_pdf=False)


def _rendered(template: str, content: bytes, answers: bytes | None, *, is_pdf: bool) -> str:
    agenda, given = json.loads(content), json.loads(answers) if answers is not None else None
    if given is not None and given["digest"] != digest(content):
        raise ValueError("the answers belong to other content than this")
    with translation.override("nl"), timezone.override(AMSTERDAM):
        return render_to_string(template, _context(agenda, given, digest(content)) | {"is_pdf": is_pdf})


def unprintable_texts(content: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Every text in the content (or the answers) that our fonts can't print, with the characters that stop it."""
    found = ((text, pdf.unprintable(text)) for text in pdf.texts(content))
    return [(text, characters) for text, characters in found if characters]


def digest_rows(sha256: str) -> list[list[str]]:
    """A digest as people read it: two rows of four times eight signs; nothing of an empty one."""
    return [[sha256[at : at + 8] for at in range(row, row + 32, 8)] for row in (0, 32)] if sha256 else []


def _figure(figure: dict[str, Any]) -> dict[str, Any]:
    """A number of the wijk as the page shows it; a percentage with `share`, the width of its bar of 100, as text."""
    values = {"share": figure["value"], "gemeente_share": figure.get("gemeente", "")}
    shares = {name: f"{share:g}" if (share := share_of(value)) is not None else "" for name, value in values.items()}
    return figure | {"measured_on": _day(figure["measured_on"]), "gemeente": values["gemeente_share"]} | shares


# --- what the templates need --------------------------------------------------------------------------------------------


def _context(agenda: dict[str, Any], given: dict[str, Any] | None, content_digest: str) -> dict[str, Any]:
    # The gemeente comes first: it asks the others to promise, so it shows its own promises before theirs.
    parties = sorted(agenda["parties"], key=lambda party: party["kind"] != "gemeente")
    names = {party["id"]: party["name"] for party in parties}
    answers = _answers(given, names, agenda["version"])
    under = _said_under(agenda)
    points = [_point(point, names, answers) | {"said_under": under.get(point["number"])} for point in agenda["points"]]
    promising = [_promises(party, agenda["points"]) for party in parties]
    figures = [_figure(figure) for figure in agenda["figures"]]
    context = {
        "agenda": agenda,
        "status": "Ter onderschrijving" if given is None else "Vastgesteld",
        "status_on": _moment(agenda["frozen_at"] if given is None else given["closed_at"]),
        "frozen_at": _moment(agenda["frozen_at"]),
        "term": {key: _day(value) for key, value in agenda["term"].items()},
        "digest": content_digest,
        "digest_rows": digest_rows(content_digest),
        "qr": _qr(agenda["verify_url"]),
        "parties": [_party(party, answers) for party in parties],
        "figures": figures,
        "compares": any(figure["gemeente"] for figure in figures),
        "map": drawing_of(found) if (found := agenda["area"].get("map")) else None,  # from schema 6 on
        "draws": any(figure["share"] for figure in figures),
        "meetings": [_meeting(meeting) for meeting in agenda["meetings"]],
        "people_count": sum(meeting["residents"] for meeting in agenda["meetings"]),
        "themes": _points_by_theme(agenda["themes"], points),
        "promising": [party for party in promising if party["promises"] or party["cannot"]],
        "silent": [party["name"] for party in promising if not party["promises"] and not party["cannot"]],
        "rules": _lines(agenda["rules"]),
        "round": given and {
            "closed_at": _moment(given["closed_at"]),
            "closed_by": given["closed_by"],
            "closed_reason": given["closed_reason"],
            "deadline": _day(given["deadline"]),
            "is_early": _local_day(given["closed_at"]) < date.fromisoformat(given["deadline"]),
            "events": given.get("events", 0),  # from schema 5 on, as its head
            "events_head": given.get("events_head", ""),
        },
        "answers": list(answers.values()),
        "speaking": [answer for answer in answers.values() if answer["said"]],
        "has_earlier": any(answer["earlier"] for answer in answers.values()),
        "only_some": any(answer["earlier"] or answer["answer"] == "niet_gevraagd" for answer in answers.values()),
        "tally": _tally(answers),
        "said_count": sum(meeting["contributions"] for meeting in agenda["meetings"]),
        "spoken": _spoken(agenda, names),
        "attendance": _attendance(parties, agenda["meetings"]),
        "expected": expected.chapter(agenda, names, lambda one: _source(one | {"kind": "", "addressed_to": None}, names)),
        "concepts": _concepts(agenda.get("terms", [])),  # from schema 5 on
    }  # fmt: skip
    context["sections"] = _sections(context)
    return context


def _concepts(terms: list[dict[str, str]]) -> list[tuple[str, str]]:
    """The words of the document and those that people wrote in it, as one list; what the gemeente says of a word goes first."""
    explained = {term["term"]: term["meaning"] for term in terms}
    said = {term.lower() for term in explained}
    own = {word: meaning for word, meaning in CONCEPTS if word.lower() not in said}
    return sorted((own | explained).items(), key=lambda row: in_alphabet(row[0]))


def _sections(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The sections that have something to say, numbered in their order; three of them always stand in the document."""
    agenda = context["agenda"]
    candidates = [
        ("samenvatting", "Samenvatting", agenda["summary"]),
        ("partijen", "De partijen", context["parties"]),
        ("aanleiding", "Waarom deze agenda", agenda["motivation"]),
        ("wijk", "De wijk in cijfers en verhalen", context["figures"] or agenda["story"] or context["map"]),
        ("totstandkoming", "Hoe deze agenda tot stand kwam", context["meetings"]),
        ("themas", "De thema’s", agenda["themes"]),
        ("verbeterpunten", "Wat er beter wordt", True),
        ("toezeggingen", "Wat iedere partij toezegt", True),
        ("verwachtingen", "Wat wij van elkaar verwachten", context["expected"]),
        ("niet-overgenomen", "Wat wij niet overnemen", agenda["declined"]),
        ("open", "Wat nog open staat", agenda["gaps"]),
        ("spelregels", "Hoe wij met elkaar omgaan", context["rules"]),
        ("volgen", "Volgen en evalueren", agenda["follow_up"]),
        ("onderschrijving", "Wie deze agenda onderschrijft", True),
        ("bijlagen", "Bijlagen", True),
    ]
    present = [(name, title) for name, title, has_data in candidates if has_data]
    return [
        {"name": name, "number": number, "title": title, "template": f"agendas/document/{name}.html"}
        for number, (name, title) in enumerate(present, start=1)
    ]


def _point(point: dict[str, Any], names: dict[int, str], answers: dict[int, dict[str, Any]]) -> dict[str, Any]:
    by_role: dict[str, list[dict[str, str]]] = defaultdict(list)
    for commitment in point["commitments"]:
        by_role[commitment["role"]].append({"name": names[commitment["party"]], "text": commitment["text"]})
    return {
        "voices": 0, "residents": 0,  # before schema 4 it was not said what a point comes from
        "signal": "", "cause": "",  # nor this before schema 5
        **point,
        "amounts": [amount_in_words(amount) for amount in point.get("amounts", [])],
        "serves": serves_in_words(point.get("serves", [])),
        "ready_on": _day(point["ready_on"]),
        "leads": by_role["trekker"],
        "promises": [
            {**promise, "role": label} for role, label in ROLES.items() for promise in by_role[role]
        ],
        "reservations": [
            {"party_name": answer["party_name"], "text": one["text"]}
            for answer in answers.values() for one in answer["reservations"] if one["point"] == point["number"]
        ],
    }  # fmt: skip


def _said_under(agenda: dict[str, Any]) -> dict[str, int]:
    """By the number of a point, the theme under which the annex holds the first words that it comes from."""
    said = (
        (number, one["theme"]) for one in agenda["contributions"] for number in one.get("points", [])
    )  # schema 4 on
    return {number: theme for number, theme in reversed([*said]) if theme is not None}


def _points_by_theme(themes: list[dict[str, Any]], points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    of_theme: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for point in points:
        of_theme[point["theme"]].append(point)
    groups = [{**theme, "points": of_theme.pop(theme["number"], [])} for theme in themes]
    without = [point for left in of_theme.values() for point in left]
    return groups + ([{"number": None, "name": "Zonder thema", "points": without}] if without else [])


def _party(party: dict[str, Any], answers: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Who speaks for a party: who answered for it, or the contact person as long as nobody did."""
    answer = answers.get(party["id"])
    if answer is None or not answer["name"]:
        function = "contactpersoon" if party["contact"] else ""
        return {**party, "person": party["contact"] or "", "function": function, "second": None}
    return {
        **party, "person": answer["name"], "function": answer["function"], "second": answer["second"],
        "on_behalf_of": answer["on_behalf_of"], "grounds": answer["grounds"],
    }  # fmt: skip


def _promises(party: dict[str, Any], points: list[dict[str, Any]]) -> dict[str, Any]:
    mine = [
        {"number": point["number"], "title": point["title"], "role": commitment["role"], "text": commitment["text"]}
        for point in points
        for commitment in point["commitments"]
        if commitment["party"] == party["id"]
    ]
    return {
        **party,
        "promises": [{**promise, "role": ROLES[promise["role"]]} for promise in mine if promise["role"] != "kan_niet"],
        "cannot": [promise for promise in mine if promise["role"] == "kan_niet"],
    }


def _answers(given: dict[str, Any] | None, names: dict[int, str], version: int) -> dict[int, dict[str, Any]]:
    """By party, in the order of the parties; empty as long as the round is open."""
    if given is None:
        return {}
    by_party = {answer["party"]: answer for answer in given["answers"]}
    in_order = [(name, by_party.get(party, NOT_ASKED | {"party": party})) for party, name in names.items()]
    return {
        answer["party"]: {
            **answer,
            "party_name": name,
            "label": ANSWERS[answer["answer"]],
            "said": said_in_words(answer),
            "reservations": (reserved := _reservations(answer)),
            "at": points_in_words(one["point"] for one in reserved if one["point"]),
            "grounds": grounds_in_words(
                answer.get("mandate", ""), _day(answer["decided_on"])
            ),  # mandate from schema 5 on
            "endorsed_at": _moment(answer["endorsed_at"]),
            "registered_by": answer.get("registered_by"),  # from schema 3 on, with its proof
            "shown_by": shown_in_words(answer.get("proof", ""), has_scan=bool(answer.get("scan"))),  # from schema 6 on
            "second": _second(answer.get("second")),  # from schema 4 on
            "signed_alone": answer.get("signed_alone"),
            "given_on": _day(answer.get("given_on")),  # from schema 5 on
            "handed_over": answer.get("handed_over"),
            "earlier": answer.get("version") if answer.get("version") != version else None,  # schema 1 knows no other
        }
        for name, answer in in_order
    }


def _reservations(answer: dict[str, Any]) -> list[dict[str, str]]:
    """Each reservation with its point; before schema 6 one text stood for all the points that were named."""
    named = answer.get("points", []) if answer["answer"] == "voorbehoud" else []
    return answer.get("reservations", [{"point": number, "text": answer["text"]} for number in named])


def _second(signed: dict[str, Any] | None) -> dict[str, Any] | None:
    return signed and signed | {"signed_at": _moment(signed["signed_at"])}  # on paper there is no moment


def _tally(answers: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """How many parties gave each answer, every answer named even where nobody gave it."""
    labels = {"volledig": "volledig", "voorbehoud": "met voorbehoud", "niet": "niet", "geen": "geen antwoord"}
    return [
        {"answer": kind, "label": label, "count": sum(answer["answer"] == kind for answer in answers.values())}
        for kind, label in labels.items()
    ]


def _meeting(meeting: dict[str, Any]) -> dict[str, Any]:
    return {**meeting, "held_on": _day(meeting["held_on"]), "party_count": len(meeting["parties"])}


def _attendance(parties: list[dict[str, Any]], meetings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Per party the numbers of the meetings it came to, and with how many people."""
    rows = []
    for party in parties:
        visits = [
            (meeting["number"], visit["people"])
            for meeting in meetings
            for visit in meeting["parties"]
            if visit["party"] == party["id"]
        ]
        rows.append({
            "name": party["name"], "count": len(visits),
            "visits": ", ".join(f"{number}\u00a0({people})" for number, people in visits),
        })  # fmt: skip
    return rows


def _spoken(agenda: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    """Everything said: per theme, per declined subject with its reason, and what stands under neither."""
    of_theme, of_declined = defaultdict(list), defaultdict(list)
    loose = []
    wholes = _wholes(agenda, names)
    for contribution in _joined(agenda["contributions"]):
        spoken = {"group": "", "part": "", **contribution, "source": _source(contribution, names), "whole": None}
        if spoken["part"]:
            spoken |= {"text": spoken["part"], "whole": wholes[contribution["id"]]["number"]}
        if contribution["theme"] is not None:
            of_theme[contribution["theme"]].append(spoken)
        elif contribution.get("declined") is not None:  # schema 1 has only what stands under a theme
            of_declined[contribution["declined"]].append(spoken)
        else:
            loose.append(spoken)
    themes = [{**theme, "spoken": _together(of_theme[theme["number"]])} for theme in agenda["themes"]]
    return {
        "themes": [theme for theme in themes if theme["spoken"]],
        "declined": [{**item, "spoken": _together(of_declined[item.get("number")])} for item in agenda["declined"]],
        "loose": loose,
        "wholes": list(wholes.values()),
        "has_groups": any(one.get("group") for one in agenda["contributions"]),
    }


def _joined(contributions: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each place once: parts of one inbreng that stand in the same place are told as one, with what is between them left out.

    Before schema 5 there were no parts.
    """
    places: dict[tuple[Any, ...], dict[str, Any]] = {}
    for place, one in enumerate(contributions):
        where = (one["id"], one["theme"], one["declined"], one["group"]) if one.get("part") else (place,)
        if where in places:
            places[where] = places[where] | {"part": places[where]["part"] + splitting.GAP + one["part"]}
        else:
            places[where] = one
    yield from places.values()


def _wholes(agenda: dict[str, Any], names: dict[int, str]) -> dict[int, dict[str, Any]]:
    """By its id, each inbreng of which parts stand by themselves: all its words, with a number that the parts point at."""
    found: dict[int, dict[str, Any]] = {}
    for one in agenda["contributions"]:
        if one.get("part") and one["id"] not in found:
            found[one["id"]] = {"number": len(found) + 1, "text": one["text"], "source": _source(one, names)}
    return found


def _together(spoken: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is in one group stands together, and what is in none at the end; else in the order in which it was said."""
    return sorted(spoken, key=lambda one: (not one["group"], one["group"]))


def _source(contribution: dict[str, Any], names: dict[int, str]) -> str:
    """Whose words these are, to whom and where, as "signaal, bewoner, bijeenkomst 2"."""
    said_by = "bewoner" if contribution["said_by"] is None else names[contribution["said_by"]]
    addressed_to = names.get(contribution["addressed_to"])
    parts = [
        contribution["kind"] if contribution["kind"] in CONTRIBUTION_KINDS else "",
        f"{said_by} aan {addressed_to}" if addressed_to else said_by,
        f"bijeenkomst\u00a0{contribution['meeting']}" if contribution["meeting"] else "",
        points_in_words(contribution.get("points", [])).replace(" ", "\u00a0", 1),
    ]
    return ", ".join(filter(None, parts))


def _qr(address: str) -> SafeString:
    """The address as a QR code in SVG, with the title that a screen reader says."""
    code = segno.make(address, error="m", micro=False)
    # segno escapes the title, and the rest is its own drawing.
    return mark_safe(code.svg_inline(border=0, dark="#143b38", omitsize=True, title=f"QR-code naar {address}"))  # noqa: S308


def _lines(text: str) -> list[str]:
    """Lines of a text, each without the dash or dot that people begin a list with."""
    return [line.strip().lstrip("-•*").strip() for line in text.splitlines() if line.strip()]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _local_day(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(AMSTERDAM).date()
