"""What became of somebody's words: from an inbreng to a theme, to a point, to what was promised and how that goes.

A deelnemer follows it with the code of a phone or a card, for years and without an account; and, who leaves an address, by mail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from agendas.expecting import in_words, with_replies
from agendas.models import Document, Placement, ProgressReport, Theme
from agendas.splitting import Part, Span, rest_of, words_at
from stakeholders.models import Mail
from thuiswijk.lib.canonical import canonical, digest
from trajectories.models import Contribution, LateContribution, Participant, words_of

log = structlog.get_logger(__name__)
BEGINS, NEWS = "Wij houden u op de hoogte", "Nieuws over uw inbreng"
REPORTS = dict(ProgressReport.State.choices)


@dataclass(frozen=True)
class Promised:
    """A point of the sealed agenda: what will get better, who leads it, when it is ready, and how it goes."""

    number: str
    title: str
    leader: str
    ready_on: date | None
    progress: str


@dataclass(frozen=True)
class Placed:
    """The theme under which words stand. Not taken over, it says why; sealed, it has points."""

    theme: str
    declined_because: str
    points: list[Promised]
    part: str = ""  # the words that stand there, where that is not all of them


@dataclass(frozen=True)
class Followed:
    """One inbreng with what became of it. Words that came after the meeting was closed may still wait."""

    text: str
    question: str
    said_at: datetime
    hidden_because: str
    is_late: bool
    placed: list[Placed]
    to: str = ""  # the party of which it is expected
    reply: str = ""  # what that party says to it
    led_to: list[Promised] = field(default_factory=list)  # the points that come from these very words
    is_refused: bool = False  # late, and the projectleider decided that they no longer count
    rest: str = ""  # the words that stand nowhere yet, where others of them do
    to_newcomer: str = ""  # a party of which it is expected, and that does not take part yet


def followed(participant: Participant) -> list[Followed]:
    """Everything that this deelnemer said, in the order in which it was said."""
    said = list(with_replies(participant.contributions.order_by("made_at", "pk")))
    places = defaultdict(list)
    placements = Placement.objects.filter(contribution__in=said).select_related("theme")
    for placement in placements.order_by("theme__position", "theme", "start"):
        places[placement.contribution_id].append(placement)
    sealed = _sealed(participant.meeting.trajectory_id) if said else Sealed()
    words = [
        Followed(
            text=words_of(one.text),
            question=one.question,
            said_at=one.made_at,
            hidden_because=one.hidden_reason,
            is_late=False,
            placed=_placed(one, places[one.pk], sealed),
            rest=_rest(one, places[one.pk]),
            led_to=sealed.led_to[one.pk],
            to=one.addressed_to.name if one.addressed_to else "",
            to_newcomer=one.addressed_name,
            reply=in_words(one.replied[0]) if one.replied else "",  # type: ignore[attr-defined]
        )
        for one in said
    ]
    return words + [
        Followed(
            text=late.words["text"],
            question=late.words.get("question", ""),
            said_at=late.arrived_at,
            hidden_because="",
            is_late=True,
            placed=[],
            is_refused=late.decided_at is not None,
        )
        for late in _late(participant)
    ]


def _placed(said: Contribution, places: list[Placement], sealed: Sealed) -> list[Placed]:
    """Where somebody's words stand: each theme once, with the parts that stand there."""
    spans: dict[Theme, list[Span]] = defaultdict(list)
    for place in places:
        spans[place.theme] += [] if place.start is None or place.stop is None else [(place.start, place.stop)]
    return [
        Placed(
            theme.name,
            theme.declined_because,
            sealed.of_theme(theme.name, besides=sealed.led_to[said.pk]),
            part=words_at(said.text, parts) if parts and said.text else "",
        )
        for theme, parts in spans.items()
    ]


def _rest(said: Contribution, places: list[Placement]) -> str:
    rest = rest_of(said.text, [Part(said.pk, place.start, place.stop) for place in places])
    return words_at(said.text, rest) if rest and places else ""


def _late(participant: Participant) -> Iterable[LateContribution]:
    """What came too late and was not let in; what was, or was erased, has no words here any more."""
    late = LateContribution.objects.filter(meeting=participant.meeting_id, words__participant_id=participant.pk)
    return late.order_by("arrived_at")


@dataclass(frozen=True)
class Sealed:
    """The newest sealed agenda, as far as it says what became of words: what is promised is what was sealed."""

    themes: dict[str, list[Promised]] = field(default_factory=dict)  # by the name of a theme
    led_to: dict[int, list[Promised]] = field(default_factory=lambda: defaultdict(list))  # by the id of an inbreng

    def of_theme(self, name: str, *, besides: list[Promised]) -> list[Promised]:
        """The points of a theme, but for those that are told already."""
        return [point for point in self.themes.get(name, []) if point not in besides]


