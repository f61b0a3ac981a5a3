"""What changed between two frozen versions, in words, and which parties that touches.

Both are contents as docs/agenda-schema.md describes them, of any schema. A party that no change touches keeps the answer that it
gave to the version before (agendas.endorsing).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format

from agendas.models import Amount, Commitment, ImprovementPoint
from trajectories.models import words_of

register = template.Library()
LONG = 120  # a text that is longer than this is said to have changed, and not quoted twice
ROLES = dict(Commitment.Role.choices)
SERVES = dict(ImprovementPoint.Serves.choices)
SHARED = {"title": "De titel", "rules": "De tekst van de spelregels", "follow_up": "De tekst over volgen en evalueren"}
TOLD = {  # what describes the wijk and the road, and promises nothing
    "summary": "De samenvatting", "motivation": "De aanleiding", "story": "Het verhaal van de wijk",
    "figures": "De lijst met cijfers", "area": "Het gebied of de kaart ervan",
}  # fmt: skip
OF_POINT = {
    "title": "de titel", "theme_name": "het thema", "why": "het waarom", "for_whom": "voor wie het is",
    "first_step": "de eerste stap", "ready_on": "de dag waarop het klaar is", "noticed_by": "waaraan wij het merken",
    "figure": "het getal waaraan wij het merken", "means": "wat ervoor nodig is",
    "signal": "wat mensen merken", "cause": "waar dat door komt",
}  # fmt: skip

# Never the same twice.
IN_EVERY = ("schema", "version", "frozen_at", "frozen_by", "verify_url", "changed_since", "changes")
# What people write or choose and an older schema could not say: in an older version it is empty. What else came later follows
# from the rest (ids, counts, terms), so an older version would have said it as the newer one does.
WRITTEN_LATER: dict[str, Any] = {
    "signal": "",
    "cause": "",
    "amounts": [],
    "serves": [],
    "group": "",
    "part": "",
    "gemeente": "",
    "replies": [],
    "map": None,
}


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was: a sentence, and the ids of the parties whose part it touches."""

    sentence: str
    parties: list[int]

    def as_content(self) -> dict[str, Any]:
        """As it stands in the frozen content."""
        return asdict(self)


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Everything that changed, in the order in which one reads an agenda; empty where two versions say the same.

    What all parties share (title, term, rules) touches every party of `after`; a point touches those that promise something
    on it or say that they can't, before or after; what only describes the wijk, or explains a word, touches nobody.
    """
    everybody = [party["id"] for party in after["parties"]]
    return [
        *(Change(sentence, everybody) for sentence in _shared(before, after)),
        *_parties(before, after),
        *(
            Change(f"{name} is veranderd.", [])
            for key, name in TOLD.items()
            if _upgraded(before.get(key), after.get(key)) != after.get(key)
        ),
        *_terms(before, after),
        *_themes(before, after),
        *_points(before, after),
        *_said(before, after),
        *_replies(before, after),
        *_ordered(before, after),
    ]


def is_same(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether two contents say the same, but for what differs in every version; `before` may be of an older schema."""
    was, now = ({key: value for key, value in content.items() if key not in IN_EVERY} for content in (before, after))
    return bool(_upgraded(was, now) == now)


def _upgraded(was: Any, now: Any) -> Any:
    """An older content with what its schema did not know yet, to compare with `now`."""
    if isinstance(was, dict) and isinstance(now, dict):
        later = {key: WRITTEN_LATER.get(key, value) for key, value in now.items() if key not in was}
        return {key: _upgraded(value, now.get(key)) for key, value in was.items()} | later
    if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        return [_upgraded(*pair) for pair in zip(was, now, strict=True)]
    return was


def touched(changed: list[Change]) -> set[int]:
    """The ids of the parties that must be asked again."""
    return {party for change in changed for party in change.parties}


