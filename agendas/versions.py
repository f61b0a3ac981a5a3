"""Freezing the draft: from here on, not a letter changes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from agendas import confirming, differences, expecting, theming
from agendas.documents import unprintable_texts
from agendas.drafting import gaps, points_of, themes_of
from agendas.models import Agenda, AgendaVersion, Document, ImprovementPoint, Origin, Theme
from agendas.splitting import Part, rest_of, words_at
from stakeholders import explaining
from stakeholders.models import Person
from thuiswijk.lib.canonical import canonical, digest, moment
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.pdf import unprintable
from thuiswijk.lib.wake import wake
from trajectories import areas
from trajectories.models import Contribution, Trajectory, words_of
from trajectories.participants import present_at

SCHEMA = 6  # described in docs/agenda-schema.md; a new shape gets a new number, old versions keep theirs


@transaction.atomic
def freeze(agenda: Agenda, *, by: Person, reason: str = "") -> AgendaVersion:
    """Makes the next version: the draft as canonical JSON with its SHA-256, and the order to draw its document.

    Raises Refused where gaps are left and no `reason` says why we go on all the same, where a text holds signs that the
    document can't print, and where nothing changed since the version before.
    """
    agenda = Agenda.objects.select_for_update(of=("self",)).select_related("trajectory__gemeente").get(pk=agenda.pk)
    theming.hold(agenda.trajectory)  # the board stands still: who moves there waits before it holds a row
    with connection.cursor() as cursor:  # nobody edits while we read, or a version would hold two moments at once
        cursor.execute(
            "LOCK TABLE agendas_group, agendas_theme, agendas_improvementpoint, agendas_commitment, agendas_placement, "
            "agendas_origin, agendas_amount, agendas_expectationanswer, stakeholders_term IN SHARE MODE"
        )
    left = [gap.sentence for gap in gaps(agenda)]
    if left and not reason:
        raise Refused("De agenda heeft nog open punten. Los ze op, of schrijf op waarom u toch doorgaat.")
    last = agenda.versions.first()
    if last is not None and hasattr(last, "round") and last.round.is_open:
        raise Refused(f"Versie {last.number} ligt nog bij de partijen. Sluit eerst die ronde.")
    content = content_of(agenda, number=last.number + 1 if last else 1, at=timezone.now(), by=by)
    content |= {"gaps": left, "gaps_reason": reason}
    if last is not None and differences.is_same(last.data, content):
        raise Refused(f"Er is niets veranderd sinds versie {last.number}.")
    # What was withdrawn in between does not stand: nobody may miss what it had changed.
    before = confirming.newest_of(agenda.trajectory) or put_before(agenda)
    if before is not None:
        changed = [change.as_content() for change in differences.changes(before.data, content)]
        content |= {"changed_since": before.number, "changes": changed}
    _refuse_unprintable(content)
    data = canonical(content)
    version = AgendaVersion.objects.create(
        agenda=agenda, number=content["version"], content=data, digest=digest(data), frozen_by=by
    )
    document = Document.objects.create(version=version, kind=Document.Kind.DRAFT)
    wake("agendas.build_document", document.pk)
    return version


def put_before(agenda: Agenda, *, than: int | None = None) -> AgendaVersion | None:
    """The newest version that the parties have read: of all, or of those with a lower number `than` this one."""
    asked = agenda.versions.filter(round__isnull=False)
    return (asked.filter(number__lt=than) if than else asked).first()


def holding(contribution: Contribution) -> list[int]:
    """The numbers of the frozen versions that hold these words: erasing does not reach them."""
    if contribution.erased_at is not None:
        return []
    frozen = AgendaVersion.objects.filter(agenda__trajectory=contribution.trajectory_id).order_by("number")
    words = _printable(contribution.text)
    return [v.number for v in frozen if any(said["text"] == words for said in v.data["contributions"])]


def _refuse_unprintable(content: dict[str, Any]) -> None:
    for text, signs in unprintable_texts(content):
        raise Refused(unprintable_sentence(text, signs))


def unprintable_sentence(text: str, signs: list[str]) -> str:
    """Says which signs of a text our fonts can't print, and what to do about it."""
    return (
        f"Het document kan dit teken niet afdrukken: {' '.join(signs)} (in “{text[:80]}”). "
        "Haal het teken weg of kies een ander, en probeer het opnieuw."
    )


