"""Ordering what was said: the board of themes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from agendas import drafting, splitting, suggesting, theming, undoing, versions
from agendas.models import Group, Placement, Theme
from agendas.splitting import Part
from agendas.theme_forms import GroupForm, PlacingForm, ThemeForm
from agendas.views import tell_of_words, themes_seen
from stakeholders.models import Person
from thuiswijk.lib.forms import first_problem
from thuiswijk.lib.text import in_brief
from thuiswijk.lib.web import has_seen, nothing_new, number_in, posted_from, to_change
from trajectories import moderating
from trajectories.filters import ContributionFilter, marked
from trajectories.models import ContributionQuerySet, Trajectory
from trajectories.perms import may_lead
from trajectories.views import contribution_of, end_of_page, once, removal, rows_of, to_lead, trajectory_of

BOARD = 100
NOTHING_WENT = "Er is niets teruggezet: deze stap is al teruggedraaid, of het is daarna nog een keer verplaatst."
STAYED = "Een deel is daarna nog een keer verplaatst. Dat blijft staan waar het nu staat."


def theme_board(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    side = side_of(request, trajectory)
    chosen, offer = side["chosen"], side["offer"]
    if request.GET.get("thema") and chosen is None:
        messages.warning(request, "Dit thema is er niet meer. U ziet wat nog niet is geplaatst.")
    groups = list(drafting.groups_of(chosen)) if chosen else []
    side |= {"groups": groups, "group": next((one for one in groups if str(one.pk) == request.GET.get("groep")), None)}
    said = said_here(request, trajectory, side)
    said = said.order_by("-made_at", "-id", *(["start"] if chosen else []))
    filtered = ContributionFilter(request.GET, said, trajectory=trajectory)
    page = filtered.qs.older_than(end_of_page(request, trajectory.contributions.all()))
    sought = filtered.sought or (offer.sought if offer else "")
    rows, older = told(page, sought=sought, of="part" if chosen else "text")
    context = side | {
        "filter": filtered,
        "steps": None,
        "mark": "",
        "rows": rows,
        "older": older,
        "ticked": request.GET.get("aan", "").split("-"),  # and typed, where something stood in the way
        "typed": request.GET.get("zin", ""),
        "to": (offer.theme.pk if offer and offer.theme else 0) or number_in(request, "naar"),
    }
    return render(request, "agendas/theme_board.html", context)


def said_here(request: HttpRequest, trajectory: Trajectory, side: dict[str, Any]) -> ContributionQuerySet:
    """What was said at the place that is looked at: an offer, no place yet, a group, or a theme.

    What is in a group stands behind its wording, but for who searches.
    """
    theme, group, offer = side["chosen"], side["group"], side["offer"]
    if theme is None:
        loose = drafting.unplaced(trajectory)
        return loose.filter(pk__in=offer.contributions) if offer else loose
    if group:
        return drafting.said_under(theme, group=group)
    is_plain = "zoek" in request.GET or not side["groups"]
    return drafting.said_under(theme) if is_plain else drafting.said_under(theme, group__isnull=True)


def told(page: ContributionQuerySet, *, sought: str, of: str) -> tuple[list[dict[str, Any]], int | None]:
    """The rows of one page of the board, and with which inbreng it ends where there is more. All parts of one stand on one page.

    What was erased has no parts any more, and stands once: who moves that moves all of it (agendas.splitting.Part.span).
    Each row has a `tick` that points at it, and `is_part` says whether it is less than all that somebody said.
    """
    rows = rows_of(page, BOARD + 1, sought=sought, of=of, also=["start", "stop"] if of == "part" else [])
    older = None
    if len(rows) > BOARD:
        rows = [row for row in rows if row["id"] != rows[BOARD]["id"]] or rows[:BOARD]
        older = rows[-1]["id"]
    standing = places_of([row["id"] for row in rows])
    once: dict[tuple[int, int | None], dict[str, Any]] = {}
    for row in rows:
        words, places = standing.get(row["id"], ("", []))
        once.setdefault(
            (row["id"], row.get("start") if words else None), row | _part_in(row, words, places, sought=sought)
        )
    return list(once.values()), older


def places_of(contributions: list[int]) -> dict[int, tuple[str, list[Part]]]:
    """The words of these, and what of them stands under themes: of those that were split."""
    found: dict[int, tuple[str, list[Part]]] = {}
    placed = Placement.objects.filter(contribution__in=contributions)
    for pk, start, stop, text in placed.values_list("contribution", "start", "stop", "contribution__text"):
        found.setdefault(pk, (text, []))[1].append(Part(pk, start, stop))
    return found


def _part_in(row: dict[str, Any], text: str, places: list[Part], *, sought: str) -> dict[str, Any]:
    """What the board says of a row that is less than all that somebody said: which part it is, and of how many."""
    part = Part(row["id"], row.get("start"), row.get("stop"))
    parts = splitting.numbered(text, places)
    here = [part.span(len(text))] if "start" in row else splitting.rest_of(text, places)
    if here not in parts:
        return {"tick": str(part), "is_part": False}
    words = {} if "start" in row else {"text": splitting.words_at(text, here)}
    if words and sought:
        words = {"text": marked(words["text"], sought)}
    return {"tick": str(part), "is_part": True, "number": parts.index(here) + 1, "of": len(parts), **words}


def side_of(request: HttpRequest, trajectory: Trajectory) -> dict[str, Any]:
    """What stands beside the words on the board: the themes, what may belong to them, and which of these is looked at."""
    themes = list(drafting.themes_of(trajectory))
    suggestions = trajectory.suggestions.first()
    offers = suggesting.offers_of(suggestions, themes)
    return {
        "trajectory": trajectory,
        "themes": themes,
        "chosen": next((theme for theme in themes if str(theme.pk) == request.GET.get("thema")), None),
        "suggestions": suggestions,
        "offers": offers,
        "offer": next((offer for offer in offers if str(offer.key) == request.GET.get("voorstel")), None),
        "unplaced": drafting.unplaced(trajectory).count(),
        "may_lead": may_lead(request.user, trajectory),
    }


def theme_steps(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    mark = undoing.mark_of(trajectory)
    if request.htmx and has_seen(request, mark):  # type: ignore[attr-defined]
        return nothing_new()
    context = side_of(request, trajectory) | {"steps": undoing.steps_of(trajectory), "mark": mark}
    page = "agendas/theme_board.html#side" if request.htmx else "agendas/theme_steps.html"  # type: ignore[attr-defined]
    return render(request, page, context)


@posted_from("theme_steps")
def theme_undo(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    person = to_lead(request, trajectory)
    back, stayed = undoing.undo(trajectory, number_in(request, "stap"), by=person)
    if back:
        messages.success(request, f"{back} keer inbreng staat weer waar die stond.")
    if stayed or not back:
        messages.warning(request, STAYED if stayed and back else NOTHING_WENT)
    return redirect(f"{reverse('theme_board', args=[pk])}?{request.GET.urlencode()}")


@posted_from("theme_board")
def theme_placing(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    person = to_lead(request, trajectory)
    form = PlacingForm(request.POST, trajectory=trajectory)
    chosen = trajectory.themes.filter(pk=number_in(request, "out_of")).first()
    problem = _moved(request, chosen, form, by=person) if form.is_valid() else first_problem(form)
    query = {name: value for name, value in request.GET.items() if name not in ("aan", "zin")}
    if problem:  # what was ticked and typed stays
        messages.error(request, problem)
        ticked = request.POST.getlist("contributions")[:BOARD]
        query["aan"] = "-".join(one for one in ticked if splitting.TICK.fullmatch(one))
        if "gather" in request.POST or request.POST.get("wording"):
            query["zin"] = request.POST.get("wording", "")[:300]  # as much as a group may have
    elif "voorstel" in query:  # what is left of an offer was left on purpose
        query["gedaan"] = "1"
    return redirect(f"{reverse('theme_board', args=[pk])}?{urlencode(query)}")


def _moved(request: HttpRequest, chosen: Theme | None, form: PlacingForm, *, by: Person) -> str:
    """Does what the button says, and tells it. Answers what stands in the way, or nothing."""
    said, theme = form.cleaned_data["contributions"], form.cleaned_data["theme"]
    if "take_out" in request.POST and chosen:
        count = theming.take_out(chosen, said)
        _tell(request, count, len(said), f"uit “{chosen}” gehaald")
    elif "gather" in request.POST and chosen:
        group, wording = chosen.groups.filter(pk=number_in(request, "group")).first(), form.cleaned_data["wording"]
        if bool(group) == bool(wording):
            return "Schrijf in één zin op wat deze mensen zeggen, of kies een groep die er al is. Niet allebei."
        count = theming.gather(chosen, said, into=group or wording, seen_loose="zoek" not in request.GET)
        _tell(request, count, len(said), f"bij elkaar gezet in de groep “{group or wording}”")
    elif "scatter" in request.POST and chosen:
        group = get_object_or_404(chosen.groups, pk=number_in(request, "groep"))
        count = theming.scatter(group, said)
        _tell(request, count, len(said), f"uit de groep “{group}” gehaald")
    elif theme is None:
        return "Kies eerst een thema."
    else:
        count = theming.place(theme, said, by=by, seen_under=chosen, stays="move" not in request.POST)
        _tell(request, count, len(said), f"bij “{theme}” gezet")
    return ""


def _tell(request: HttpRequest, count: int, of: int, did: str) -> None:
    if count:
        messages.success(request, f"{count} keer inbreng {did}.")
    if count < of:
        messages.warning(request, f"{of - count} keer inbreng stond al zo, of is net door een collega verplaatst.")


def group_edit(request: HttpRequest, pk: int) -> HttpResponse:
    groups = Group.objects.filter(theme__in=themes_seen(request)).select_related("theme__trajectory")
    group = get_object_or_404(to_change(request, groups), pk=pk)
    trajectory = group.theme.trajectory
    to_lead(request, trajectory)
    form = GroupForm(request.POST or None, instance=group)
    board = f"{reverse('theme_board', args=[trajectory.pk])}?thema={group.theme_id}"
    if form.is_valid():
        form.save()
        messages.success(request, f"De groep “{group}” is bewaard.")
        return redirect(f"{board}&groep={pk}")
    context = {"trajectory": trajectory, "theme": group.theme, "group": group, "form": form, "board": board}
    return render(request, "agendas/group_edit.html", context)


@posted_from("theme_board")
def suggestions_order(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    suggesting.order(trajectory, by=to_lead(request, trajectory))
    return redirect("theme_board", pk)


@once
def theme_new(request: HttpRequest, pk: int) -> HttpResponse:
    trajectory = trajectory_of(request, pk)
    to_lead(request, trajectory)
    last = trajectory.themes.aggregate(last=Max("position"))["last"] or 0
    new = Theme(trajectory=trajectory, position=last + 1, name=in_brief(request.GET.get("naam", ""), 100))
    form = ThemeForm(request.POST or None, instance=new)
    if form.is_valid():
        form.save()
        messages.success(request, f"Thema “{form.instance}” is gemaakt.")
        tell_of_words(request, trajectory)
        offer = {"voorstel": number_in(request, "voorstel"), "naar": new.pk} if "voorstel" in request.GET else {}
        return redirect(f"{reverse('theme_board', args=[pk])}?{urlencode(offer)}")
    return render(request, "agendas/theme_new.html", {"trajectory": trajectory, "form": form})


def theme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    theme = get_object_or_404(to_change(request, themes_seen(request)), pk=pk)
    to_lead(request, theme.trajectory)
    form = ThemeForm(request.POST or None, instance=theme)
    if form.is_valid():
        form.save()
        messages.success(request, f"Thema “{theme}” is bewaard.")
        tell_of_words(request, theme.trajectory)
        return redirect("theme_board", theme.trajectory_id)
    return render(request, "agendas/theme_edit.html", {"trajectory": theme.trajectory, "theme": theme, "form": form})


@once
def theme_remove(request: HttpRequest, pk: int) -> HttpResponse:
    theme = get_object_or_404(themes_seen(request), pk=pk)
    to_lead(request, theme.trajectory)
    return removal(
        request,
        lambda: theming.remove(theme),
        title="Verwijder het thema",
        goes=[f"Het thema “{theme}”, met zijn samenvatting."],
        trajectory=theme.trajectory,
        parent=theme.name,
        back=reverse("theme_edit", args=[pk]),
        then=reverse("theme_board", args=[theme.trajectory_id]),
    )


def contribution_erase(request: HttpRequest, pk: int) -> HttpResponse:
    contribution = contribution_of(request, pk)
    person = to_lead(request, contribution.trajectory)
    if request.method == "POST":
        moderating.erase(contribution, by=person)
        suggesting.forget(contribution.trajectory)
        messages.success(request, "De inbreng is gewist. Er staat nu dat die op verzoek is gewist.")
        return redirect("contribution_list", contribution.trajectory_id)
    held_by = versions.holding(contribution)
    context = {"trajectory": contribution.trajectory, "contribution": contribution, "versions": held_by}
    return render(request, "agendas/contribution_erase.html", context)
