"""The living draft: starting it, reading it as one whole, and the gaps that it still has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import IntegerRangeField
from django.db import transaction
from django.db.models import (
    Aggregate,
    BooleanField,
    Count,
    Exists,
    F,
    Func,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce, Length, Substr
from django.urls import reverse
from django.utils import timezone

from agendas import consenting, expecting
from agendas.models import Agenda, Commitment, Group, ImprovementPoint, Placement, Theme
from agendas.splitting import Part, Span, rest_of
from stakeholders import explaining
from stakeholders.models import Party, Person
from thuiswijk.lib.terms import Glossary
from trajectories import phases, removing
from trajectories.models import Contribution, ContributionQuerySet, Step, Trajectory

RULES = """Wij doen wat wij beloven, zo veel als wij kunnen. Lukt iets niet, dan zeggen wij dat op tijd en leggen wij uit waarom.
Iedere afspraak heeft een trekker. De trekker zorgt dat het gebeurt en vertelt hoe het ervoor staat.
Deze agenda is geen contract. Niemand kan er rechten aan ontlenen."""
FOLLOW_UP = """De trekkers melden twee keer per jaar hoe het met hun afspraken gaat.
Bewoners zeggen of zij er iets van merken.
Ieder jaar kijken alle partijen samen of de agenda nog klopt. Als dat nodig is, komt er een nieuwe versie."""

MOST_WORDS = 10  # that one sentence names


@dataclass(frozen=True)
class Gap:
    """Something that the draft still lacks: a sentence, and the page that mends it."""

    sentence: str
    url: str


@transaction.atomic
def start(trajectory: Trajectory, *, by: Person) -> Agenda:
    """The draft of this trajectory, made with a number and the usual texts where there is none yet."""
    Trajectory.objects.select_for_update().get(pk=trajectory.pk)  # two people who start at once get the same draft
    agenda = Agenda.objects.filter(trajectory=trajectory).first()
    if agenda is None:
        agenda = Agenda.objects.create(
            trajectory=trajectory,
            title=f"Verbeteragenda {trajectory.name}",
            number=f"VA-{timezone.localdate().year}-{trajectory.pk:04}",
            rules=RULES,
            follow_up=FOLLOW_UP,
        )
        phases.reach(trajectory, Step.DRAFTING, by=by)
    return agenda


@transaction.atomic
def remove(point: ImprovementPoint) -> None:
    """A point, with its commitments, of which nothing was reported yet.

    The point is locked before what stands on it, as who notes something of it does (agendas.consenting).
    """
    ImprovementPoint.objects.select_for_update(of=("self",)).filter(pk=point.pk).first()
    removing.remove(point, stays="Over een toezegging bij dit punt is al voortgang gemeld. Daarom blijft het staan.")


def _voices(of: str) -> Count:
    """How many times inbreng was said, each of them once, in however many parts it stands there."""
    return Count(of, filter=Q(**{f"{of}__hidden_at__isnull": True}), distinct=True)


def themes_of(trajectory: Trajectory) -> QuerySet[Theme]:
    """The themes in order, with `voices`: how many contributions stand under each."""
    shown = _voices("placements__contribution")
    return trajectory.themes.annotate(voices=shown).order_by("position", "id")


def points_of(trajectory: Trajectory) -> QuerySet[ImprovementPoint]:
    """The points in order, each with its commitments, their parties and its amounts; and with `voices`: what it comes from.

    Of those `residents` were said by residents; `has_said` says whether anything was said under its theme.
    """
    commitments = Commitment.objects.leader_first().select_related("party", "confirmed_by")
    shown = Q(origins__contribution__hidden_at__isnull=True)
    counted = trajectory.points.annotate(
        voices=Count("origins", filter=shown),
        residents=Count("origins", filter=shown & Q(origins__contribution__said_by__isnull=True)),
        has_said=Exists(Placement.objects.filter(theme=OuterRef("theme"), contribution__hidden_at__isnull=True)),
    )
    return counted.select_related("theme").prefetch_related(
        "amounts", Prefetch("commitments", queryset=commitments, to_attr="promises")
    )


def unplaced(trajectory: Trajectory) -> ContributionQuerySet:
    """What was said and stands under no theme yet, or of which some words do not."""
    places = Placement.objects.filter(trajectory=trajectory).order_by().values("contribution")
    whole, parts = places.filter(start__isnull=True), places.filter(start__isnull=False)
    together = Aggregate(_span(F("start"), F("stop")), function="range_agg", output_field=IntegerRangeField())
    every = _span(Value(0), Max(Length("contribution__text")))
    covers = Func(together, every, arg_joiner=" @> ", template="(%(expressions)s)", output_field=BooleanField())
    covered = parts.annotate(is_all=covers).filter(is_all=True).values("contribution")
    said = Contribution.objects.filter(trajectory=trajectory).shown()
    return said.exclude(pk__in=whole).exclude(pk__in=covered)


def _span(start: Any, stop: Any) -> Func:
    return Func(start, stop, function="int4range", output_field=IntegerRangeField())


def words_under(contribution: Contribution, theme: Theme | None) -> list[Span]:
    """Which words of an inbreng stand under a theme, or (None) under no theme at all; nothing where they were erased."""
    length = len(contribution.text)
    placed = contribution.placements.filter(theme=theme) if theme else contribution.placements
    parts = [Part(contribution.pk, *span) for span in placed.order_by("start").values_list("start", "stop")]
    return [part.span(length) for part in parts if length] if theme else rest_of(contribution.text, parts)


def said_under(theme: Theme, **where: Any) -> ContributionQuerySet:
    """What was said and stands under this theme; with `group` or `group__isnull`, only what is in that group, or in none.

    Of an inbreng each part that stands there is one, with its `start`, its `stop` and its words as `part`.
    """
    here = {f"placements__{name}": value for name, value in where.items()}
    start, stop = F("placements__start"), F("placements__stop")
    said = Contribution.objects.filter(placements__theme=theme, **here).shown()
    part = Coalesce(Substr("text", start + 1, stop - start), F("text"), output_field=TextField())
    return said.annotate(start=start, stop=stop, part=part)


def groups_of(theme: Theme) -> QuerySet[Group]:
    """The groups of a theme in which something stands, those with most `voices` first."""
    shown = _voices("placements__contribution")
    return theme.groups.annotate(voices=shown).filter(voices__gt=0).order_by("-voices", "id")


def gaps(agenda: Agenda, points: list[ImprovementPoint] | None = None, glossary: Glossary | None = None) -> list[Gap]:
    """What the draft lacks, in the order in which one would mend it (product: "Rolverdeling with gap checks").

    `points` are those of `points_of` and `glossary` that of `glossary_of`, for who has them already.

    Nothing here forbids freezing: a projectleider may go on with a reason, which the document prints.
    """
    trajectory = agenda.trajectory
    points = list(points_of(trajectory)) if points is None else points
    known = trajectory.parties.gemeente_first().with_contact()  # type: ignore[attr-defined]
    parties = list(expecting.with_waiting(known, trajectory))
    themes = list(trajectory.themes.all())
    if glossary is None:
        glossary = explaining.glossary_of(trajectory.gemeente, names=[party.name for party in parties])
    return [
        *_gaps_of_agenda(agenda, points),
        *_gaps_of_themes(trajectory, themes, points),
        *(gap for point in points for gap in _gaps_of_point(point, agenda)),
        *_gaps_of_consent(trajectory),
        *_gaps_of_parties(trajectory, parties, points),
        *_gaps_of_expectations(trajectory, parties),
        *_gaps_of_words(trajectory, glossary, [*_written(agenda, themes, points), *_replied(trajectory)]),
    ]


def written(trajectory: Trajectory) -> list[str]:
    """Every text that people in the office and of parties wrote for the document: their abbreviations are theirs to explain.

    What residents said is not among it: nobody is asked what somebody else meant.
    """
    agenda, themes = getattr(trajectory, "agenda", None), list(trajectory.themes.all())
    return [*_written(agenda, themes, list(points_of(trajectory))), *_replied(trajectory)]


def _replied(trajectory: Trajectory) -> Iterable[str]:
    return expecting.newest_answers(trajectory).values_list("text", flat=True)


def _written(agenda: Agenda | None, themes: list[Theme], points: list[ImprovementPoint]) -> list[str]:
    promises = [promise for point in points for promise in point.promises]  # type: ignore[attr-defined]
    amounts = [amount for point in points for amount in point.amounts.all()]
    typed: list[tuple[Iterable[Any], tuple[str, ...]]] = [
        ([agenda] if agenda else [], ("title", "summary", "motivation", "story", "rules", "follow_up")),
        (themes, ("name", "summary", "declined_because")),
        (points, ("title", "why", "signal", "cause", "first_step", "noticed_by", "means")),
        (amounts, ("what", "source")),
        (promises, ("text",)),
    ]
    return [getattr(row, name) for rows, names in typed for row in rows for name in names]


def glossary_of(trajectory: Trajectory) -> Glossary:
    """What is explained in the gemeente of this trajectory; the names of its parties explain themselves."""
    names = trajectory.parties.values_list("name", flat=True)
    return explaining.glossary_of(trajectory.gemeente, names=names)


def _gaps_of_agenda(agenda: Agenda, points: list[ImprovementPoint]) -> Iterable[Gap]:
    edit = reverse("agenda_edit", args=[agenda.trajectory_id])
    if not points:
        yield Gap("Er staan nog geen verbeterpunten in de agenda.", reverse("point_new", args=[agenda.trajectory_id]))
    told = [point for point in points if point.voices]  # type: ignore[attr-defined]
    from_residents = sum(bool(point.residents) for point in told)  # type: ignore[attr-defined]
    if 2 * from_residents < len(told):
        yield Gap(
            f"Minder dan de helft van de verbeterpunten komt uit wat bewoners zeiden: {from_residents} van {len(told)}.",
            reverse("point_list", args=[agenda.trajectory_id]),
        )
    if not agenda.starts_on or not agenda.ends_on:
        yield Gap("Er staat nog niet bij van wanneer tot wanneer de agenda geldt.", edit)
    if not agenda.summary:
        yield Gap("De samenvatting in gewone taal ontbreekt.", edit)


def _gaps_of_themes(trajectory: Trajectory, themes: list[Theme], points: list[ImprovementPoint]) -> Iterable[Gap]:
    used = {point.theme_id for point in points}
    for theme in themes:
        if theme.pk not in used and not theme.is_declined:
            yield Gap(f"Thema “{theme.name}” heeft nog geen verbeterpunt.", reverse("theme_edit", args=[theme.pk]))
    count = unplaced(trajectory).count()
    if count:
        words = "1 inbreng staat" if count == 1 else f"{count} keer inbreng staat"
        yield Gap(f"{words} nog niet bij een thema.", reverse("theme_board", args=[trajectory.pk]))


def _gaps_of_point(point: ImprovementPoint, agenda: Agenda) -> Iterable[Gap]:
    url = reverse("point_edit", args=[point.pk])
    leaders = [promise for promise in point.promises if promise.role == Commitment.Role.LEADER]  # type: ignore[attr-defined]
    name = f"Verbeterpunt “{point.title}”"
    if not leaders:
        yield Gap(f"{name} heeft nog geen trekker.", url)
    if len(leaders) > 1:
        yield Gap(f"{name} heeft {len(leaders)} trekkers.", url)
    able = {promise.party_id for promise in point.promises if promise.is_promise}  # type: ignore[attr-defined]
    for promise in point.promises:  # type: ignore[attr-defined]
        if promise.role == Commitment.Role.UNABLE and promise.party_id in able:
            yield Gap(f"{name}: {promise.party.name} zegt iets toe, en zegt ook dat het niet kan.", url)
        if promise.role == Commitment.Role.EXPERT and promise.party_id not in able:
            yield Gap(f"{name}: {promise.party.name} weet er het meest van, en doet niet mee.", url)
    if point.has_said and not point.voices:  # type: ignore[attr-defined]
        yield Gap(f"{name} zegt nog niet uit welke inbreng het komt.", reverse("point_origins", args=[point.pk]))
    if not point.first_step:
        yield Gap(f"{name} heeft nog geen eerste stap.", url)
    if not point.ready_on:
        yield Gap(f"{name} heeft nog geen datum waarop het klaar is.", url)
    elif agenda.starts_on and agenda.ends_on and not agenda.starts_on <= point.ready_on <= agenda.ends_on:
        yield Gap(f"{name} is klaar op een datum die buiten de looptijd van de agenda valt.", url)


def _gaps_of_consent(trajectory: Trajectory) -> Iterable[Gap]:
    for consent in consenting.open_objections(trajectory):
        yield Gap(
            f"{consent.party} kon niet akkoord gaan met verbeterpunt “{consent.point}”. Daar is nog geen antwoord op.",
            f"{reverse('point_consents', args=[consent.point_id])}#antwoord-{consent.pk}",
        )


def _gaps_of_parties(trajectory: Trajectory, parties: list[Party], points: list[ImprovementPoint]) -> Iterable[Gap]:
    promising = {promise.party_id for point in points for promise in point.promises if promise.is_promise}  # type: ignore[attr-defined]
    for party in parties:
        if not party.contact_email:  # type: ignore[attr-defined]
            yield Gap(
                f"{party.name} heeft nog geen contactpersoon met een e-mailadres.",
                reverse("party_edit", args=[trajectory.pk, party.pk]),
            )
    for party in parties:
        if party.pk not in promising:
            yield Gap(f"{party.name} zegt nog niets toe.", reverse("point_list", args=[trajectory.pk]))


def _gaps_of_expectations(trajectory: Trajectory, parties: list[Party]) -> Iterable[Gap]:
    page = reverse("expectation_list", args=[trajectory.pk])
    for party in parties:
        count = party.waiting  # type: ignore[attr-defined]
        if count:
            words = "1 verwachting" if count == 1 else f"{count} verwachtingen"
            yield Gap(f"{party.name} heeft nog niet geantwoord op {words}.", f"{page}?aan={party.pk}&stand=open#lijst")


def _gaps_of_words(trajectory: Trajectory, glossary: Glossary, texts: list[str]) -> Iterable[Gap]:
    words = glossary.unknown_in(texts)
    if words:
        yield Gap(without_explanation(words), reverse("term_ask", args=[trajectory.pk]))


def without_explanation(words: list[str]) -> str:
    """Says which abbreviations nobody explained yet; of many only the first ones."""
    few, rest = words[:MOST_WORDS], len(words) - MOST_WORDS
    named = ", ".join(few) + (f" en nog {rest}" if rest > 0 else "")
    return (
        f"Deze afkorting heeft nog geen uitleg: {named}."
        if len(words) == 1
        else f"Deze afkortingen hebben nog geen uitleg: {named}."
    )