def _sealed(trajectory_id: int) -> Sealed:
    stored = Document.objects.filter(
        kind=Document.Kind.FINAL, state=Document.State.STORED, version__agenda__trajectory=trajectory_id
    )
    document = stored.select_related("version").order_by("-version__number").first()
    sealed = Sealed()
    if document is None:
        return sealed
    agenda = document.version.data
    parties = {party["id"]: party["name"] for party in agenda["parties"]}
    themes = {theme["number"]: theme["name"] for theme in agenda["themes"]}
    progress = _progress(trajectory_id)
    points = {}
    for point in agenda["points"]:
        leaders = [parties[promise["party"]] for promise in point["commitments"] if promise["role"] == "trekker"]
        points[point["number"]] = Promised(
            number=point["number"],
            title=point["title"],
            leader=", ".join(leaders),
            ready_on=date.fromisoformat(point["ready_on"]) if point["ready_on"] else None,
            progress=progress.get(point["title"], ""),
        )
        sealed.themes.setdefault(themes[point["theme"]], []).append(points[point["number"]])
    for said in agenda["contributions"]:
        if said.get("points"):  # schema 4 says so; under two themes it stands twice
            sealed.led_to[said["id"]] = [points[number] for number in said["points"]]
    return sealed


def _progress(trajectory_id: int) -> dict[str, str]:
    """What who leads a point reported last, by the title of the point."""
    reports = ProgressReport.objects.filter(commitment__point__trajectory=trajectory_id, commitment__role="trekker")
    newest = reports.order_by().values("commitment").annotate(newest=Max("pk")).values("newest")
    rows = ProgressReport.objects.filter(pk__in=newest).order_by("reported_at", "pk")
    return {title: REPORTS[state] for title, state in rows.values_list("commitment__point__title", "state")}


# --- news by mail -------------------------------------------------------------------------------------------------------
def ask_for_news(participant: Participant, *, email: str) -> None:
    """From now on this address hears of what changes. A first mail says so, and how to end it; the same address twice is once."""
    if participant.email == email:
        return
    participant.email, participant.told = email, _digest_of(followed(participant))
    participant.save(update_fields=["email", "told"])
    _send(participant, BEGINS, "agendas/emails/following.txt")


def stop_news(participant: Participant) -> None:
    """The address is gone at once, here and where it says what was mailed, and nothing is mailed any more."""
    Mail.objects.filter(to=participant.email, subject__in=[BEGINS, NEWS]).delete()
    participant.email = participant.told = ""
    participant.save(update_fields=["email", "told"])


def tell_everybody() -> None:
    """Mails everybody who asked for news and for whom something changed since the last mail. Once a day is often enough."""
    for pk in Participant.objects.exclude(email="").values_list("pk", flat=True):
        try:
            tell(pk)
        except Exception:  # whatever is wrong with one, the others hear their news; tomorrow it is tried again
            log.exception("news_failed", participant=pk)


@transaction.atomic
def tell(participant_id: int) -> bool:
    """Mails one deelnemer what changed, if anything did. The row is held, so that twice at once is one mail."""
    asked = Participant.objects.select_for_update(of=("self",), skip_locked=True).exclude(email="")
    participant = asked.select_related("meeting__trajectory").filter(pk=participant_id).first()
    if participant is None:
        return False
    words = followed(participant)
    now = _digest_of(words)
    if now == participant.told:
        return False
    participant.told = now
    participant.save(update_fields=["told"])
    _send(participant, NEWS, "agendas/emails/followed.txt", words=words)
    return True


def _digest_of(words: list[Followed]) -> str:
    """Of what became of the words, not of a moment: the same news is told once.

    What `Followed` learned to tell later counts only where there is something to tell, or an upgrade would be news.
    """
    return digest(canonical({"said": [_fate_of(one) for one in words]}))


def _fate_of(one: Followed) -> dict[str, object]:
    fate = {k: str(v) if isinstance(v, date | datetime) else v for k, v in asdict(one).items()}
    fate["placed"] = [
        {k: v for k, v in asdict(placed).items() if v or k != "part"} | {"points": _plain(placed.points)}
        for placed in one.placed
    ]
    fate["to"] = one.to or fate.pop("to_newcomer")  # as it was when both were one
    fate.pop("to_newcomer", None)
    for later, value in {"led_to": _plain(one.led_to), "is_refused": one.is_refused, "rest": one.rest}.items():
        del fate[later]
        fate |= {later: value} if value else {}
    return fate


def _plain(points: list[Promised]) -> list[dict[str, object]]:
    return [asdict(point) | {"ready_on": str(point.ready_on or "")} for point in points]


def _send(participant: Participant, subject: str, template: str, **context: object) -> None:
    url = settings.PUBLIC_URL + reverse("follow", args=[participant.code])
    with timezone.override(settings.TIME_ZONE):
        text = render_to_string(template, {"participant": participant, "url": url, **context})
    send_mail(subject, text, None, [participant.email])
