"""What the adviser and the note takers have open in the hall: the beamer, the notes, and who is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django_htmx.http import reswap, retarget

from thuiswijk.lib.canonical import digest
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.forms import first_problem
from thuiswijk.lib.web import has_seen, nothing_new, number_in, posted_from
from trajectories import counting, intake, participants, perms, planning, reporting, showing
from trajectories.forms import AttendanceForm, HideForm
from trajectories.models import TO_WHOM, Contribution, ContributionQuerySet, LateContribution, Meeting, words_of
from trajectories.room_forms import NoteForm, PasteForm
from trajectories.views import meeting_of, meetings_seen, to_lead

MOST_ANSWERS = 60  # on the beamer at once
BLOCK = 30
A_FULL_SCREEN = 6  # answers: with more, the newest may stand below the edge
REMEMBERED = 30  # what a note taker sees of the own notes
UNSAID = "Dit is nog niet opgeslagen. "


@dataclass(frozen=True)
class Standing:
    """What a beamer shows, as far as it takes to know what is new since."""

    state: str
    answers: int = 0
    newest: int = 0
    said: int = 0

    def __str__(self) -> str:
        return f"{self.state}.{self.answers}.{self.newest}.{self.said}"

    @classmethod
    def read(cls, mark: str) -> Standing:
        """What a beamer says that it shows; nothing where it says something strange."""
        state, *numbers = mark.split(".")
        if len(numbers) != 3 or not all(n.isascii() and n.isdigit() and len(n) < 18 for n in numbers):
            return cls("")
        return cls(state, *map(int, numbers))


def answers_to(meeting: Meeting) -> ContributionQuerySet:
    """What was said in answer to the question that is open."""
    return meeting.contributions.shown().filter(question=meeting.question_now)


def standing_of(meeting: Meeting) -> Standing:
    """How the beamer of this meeting stands now."""
    is_answer = Q(question=meeting.question_now)
    counted = meeting.contributions.shown().aggregate(
        answers=Count("id", filter=is_answer),
        newest=Max("id", filter=is_answer),
        erased=Count("erased_at", filter=is_answer),
        said=Count("id"),
    )
    led = [meeting.item_id or 0, int(meeting.is_paused), int(meeting.is_revealed), meeting.state]
    asked = digest(repr([meeting.question_now, showing.questions_of(meeting)]).encode())[:8]
    state = "-".join(map(str, [*led, counted["erased"], asked]))
    return Standing(state, counted["answers"], counted["newest"] or 0, counted["said"])


def first_shown(request: HttpRequest, count: int) -> int:
    """From which answer on the beamer shows them: where it began, so that nothing moves; or with the newest in sight."""
    newest = max(0, count // BLOCK * BLOCK - BLOCK)
    return min(number_in(request, "vanaf"), newest) if "vanaf" in request.GET else newest


def answers_shown(meeting: Meeting, start: int) -> list[dict[str, Any]]:
    """The answers on the beamer, in the order in which they came in; none as long as they are covered."""
    if not meeting.is_revealed:
        return []
    rows = answers_to(meeting).order_by("pk").values("id", "text", party=F("said_by__name"), to=TO_WHOM)
    return [{**row, "text": words_of(row["text"])} for row in rows[start : start + MOST_ANSWERS]]


def steps_from(meeting: Meeting) -> dict[str, Any]:
    """The question before and after the one that is open, by number (showing.questions_of), and which of how many it is."""
    numbers = [number for number, _ in showing.questions_of(meeting)]
    now = meeting.item_id or showing.OWN
    at = numbers.index(now) if now in numbers else -1
    return {
        "previous": numbers[at - 1] if at > 0 else None,
        "next": numbers[at + 1] if at + 1 < len(numbers) else None,
        "place": at + 1,
        "questions": len(numbers),
    }


def meeting_screen(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(meetings_seen(request).select_related("item"), pk=pk)
    now, seen = standing_of(meeting), Standing.read(request.GET.get("sinds", ""))
    if request.htmx and has_seen(request, now):  # type: ignore[attr-defined]
        return nothing_new()
    context = {
        "meeting": meeting,
        "now": now,
        "may_lead": perms.may_lead(request.user, meeting.trajectory),
        "address": settings.PUBLIC_URL + reverse("contribute", args=[meeting.code]),
        "reasons": [reason for reason in HideForm.REASONS if reason[0] != HideForm.OTHER],
        **shown_of(request, meeting, now),
        **steps_from(meeting),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "trajectories/meeting_screen.html", context)
    fresh = [row for row in context["rows"] if row["id"] > seen.newest]
    if has_only_grown(meeting, seen, now):
        return render(request, "trajectories/meeting_screen.html#news", context | {"rows": fresh})
    whole = render(request, "trajectories/meeting_screen.html#screen", context)
    return reswap(retarget(whole, "#scherm"), "outerHTML")


def shown_of(request: HttpRequest, meeting: Meeting, now: Standing) -> dict[str, Any]:
    """The answers that stand on the beamer, and how many stand before and after them."""
    start = first_shown(request, now.answers)
    is_long = meeting.is_revealed and now.answers > A_FULL_SCREEN
    return {
        "start": start,
        "rows": answers_shown(meeting, start),
        "newest": answers_to(meeting).order_by("pk").last() if is_long else None,
        "earlier": max(0, start - BLOCK),
        "later": max(0, now.answers - start - MOST_ANSWERS) if meeting.is_revealed else 0,
    }


def has_only_grown(meeting: Meeting, seen: Standing, now: Standing) -> bool:
    """Whether a beamer that showed `seen` needs nothing but the answers after its newest one."""
    if seen.state != now.state:
        return False
    return seen.answers + answers_to(meeting).filter(pk__gt=seen.newest).count() == now.answers


@posted_from("meeting_screen")
def screen_lead(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    person = to_lead(request, meeting.trajectory)
    try:
        if "item" in request.POST:
            number = number_in(request, "item")
            item = get_object_or_404(meeting.items, pk=number) if number else None
            planning.ask_now(meeting, item)
        elif "reveal" in request.POST:
            showing.reveal(meeting, is_revealed=request.POST["reveal"] == "ja", by=person)
        elif "pause" in request.POST:
            showing.pause(meeting, is_paused=request.POST["pause"] == "ja", by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("meeting_screen", pk)


def meeting_notes(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(meetings_seen(request).select_related("item"), pk=pk)
    to_lead(request, meeting.trajectory)
    form = NoteForm(request.POST or None, meeting=meeting, initial=sticking(request))
    if form.is_valid():
        try:
            with transaction.atomic():
                said = intake.record(meeting, **form.spoken)
            remember(request, said)
            if not request.htmx:  # type: ignore[attr-defined]
                return redirect(again(meeting, form))
        except Refused as refusal:
            form.add_error(None, str(refusal))
            form.renew_key()
    if request.htmx and form.errors:  # type: ignore[attr-defined]
        return HttpResponse(UNSAID + first_problem(form), content_type="text/plain; charset=utf-8")
    context = {"meeting": meeting, "form": form, "rows": noted(request, meeting), **questions_around(form)}
    part = "#noted" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"trajectories/meeting_notes.html{part}", context)


def sticking(request: HttpRequest) -> dict[str, Any]:
    """The party and the question that a note taker had last."""
    party, question = number_in(request, "van"), request.GET.get("vraag", "")
    return ({"said_by": party} if party else {}) | ({"question": number_in(request, "vraag")} if question else {})


def again(meeting: Meeting, form: NoteForm) -> str:
    """The same page for the next note: party and question stay."""
    party, question = form.cleaned_data["said_by"], form.cleaned_data["question"]
    query = f"?van={party.pk if party else ''}&vraag={question}"
    return reverse("meeting_notes", args=[meeting.pk]) + query


def remember(request: HttpRequest, said: Contribution | LateContribution) -> None:
    """The note taker sees what was noted in this browser; whose hand it was is kept nowhere else."""
    if isinstance(said, LateContribution):
        messages.warning(
            request, "De bijeenkomst is al gesloten. De inbreng is bewaard. Op de bijeenkomst kiest u of zij meetelt."
        )
        return
    name = f"noted-{said.meeting_id}"
    others = [pk for pk in request.session.get(name, []) if pk != said.pk]
    request.session[name] = [said.pk, *others][:REMEMBERED]


def noted(request: HttpRequest, meeting: Meeting) -> list[Contribution]:
    """What was noted in this browser, the newest first."""
    own = meeting.contributions.filter(pk__in=request.session.get(f"noted-{meeting.pk}", []))
    return list(own.select_related("said_by", "addressed_to", "participant").order_by("-pk"))


def questions_around(form: NoteForm) -> dict[str, Any]:
    """For who asks one question after the other: the one that is asked, and those before and after it."""
    questions = list(form.fields["question"].questions.items())  # type: ignore[attr-defined]
    chosen = str(form["question"].value())
    at = next((i for i, (number, _) in enumerate(questions) if str(number) == chosen), 0)
    return {
        "question": questions[at][1],
        "place": at + 1,
        "questions": len(questions),
        "previous": questions[at - 1][0] if at else None,
        "next": questions[at + 1][0] if at + 1 < len(questions) else None,
    }


def lines_paste(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(meetings_seen(request).select_related("item"), pk=pk)
    person = to_lead(request, meeting.trajectory)
    form = PasteForm(request.POST or None, meeting=meeting)
    if form.is_valid():
        return redirect("sheet_preview", intake.keep_rows(meeting, by=person, **form.read).pk)
    return render(request, "trajectories/lines_paste.html", {"meeting": meeting, "form": form})


def meeting_presence(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    present = presence_of(meeting)
    mark = digest(repr(present).encode())[:16]
    if request.htmx and has_seen(request, mark):  # type: ignore[attr-defined]
        return nothing_new()
    may_lead = perms.may_lead(request.user, meeting.trajectory)
    cards = meeting.participants.filter(card__isnull=False).count()
    context = {
        "meeting": meeting, "may_lead": may_lead, "mark": mark, "cards": cards,
        "may_count": may_lead and meeting.state != Meeting.State.CLOSED, **present,
    }  # fmt: skip
    part = "#present" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"trajectories/meeting_presence.html{part}", context)


def presence_of(meeting: Meeting) -> dict[str, Any]:
    """Who was asked, who said to come, and who is there: per party, and of residents."""
    there = participants.present_at([meeting.pk])[meeting.pk]
    by_hand = dict(meeting.attendances.values_list("party", "people"))
    asked = {row["party"]: row for row in meeting.invitations.values("party", "answer", "people")}
    parties: list[dict[str, Any]] = [
        {
            "pk": pk,
            "name": name,
            "asked": asked.get(pk),
            "by_hand": by_hand.get(pk, 0),
            "by_phone": there.get(pk, 0) - by_hand.get(pk, 0),
            "there": there.get(pk, 0),
        }
        for pk, name in meeting.trajectory.parties.order_by("name").values_list("pk", "name")
    ]
    residents = {"by_hand": meeting.residents, "by_phone": there.get(None, 0) - meeting.residents}
    return {
        "parties": parties,
        "residents": residents | {"there": there.get(None, 0)},
        "missing": [party["name"] for party in parties if party["asked"] and not party["there"]],
        "total": sum(there.values()),
        "came": sum(party["there"] > 0 for party in parties),
    }


@posted_from("meeting_presence")
def attendance_count(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    person = to_lead(request, meeting.trajectory)
    number = number_in(request, "party")
    party = get_object_or_404(meeting.trajectory.parties, pk=number) if number else None
    try:
        counting.count(meeting, party=party, step=-1 if request.POST.get("step") == "min" else 1, by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    at = reverse("meeting_presence", args=[pk])
    return redirect(at if request.htmx else f"{at}#partij-{number}")  # type: ignore[attr-defined]


@posted_from("meeting_detail")
def attendance_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    to_lead(request, meeting.trajectory)
    form = AttendanceForm(request.POST, meeting=meeting)
    if form.is_valid():
        meeting.attendances.update_or_create(
            party=form.cleaned_data["party"], defaults={"people": form.cleaned_data["people"]}
        )
        reporting.renew(meeting)
    else:
        messages.error(request, "Kies een partij en vul in hoeveel mensen er waren (ten minste 1).")
    return redirect("meeting_detail", pk)