def unchanged(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """The numbers of the points that stand in both under the same number and say the same."""
    names = {party["id"]: party["name"] for party in [*before["parties"], *after["parties"]]}
    earlier = _with_theme(before)
    pairs = ((point, _same(point, earlier)) for point in _with_theme(after))
    return {
        point["number"]
        for point, old in pairs
        if old and old["number"] == point["number"] and not list(_of_point(old, point, names))
    }


def _shared(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for key, name in SHARED.items():
        if before[key] != after[key]:
            yield _changed(name, before[key], after[key])
    if before["term"] != after["term"]:
        yield f"De agenda gold {_term(before['term'])}, en geldt nu {_term(after['term'])}."


def _parties(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    was, now = (_by_id(content["parties"]) for content in (before, after))
    for pk in sorted(now.keys() - was.keys()):
        yield Change(f"{now[pk]['name']} doet nu mee.", [pk])
    for pk in sorted(was.keys() - now.keys()):
        yield Change(f"{was[pk]['name']} doet niet meer mee.", [])
    for pk in sorted(was.keys() & now.keys()):
        if was[pk]["name"] != now[pk]["name"]:
            yield Change(f"{was[pk]['name']} heet nu {now[pk]['name']}.", [pk])


def _terms(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    """Words that are explained otherwise; before schema 5 none were. What is explained at all follows from the texts."""
    was, now = ({term["term"]: term["meaning"] for term in content.get("terms", [])} for content in (before, after))
    for term in sorted(was.keys() & now.keys()):
        if was[term] != now[term]:
            yield Change(_changed(f"De uitleg van {term}", was[term], now[term]), [])


def _themes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    was, now = ({theme["name"] for theme in content["themes"]} for content in (before, after))
    yield from (Change(f"Nieuw thema: {name}.", []) for name in sorted(now - was))
    yield from (Change(f"Het thema {name} staat er niet meer in.", []) for name in sorted(was - now))
    was, now = ({item["subject"] for item in content["declined"]} for content in (before, after))
    yield from (Change(f"{subject} wordt niet overgenomen.", []) for subject in sorted(now - was))
    yield from (Change(f"{subject} was niet overgenomen. Dat staat er niet meer.", []) for subject in sorted(was - now))
    earlier = {theme["name"]: theme["summary"] for theme in before["themes"]}
    for theme in after["themes"]:
        if earlier.get(theme["name"], theme["summary"]) != theme["summary"]:
            yield Change(f"De samenvatting van het thema {theme['name']} is veranderd.", [])
    reasons = {item["subject"]: item["reason"] for item in before["declined"]}
    for item in after["declined"]:
        if reasons.get(item["subject"], item["reason"]) != item["reason"]:
            yield Change(f"De reden om {item['subject']} niet over te nemen is veranderd.", [])


def _points(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    names = {party["id"]: party["name"] for party in [*before["parties"], *after["parties"]]}
    left = _with_theme(before)
    for point in _with_theme(after):
        old = _same(point, left)
        name = f"Punt {point['number']} “{point['title']}”"
        if old is None:
            yield Change(f"Nieuw: {name[0].lower()}{name[1:]}.", _on(point))
            continue
        left.remove(old)
        if before["schema"] >= 4 and _origins(before, old) != _origins(after, point):
            yield Change(f"{name}: de inbreng waar het uit komt is veranderd.", [])
        if before["schema"] >= 5 and old["serves"] != point["serves"]:
            yield Change(f"{name}: waar het aan bijdraagt is veranderd.", [])
        concerned = sorted({*_on(old), *_on(point)})
        yield from (Change(f"{name}: {sentence}", concerned) for sentence in _of_point(old, point, names))
    for gone in left:
        yield Change(f"Punt {gone['number']} “{gone['title']}” staat er niet meer in.", _on(gone))


def _of_point(old: dict[str, Any], point: dict[str, Any], names: dict[int, str]) -> Iterator[str]:
    for key, name in OF_POINT.items():
        if (old.get(key) or None) != (point.get(key) or None):
            yield _changed(name, old.get(key), point.get(key))
    had, has = (Counter(amount_in_words(amount) for amount in one.get("amounts", [])) for one in (old, point))
    yield from (f"nieuw: {amount}." for amount in (has - had).elements())
    yield from (f"vervallen: {amount}." for amount in (had - has).elements())
    was, now = (_roles(one) for one in (old, point))
    leading = [", ".join(names[party] for party in roles["trekker"]) or "nog niemand" for roles in (was, now)]
    if set(was["trekker"]) != set(now["trekker"]):
        yield f"trekker was {leading[0]}, is nu {leading[1]}."
    for role, label in ROLES.items():
        if role != Commitment.Role.LEADER:
            yield from (f"nieuw: {names[party]} {label}." for party in sorted(now[role].keys() - was[role].keys()))
            yield from (f"vervallen: {names[party]} {label}." for party in sorted(was[role].keys() - now[role].keys()))
        for party in sorted(was[role].keys() & now[role].keys()):
            if was[role][party] != now[role][party]:
                yield f"de woorden van {names[party]} zijn veranderd."


def amount_in_words(amount: dict[str, Any]) -> str:
    """One line of what a point takes: “500 euro voor verf (bron: wijkbudget)”."""
    return str(Amount(**amount))


@register.filter
def serves_in_words(codes: list[str]) -> list[str]:
    """What a point serves, as the document says it."""
    return [SERVES[code] for code in codes]


def _origins(content: dict[str, Any], point: dict[str, Any]) -> set[int]:
    """The ids of what a point comes from; before schema 4 a version did not say so."""
    return {one["id"] for one in content["contributions"] if point["number"] in one["points"]}


def _said(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    more = _count(after) - _count(before)
    if more > 0:
        yield Change(f"Er is {more} keer inbreng bijgekomen.", [])
    if len(after["meetings"]) > len(before["meetings"]):
        count = len(after["meetings"]) - len(before["meetings"])
        yield Change(
            "Er is 1 bijeenkomst meer gehouden." if count == 1 else f"Er zijn {count} bijeenkomsten meer gehouden.", []
        )


def _count(content: dict[str, Any]) -> int:
    """How many times inbreng: one that stands in several places, or in parts, is one; before schema 4 that could not be told."""
    return len({one.get("id", -place) for place, one in enumerate(content["contributions"], start=1)})


def _replies(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    """What a party says to what is expected of it; before schema 6 a version did not hold that.

    It touches the party that answers, and one of which it says that it knows more.
    """
    was, now = (_by_expectation(content) for content in (before, after))
    for party in after["parties"]:
        pk, name = party["id"], party["name"]
        of_party = [key for key in was | now if key[0] == pk]
        more = [now[key] for key in of_party if key not in was]
        other = [now.get(key) for key in of_party if key in was and now.get(key) != was[key]]
        others = {reply["other_party"] for reply in [*more, *other] if reply and reply["other_party"]}
        if more:
            on = "1 verwachting" if len(more) == 1 else f"{len(more)} verwachtingen"
            yield Change(f"{name} geeft antwoord op {on} meer.", sorted({pk, *others}))
        if other:
            yield Change(f"{name} antwoordt anders op wat van deze partij wordt verwacht.", sorted({pk, *others}))


def _by_expectation(content: dict[str, Any]) -> dict[tuple[int, int], dict[str, Any]]:
    """Every answer, by the party that gave it and the id of the expectation."""
    of = {one.get("id"): one["addressed_to"] for one in content["contributions"]}
    return {(of[reply["contribution"]], reply["contribution"]): reply for reply in content.get("replies", [])}


def _ordered(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    """How what was said is ordered; before schema 4 an inbreng had no id to tell it by."""
    if before["schema"] < 4:
        return
    was, now = _places(before), _places(after)
    erased = {one["id"] for one in after["contributions"] if one["text"] == words_of("")}  # has no parts any more
    both = (was.keys() & now.keys()) - erased
    if any({place[0] for place in was[pk]} != {place[0] for place in now[pk]} for pk in both):
        yield Change("Inbreng staat bij een ander thema dan eerst.", [])
    elif any({place[2] for place in was[pk]} != {place[2] for place in now[pk]} for pk in both):
        yield Change("Inbreng is anders in delen gesplitst dan eerst.", [])
    elif any(was[pk] != now[pk] for pk in both):
        yield Change("Wat hetzelfde zegt, is anders bij elkaar gezet of anders samengevat.", [])


def _places(content: dict[str, Any]) -> dict[int, set[tuple[str, str, str]]]:
    """By the id of an inbreng: the name of each theme or declined subject under which it stands, its group there, and its part.

    Before schema 5 there were no parts.
    """
    themes = {theme["number"]: theme["name"] for theme in content["themes"]}
    declined = {item["number"]: item["subject"] for item in content["declined"]}
    places: dict[int, set[tuple[str, str, str]]] = {}
    for one in content["contributions"]:
        name = themes.get(one["theme"], declined.get(one["declined"], ""))
        places.setdefault(one["id"], set()).add((name, one["group"], one.get("part", "")))
    return places


def _same(point: dict[str, Any], earlier: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The same point in the version before: by its id where both have one, or else by its title."""
    by = "id" if "id" in point and all("id" in one for one in earlier) else "title"
    return next((one for one in earlier if one[by] == point[by]), None)


def _with_theme(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The points with the name of their theme: its number says nothing when a theme before it goes."""
    names = {theme["number"]: theme["name"] for theme in content["themes"]}
    return [{**point, "theme_name": names.get(point["theme"], "")} for point in content["points"]]


def _roles(point: dict[str, Any]) -> dict[str, dict[int, str]]:
    """By role, the parties with their words."""
    found: dict[str, dict[int, str]] = {role: {} for role in ROLES}
    for commitment in point["commitments"]:
        found[commitment["role"]][commitment["party"]] = commitment["text"]
    return found


def _on(point: dict[str, Any]) -> list[int]:
    return sorted({commitment["party"] for commitment in point["commitments"]})


def _by_id(rows: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    return {row["id"]: row for row in rows}


def _changed(name: str, was: Any, now: Any) -> str:
    """A sentence that quotes what is short: “de eerste stap was “…”, is nu “…”.”"""
    if not isinstance(was or "", str) or not isinstance(now or "", str) or len(was or "") + len(now or "") > LONG:
        return f"{name} is veranderd."
    return f"{name} was {_quoted(was)}, is nu {_quoted(now)}."


def _quoted(value: str | None) -> str:
    return f"“{_day(value)}”" if value else "niet ingevuld"


def _day(value: str) -> str:
    """A date as people write it; any other text as it is."""
    try:
        return date_format(date.fromisoformat(value), "j F Y")
    except ValueError:
        return value


def _term(term: dict[str, Any]) -> str:
    if not term["from"] or not term["until"]:
        return "zonder vaste looptijd"
    return f"van {_day(term['from'])} tot en met {_day(term['until'])}"
