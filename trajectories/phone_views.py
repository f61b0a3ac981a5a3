"""What a deelnemer sees on a phone in the hall: no account, no name, one thing on a screen, and words that never get lost."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, wraps
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse

from thuiswijk.lib import limits, wall
from thuiswijk.lib.errors import Refused
from thuiswijk.lib.web import not_yet
from trajectories import intake, participants
from trajectories.forms import CodeForm, ContributionForm, WhoForm, sentences_of
from trajectories.models import Contribution, LateContribution, Meeting, Participant
from trajectories.views import meetings_seen, to_lead

UNKNOWN_CODES = 50  # in ten minutes from one address: a hall of people who mistype; of 600 million codes
A_FULL_HALL = 10_000  # times inbreng in ten minutes from one address: 300 people who all send a whole evening at once
ONE_PHONE = 200  # times inbreng in ten minutes from one phone: somebody who types what forty others wrote down
NEW_PHONES = 1_500  # in ten minutes from one address
BUSY = "Er komt nu heel veel tegelijk binnen. Wacht een paar minuten en verstuur het opnieuw."
COOKIE = "thuiswijk_telefoon"
COOKIE_SECONDS = 30 * 24 * 3600
HELPS = "noteert"  # stands behind the key in the cookie of who writes for others
# A meeting with what a phone shows of it and nothing more, for three hundred of them ask at once.
IN_THE_HALL = (
    Meeting.objects.select_related("trajectory__gemeente", "item")
    .only(
        *("code", "state", "title", "place", "starts_at", "cancelled_reason", "question", "is_paused"),
        *("item__question", "trajectory__gemeente__name"),
    )
    .annotate(wall=wall.entered_by("trajectory__gemeente"))
)
FILES = ("css/tokens.css", "css/phone.css", "js/phone.js", "img/favicon.svg")


@dataclass(frozen=True)
class Phone:
    """A phone in one meeting, by a key in a cookie that never leaves /b/.

    Words carry the key under which they were typed: where the cookie is gone, or is of the next person on a borrowed tablet,
    they are still of who said them.
    """

    meeting: Meeting
    key: uuid.UUID
    helps: bool
    is_known: bool

    @classmethod
    def of(cls, request: HttpRequest, meeting: Meeting) -> Self:
        text, _, helps = request.COOKIES.get(COOKIE, "").partition(".")
        known = _uuid(text)
        key = _uuid(request.POST.get("device", "")) or known or uuid.uuid4()
        return cls(meeting, key, helps == HELPS, known is not None)

    @property
    def device(self) -> uuid.UUID:
        """Another one in each meeting: who was at two of them can't be recognised from what we keep."""
        return uuid.uuid5(self.key, str(self.meeting.pk))

    @property
    def participant(self) -> Participant | None:
        """The deelnemer that this phone is already."""
        known = self.meeting.participants.filter(device=self.device)
        return known.select_related("party").first() if self.is_known else None

    def kept(self, response: HttpResponse, *, helps: bool | None = None) -> HttpResponse:
        """The answer, with which the phone keeps its key. A cache on the way keeps nothing of it."""
        response.headers["Cache-Control"] = "private, no-cache"
        if not self.is_known or helps is not None:
            value = f"{self.key}.{HELPS}" if helps else str(self.key)
            response.set_cookie(
                COOKIE, value, COOKIE_SECONDS, path="/b/", secure=settings.IS_HTTPS, httponly=True, samesite="Lax"
            )
        return response


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def in_the_hall(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A public view of one meeting, by its code, behind the wall of its gemeente. Who guesses codes is stopped."""

    @login_not_required
    @wraps(view)
    def found(request: HttpRequest, code: str) -> HttpResponse:
        with wall.transaction_of_request():
            try:
                meeting = IN_THE_HALL.get(code=code.upper())
            except Meeting.DoesNotExist:
                return _unknown_code(request, code)
            return view(request, meeting, Phone.of(request, meeting))

    return found


def _unknown_code(request: HttpRequest, code: str) -> HttpResponse:
    if limits.is_over(request, "unknown_code", UNKNOWN_CODES):
        return render(request, "429.html", status=429)
    limits.count(request, "unknown_code")
    form = CodeForm({"code": code})
    if _is_script(request):
        return JsonResponse({"key": None, "errors": sentences_of(form)}, status=404)
    return render(request, "trajectories/contribute_code.html", {"form": form}, status=404)


def _is_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


@login_not_required
def contribute_code(request: HttpRequest) -> HttpResponse:
    if limits.is_over(request, "unknown_code", UNKNOWN_CODES):
        return render(request, "429.html", status=429)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        return redirect("contribute", form.cleaned_data["code"])
    if form.is_bound:
        limits.count(request, "unknown_code")
    return render(request, "trajectories/contribute_code.html", {"form": form})


@in_the_hall
def contribute(request: HttpRequest, meeting: Meeting, phone: Phone) -> HttpResponse:
    if request.method == "POST":
        return _take_in(request, meeting, phone)
    who = phone.participant
    if meeting.is_open and (who is None or who.checked_in_at is None):
        form: WhoForm | ContributionForm = WhoForm(meeting=meeting, initial={"device": phone.key})
        return phone.kept(render(request, "trajectories/contribute_who.html", _shown(meeting, form)))
    me = str(who.party_id or "") if who else ""
    noted_by = (me or WhoForm.RESIDENT) if phone.helps else ""
    initial = {"device": phone.key, "said_by": "" if phone.helps else me, "noted_by": noted_by}
    form = ContributionForm(meeting=meeting, initial=initial)
    context = _shown(meeting, form) | {"who": who, "helps": phone.helps}
    return phone.kept(render(request, "trajectories/contribute.html", context))


def _shown(meeting: Meeting, form: WhoForm | ContributionForm) -> dict[str, Any]:
    return {"meeting": meeting, "form": form, "site": settings.PUBLIC_URL}


def _take_in(request: HttpRequest, meeting: Meeting, phone: Phone) -> HttpResponse:
    """Takes in the words; a script gets a short answer in JSON, and a plain form gets a page."""
    form = ContributionForm(request.POST, meeting=meeting)
    said = who = None
    if _is_flooded(request, phone):
        form.add_error(None, BUSY)
    elif form.is_valid():
        try:
            who = participants.join(meeting, device=phone.device)
            again = None if _is_script(request) else intake.said_before(who, **form.spoken)
            said = again or intake.record(meeting, **form.spoken, participant=who)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            form.renew_key()
    if _is_script(request):
        return phone.kept(_in_brief(meeting, form, said, who))
    if said is not None:
        late = "?na=sluiten" if isinstance(said, LateContribution) else ""
        return phone.kept(redirect(reverse("contribute_saved", args=[meeting.code]) + late))
    context = _shown(meeting, form) | {"who": phone.participant, "helps": phone.helps}
    return phone.kept(render(request, "trajectories/contribute.html", context))


def _is_flooded(request: HttpRequest, phone: Phone) -> bool:
    """Counts this try. Whether this phone, or else this whole hall, sends more than people can type."""
    what = f"inbreng {phone.meeting.pk}"
    return limits.count(request, what, by=str(phone.key)) > ONE_PHONE or limits.count(request, what) > A_FULL_HALL


def _in_brief(
    meeting: Meeting,
    form: ContributionForm,
    said: Contribution | LateContribution | None,
    who: Participant | None,
) -> JsonResponse:
    """What a script needs: whether it stands, the code to follow it by, and the question that is open by now."""
    answer: dict[str, Any] = {
        "key": str(said.key) if said else None,
        "is_late": isinstance(said, LateContribution),
        "code": who.readable_code if who else "",
        "question": meeting.question_now,
        "item": meeting.item_id or 0,
        "is_paused": meeting.is_paused,
        "is_open": meeting.is_open,
    }
    if said is not None:
        return JsonResponse(answer)
    sentences = form.sentences
    return JsonResponse(answer | {"errors": sentences}, status=429 if BUSY in sentences else 400)


@in_the_hall
def contribute_who(request: HttpRequest, meeting: Meeting, phone: Phone) -> HttpResponse:
    if "volgende" in request.GET and request.method != "POST":  # who says so is another deelnemer
        phone = replace(phone, key=uuid.uuid4(), helps=False)
    who = phone.participant
    initial = {"device": phone.key, "notes": phone.helps}
    if who and who.checked_in_at:
        initial["party"] = str(who.party_id or WhoForm.RESIDENT)
    form = WhoForm(request.POST or None, meeting=meeting, initial=initial)
    if not meeting.is_open:
        return redirect("contribute", meeting.code)
    if who is None and form.is_bound and limits.is_over(request, f"phones {meeting.pk}", NEW_PHONES):
        form.add_error(None, BUSY)
    if form.is_valid():
        limits.count(request, f"phones {meeting.pk}")
        who = participants.join(meeting, device=phone.device)
        participants.check_in(who, party=form.chosen)
        return phone.kept(redirect("contribute", meeting.code), helps=form.cleaned_data["notes"])
    return phone.kept(render(request, "trajectories/contribute_who.html", _shown(meeting, form)))


@in_the_hall
def contribute_saved(request: HttpRequest, meeting: Meeting, phone: Phone) -> HttpResponse:
    context = {
        "meeting": meeting,
        "who": phone.participant,
        "site": settings.PUBLIC_URL,
        "is_late": request.GET.get("na") == "sluiten",
    }
    return phone.kept(render(request, "trajectories/contribute_saved.html", context))


@login_not_required
def meeting_qr(request: HttpRequest, code: str) -> HttpResponse:
    meeting = get_object_or_404(Meeting, code=code.upper())
    out = BytesIO()
    address = settings.PUBLIC_URL + reverse("contribute", args=[meeting.code])
    segno.make(address, error="m").save(out, kind="svg", border=2, scale=8, title=f"QR-code naar {address}")
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


@login_not_required
def phone_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows the phone page where there is no network. It may rule over /b/ and nothing else."""
    response = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _worker() -> str:
    """It names the files of the page and a digest of them: another digest makes a browser fetch them anew."""
    sources = [Path(str(finders.find(name))).read_bytes() for name in (*FILES, "js/phone-worker.js")]
    version = hashlib.sha256(b"".join(sources)).hexdigest()[:12]
    addresses = ", ".join(f'"{static(name)}"' for name in FILES)
    return f'const VERSION = "{version}";\nconst FILES = [{addresses}];\n{sources[-1].decode()}'


def late_decide(request: HttpRequest, pk: int) -> HttpResponse:
    late = get_object_or_404(LateContribution.objects.filter(meeting__in=meetings_seen(request)), pk=pk)
    person = to_lead(request, late.meeting.trajectory)
    if request.method in ("GET", "HEAD"):
        return not_yet(request, "meeting_detail", late.meeting_id)
    try:
        late = intake.decide(late, let_in=request.POST.get("besluit") == "toelaten", by=person)
        told = "De inbreng telt nu mee." if late.is_let_in else "De inbreng is niet toegelaten. Die telt niet mee."
        messages.success(request, told)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("meeting_detail", late.meeting_id)
