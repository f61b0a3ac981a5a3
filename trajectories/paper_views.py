"""What one prints for a meeting: pages made for A4, that the browser's own print command puts on paper."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from thuiswijk.lib.web import number_in
from trajectories import participants, planning
from trajectories.models import Meeting, Participant
from trajectories.planning_forms import CardsForm
from trajectories.views import meeting_of, to_lead

CARDS_ON_A_PAGE = 8
SPARE_ROWS = 4  # for parties that come without being on the list


def _printed(meeting: Meeting) -> dict[str, Any]:
    """What stands on every sheet of this meeting."""
    address = settings.PUBLIC_URL + reverse("contribute", args=[meeting.code])
    return {
        "meeting": meeting,
        "gemeente": meeting.trajectory.gemeente,
        "address": address.removeprefix("https://").removeprefix("http://").rstrip("/"),
    }


def sign_in_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is there, in numbers: a row for each party, and boxes to tick for residents. No names are asked for."""
    meeting = meeting_of(request, pk)
    context = _printed(meeting) | {
        "parties": meeting.trajectory.parties.order_by("name"),
        "spare_rows": range(SPARE_ROWS),
        "boxes": range(100),
    }
    return render(request, "trajectories/sign_in_sheet.html", context)


def agenda_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    context = _printed(meeting) | {"slots": planning.timetable(meeting)}
    return render(request, "trajectories/agenda_sheet.html", context)


def poster(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    return render(request, "trajectories/poster.html", _printed(meeting))


def card_new(request: HttpRequest, pk: int) -> HttpResponse:
    """How many cards; those that exist already keep their number and their code."""
    meeting = meeting_of(request, pk)
    to_lead(request, meeting.trajectory)
    form = CardsForm(request.POST or None)
    if form.is_valid():
        count = form.cleaned_data["count"]
        participants.make_cards(meeting, count=count)
        return redirect(reverse("card_sheet", args=[pk]) + f"?tot={count}")
    return render(request, "trajectories/card_new.html", {"meeting": meeting, "form": form})


def card_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(request, pk)
    to_lead(request, meeting.trajectory)  # who has the code of a card can leave an e-mail address for it
    made = meeting.participants.filter(card__range=(1, number_in(request, "tot"))).order_by("card")
    cards = [_card(one) for one in made]
    pages = [cards[first : first + CARDS_ON_A_PAGE] for first in range(0, len(cards), CARDS_ON_A_PAGE)]
    if not pages:
        return redirect("card_new", pk)
    where = (settings.PUBLIC_URL + reverse("follow_code")).rstrip("/").removeprefix("https://").removeprefix("http://")
    return render(request, "trajectories/card_sheet.html", _printed(meeting) | {"pages": pages, "where": where})


def _card(card: Participant) -> dict[str, Any]:
    """What stands on one card: its number, its code in two halves, and a picture that leads to what became of the words."""
    picture = segno.make(settings.PUBLIC_URL + reverse("follow", args=[card.code]), error="m")
    return {
        "number": card.card,
        "code": f"{card.code[:4]} {card.code[4:]}",
        "qr": picture.svg_inline(border=0, omitsize=True, svgclass="card__qr", lineclass=None),
    }