def content_of(agenda: Agenda, *, number: int, at: datetime, by: Person) -> dict[str, Any]:
    """The draft as one document (schema 6, docs/agenda-schema.md): all that parties endorse and the PDF shows."""
    trajectory = agenda.trajectory
    themes = list(themes_of(trajectory))
    kept = [theme for theme in themes if not theme.is_declined]
    declined = [theme for theme in themes if theme.is_declined]
    number_of = {theme.pk: place for place, theme in enumerate(kept, start=1)}
    declined_number_of = {theme.pk: place for place, theme in enumerate(declined, start=1)}
    meetings = _meetings(trajectory)
    points = _points(points_of(trajectory), number_of)
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "document_number": agenda.number,
        "version": number,
        "frozen_at": moment(at),
        "frozen_by": {"name": by.name, "function": by.function or "projectleider"},
        "verify_url": settings.PUBLIC_URL + reverse("verify_code", args=[f"{agenda.number}-v{number}"]),
        "title": agenda.title,
        "gemeente": {"name": trajectory.gemeente.name, "code": trajectory.gemeente.code},
        "area": {
            "name": trajectory.name,
            "wijken": list(trajectory.wijken.values("code", "year", "name")),
            "map": areas.map_of_trajectory(trajectory),
        },
        "term": {"from": _day(agenda.starts_on), "until": _day(agenda.ends_on)},
        "summary": agenda.summary,
        "motivation": agenda.motivation,
        "story": agenda.story,
        "rules": agenda.rules,
        "follow_up": agenda.follow_up,
        "figures": [
            {
                "label": f.label,
                "value": f.value,
                "gemeente": f.gemeente_value,
                "source": f.source,
                "measured_on": _day(f.measured_on),
            }
            for f in trajectory.figures.all()
        ],
        "meetings": [meeting for _, meeting in meetings],
        "parties": _parties(trajectory),
        "themes": [
            {"number": number_of[t.pk], "name": t.name, "summary": t.summary, "contributions": _voices(t)} for t in kept
        ],
        "points": points,
        "declined": [
            {
                "number": declined_number_of[t.pk],
                "subject": t.name,
                "reason": t.declined_because,
                "contributions": _voices(t),
            }
            for t in declined
        ],
        "gaps": [],
        "gaps_reason": "",
        "contributions": _contributions(
            trajectory,
            number_of,
            declined_number_of,
            {pk: meeting["number"] for pk, meeting in meetings},
            _numbers_by_origin(trajectory, points),
        ),
        "replies": _replies(trajectory),
        "changed_since": None,
        "changes": [],
    }
    meanings = explaining.glossary_of(trajectory.gemeente).explained_in(_prose(content))
    return content | {"terms": [{"term": term, "meaning": meaning} for term, meaning in meanings.items()]}


PROSE = {
    "title", "summary", "motivation", "story", "rules", "follow_up", "label", "place", "name", "why", "first_step", "noticed_by",
    "means", "text", "subject", "reason", "group", "question", "signal", "cause", "what", "source",
}  # fmt: skip


def _prose(value: Any) -> Iterator[str]:
    """What people wrote or said in a content, and not its codes, dates and kinds."""
    for key, inner in value.items():
        if isinstance(inner, str) and key in PROSE:
            yield inner
        for one in inner if isinstance(inner, list) else [inner]:
            if isinstance(one, dict):
                yield from _prose(one)


def _voices(theme: Theme) -> int:
    return int(theme.voices)  # type: ignore[attr-defined]  # annotated by drafting.themes_of


def _printable(text: str) -> str:
    """A resident's words with […] where our fonts have no sign: nobody is asked to change what they said."""
    missing = unprintable(text)
    return re.sub(f"[{re.escape(''.join(missing))}]+", "[…]", text) if missing else text


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _meetings(trajectory: Trajectory) -> list[tuple[int, dict[str, Any]]]:
    """The meetings that were held, in order: (id, as the document tells of it)."""
    said = Count("contributions", filter=Q(contributions__hidden_at__isnull=True))
    held = trajectory.meetings.exclude(state__in=["planned", "cancelled"]).annotate(said=said)
    meetings = list(held.order_by("starts_at", "id"))
    present = present_at([meeting.pk for meeting in meetings])
    stood = expecting.standings(trajectory, [meeting.starts_at for meeting in meetings])
    return [
        (
            meeting.pk,
            {
                "number": place,
                "kind": meeting.kind,
                "kind_label": meeting.get_kind_display(),
                "title": meeting.title,
                "held_on": timezone.localtime(meeting.starts_at).date().isoformat(),
                "place": meeting.place,
                "residents": present[meeting.pk].get(None, 0),
                "parties": [{"party": party, "people": n} for party, n in present[meeting.pk].items() if party],
                "contributions": meeting.said,
                "expectations": {"count": tally.count, "answered": tally.answered, "agreed": tally.agreed},
            },
        )
        for place, (meeting, tally) in enumerate(zip(meetings, stood, strict=True), start=1)
    ]


def _parties(trajectory: Trajectory) -> list[dict[str, Any]]:
    parties = trajectory.parties.gemeente_first().with_contact()  # type: ignore[attr-defined]
    return [
        {"id": p.pk, "name": p.name, "kind": p.kind, "kind_label": p.get_kind_display(), "contact": p.contact_name}
        for p in parties
    ]


def _points(points: Any, number_of: dict[int, int]) -> list[dict[str, Any]]:
    """Points of the kept themes, numbered by theme: 1.1, 1.2, 2.1."""
    result: list[dict[str, Any]] = []
    place: dict[int, int] = {}
    for point in sorted(points, key=lambda p: (number_of.get(p.theme_id, 0), p.position, p.pk)):
        if point.theme_id not in number_of:
            continue
        theme = number_of[point.theme_id]
        place[theme] = place.get(theme, 0) + 1
        result.append(_point(point, theme, f"{theme}.{place[theme]}"))
    return result


def _point(point: ImprovementPoint, theme: int, number: str) -> dict[str, Any]:
    return {
        "id": point.pk,
        "number": number,
        "theme": theme,
        "title": point.title,
        "why": point.why,
        "first_step": point.first_step,
        "ready_on": _day(point.ready_on),
        "noticed_by": point.noticed_by,
        "means": point.means,
        "signal": point.signal,
        "cause": point.cause,
        "amounts": [
            {"what": one.what, "amount": one.amount, "unit": one.unit, "source": one.source}
            for one in point.amounts.all()
        ],
        "serves": [value for value in ImprovementPoint.Serves.values if value in point.serves],
        "voices": point.voices,  # type: ignore[attr-defined]  # annotated by drafting.points_of
        "residents": point.residents,  # type: ignore[attr-defined]
        "commitments": [
            {"party": promise.party_id, "role": promise.role, "text": promise.text}
            for promise in point.promises  # type: ignore[attr-defined]
        ],
    }


def _contributions(
    trajectory: Trajectory,
    number_of: dict[int, int],
    declined_number_of: dict[int, int],
    meeting_number: dict[int, int],
    points_from: dict[int, list[str]],
) -> list[dict[str, Any]]:
    """Everything said, by party or as a resident, never by name: by theme, and what stands under none at the end.

    Under a declined theme or under none at all, it stands here as well: nothing that was said is lost silently.
    """
    said = trajectory.contributions.shown().order_by(
        "placements__theme__position", "placements__theme", "placements__group", "made_at", "id", "placements__start"
    )
    return [
        {
            "id": row["pk"],
            "theme": number_of.get(row["placements__theme"]),
            "declined": declined_number_of.get(row["placements__theme"]),
            "group": row["placements__group__wording"] or "",
            "text": _printable(words_of(row["text"])),
            "part": _printable(row["part"]),
            "kind": row["kind"],
            "said_by": row["said_by"],
            "addressed_to": row["addressed_to"],
            "meeting": meeting_number.get(row["meeting"]),
            "question": row["question"],
            "points": points_from[row["pk"]],
        }
        for row in _with_rests(
            said.values(
                "pk",
                "placements__start",
                "placements__stop",
                "placements__theme",
                "placements__group__wording",
                "text",
                "kind",
                "said_by",
                "addressed_to",
                "meeting",
                "question",
            )
        )
    ]


def _with_rests(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Each place with the words that stand there as `part`, or nothing where all do; at the end what of them stands nowhere.

    What was erased has no parts any more: it stands once under each theme.
    """
    places: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        start, stop = row["placements__start"], row["placements__stop"]
        theme = row["placements__theme"]
        if not row["text"] and any(other["placements__theme"] == theme for other in places[row["pk"]]):
            continue
        places[row["pk"]].append(row)
        yield row | {"part": row["text"][start:stop].strip() if stop else ""}
    for several in places.values():
        nowhere = {"placements__theme": None, "placements__group__wording": None}
        taken = [Part(row["pk"], row["placements__start"], row["placements__stop"]) for row in several]
        if any(part.stop for part in taken):
            for span in rest_of(several[0]["text"], taken):
                yield several[0] | nowhere | {"part": words_at(several[0]["text"], [span])}


def _replies(trajectory: Trajectory) -> list[dict[str, Any]]:
    """What the parties say to what is expected of them: the newest answer to each expectation that has one."""
    here = set(trajectory.parties.values_list("pk", flat=True))
    return [
        {
            "contribution": reply.contribution_id,
            "answer": reply.kind,
            "text": _printable(reply.text),  # nobody can change it any more
            "other_party": reply.other_party_id if reply.other_party_id in here else None,
            "on_behalf": reply.is_on_behalf,
        }
        for reply in expecting.newest_answers(trajectory)
    ]


def _numbers_by_origin(trajectory: Trajectory, points: list[dict[str, Any]]) -> dict[int, list[str]]:
    """By contribution, the numbers of the points that come from it, in their order."""
    links = set(Origin.objects.filter(trajectory=trajectory).values_list("point", "contribution"))
    found: dict[int, list[str]] = defaultdict(list)
    for point in points:
        for contribution in (said for of, said in links if of == point["id"]):
            found[contribution].append(point["number"])
    return found
