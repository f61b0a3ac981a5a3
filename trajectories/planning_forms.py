from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from thuiswijk.lib.days import day_off
from thuiswijk.lib.forms import DateTimeInput, RowForm, check_near, clean_field
from thuiswijk.lib.text import CleanCharField
from trajectories import participants, planning
from trajectories.models import Meeting, MeetingItem, MeetingPattern, Trajectory

MOST_MEETINGS, MOST_QUESTIONS, LONGEST_QUESTION = 40, 30, 300


class MinutesField(forms.IntegerField):
    """How long people are together."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label="Duur in minuten", min_value=5, max_value=1440, **options)


class QuestionsField(CleanCharField):
    """Questions, one on a line; each becomes an agendapunt."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label="Vragen, één op een regel",
            required=False,
            max_length=3000,
            widget=forms.Textarea(attrs={"rows": 3}),
            **options,
        )

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        lines = planning.lines_of(text)
        if len(lines) > MOST_QUESTIONS:
            raise forms.ValidationError(f"Er passen {MOST_QUESTIONS} vragen op een agenda. Haal er een paar weg.")
        if any(len(line) > LONGEST_QUESTION for line in lines):
            raise forms.ValidationError(
                f"Een van de vragen is te lang. Er passen {LONGEST_QUESTION} tekens in. Maak haar korter."
            )
        return "\n".join(lines)


class PatternForm(RowForm):
    minutes = MinutesField(initial=120)
    days_after = forms.IntegerField(
        label="Hoeveel dagen na de eerste bijeenkomst?",
        min_value=0,
        max_value=1100,
        required=False,
        help_text="Vier weken is 28 dagen. Laat dit leeg als Thuiswijk deze bijeenkomst niet zelf moet plannen.",
    )
    questions = QuestionsField(help_text="Iedere vraag wordt een agendapunt.")

    class Meta:
        model = MeetingPattern
        fields = ("kind", "title", "days_after", "minutes", "questions")
        formfield_callback = clean_field


class StartForm(forms.Form):
    """The first day, from which all the others follow. It stands in the address, so that one can go back to it."""

    begin = forms.DateTimeField(
        label="Wanneer begint de eerste bijeenkomst?", widget=DateTimeInput, validators=[check_near]
    )
    plaats = CleanCharField(label="Waar?", max_length=120, required=False)
    volgens = forms.ModelChoiceField(
        Trajectory.objects.none(),
        label="Welke bijeenkomsten?",
        required=False,
        empty_label="Het draaiboek van de gemeente",
        help_text="U kunt ook de bijeenkomsten van een eerder traject overnemen, met de agenda’s.",
    )

    def __init__(self, *args: Any, trajectory: Trajectory, led: QuerySet[Trajectory], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trajectory = trajectory
        with_meetings = Meeting.objects.exclude(state=Meeting.State.CANCELLED).values("trajectory")
        earlier = led.filter(pk__in=with_meetings).exclude(pk=trajectory.pk).select_related("gemeente")
        field = self.fields["volgens"]
        field.queryset = earlier  # type: ignore[attr-defined]
        field.label_from_instance = self._in_the_list  # type: ignore[attr-defined]

    def _in_the_list(self, other: Trajectory) -> str:
        is_here = other.gemeente_id == self.trajectory.gemeente_id
        return f"Zoals in {other}" if is_here else f"Zoals in {other}, gemeente {other.gemeente}"

    @property
    def proposed(self) -> list[planning.Planned]:
        """The meetings that follow from what was filled in."""
        data = self.cleaned_data
        first: dict[str, Any] = {"starts_at": data["begin"], "place": data["plaats"]}
        if data["volgens"]:
            return planning.proposed_like(data["volgens"], **first)[:MOST_MEETINGS]
        return planning.proposed(self.trajectory.gemeente, **first)[:MOST_MEETINGS]


class PlannedForm(forms.Form):
    """One of the meetings that are about to be planned."""

    kind = forms.ChoiceField(choices=Meeting.Kind.choices, widget=forms.HiddenInput)
    like = forms.ModelChoiceField(Meeting.objects.none(), required=False, widget=forms.HiddenInput)
    told = forms.CharField(
        required=False, widget=forms.HiddenInput
    )  # the day of which the page told that it is a day off
    title = CleanCharField(label="Titel", max_length=120)
    starts_at = forms.DateTimeField(label="Begint op", widget=DateTimeInput, validators=[check_near])
    minutes = MinutesField()
    place = CleanCharField(label="Plaats", max_length=120, required=False)
    questions = QuestionsField()
    skip = forms.BooleanField(label="Plan deze niet", required=False)

    def __init__(self, *args: Any, meetings: QuerySet[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["like"].queryset = meetings  # type: ignore[attr-defined]
        if self["like"].value():
            del self.fields["questions"]
        if not self.is_bound and self.away:
            self.initial["told"] = self.day_shown

    @property
    def starts(self) -> datetime | None:
        """The moment that stands in the form, if it is one."""
        if self.is_bound:
            return self.cleaned_data.get("starts_at") if hasattr(self, "cleaned_data") else None
        return self.initial.get("starts_at")

    @property
    def day_shown(self) -> str:
        return timezone.localdate(self.starts).isoformat() if self.starts else ""

    @property
    def away(self) -> str:
        """A sentence where people stay at home on this day."""
        day: date | None = timezone.localdate(self.starts) if self.starts else None
        reason = day_off(day) if day else ""
        return f"{date_format(day, 'j F Y')} is {_in_a_sentence(reason)}." if day and reason else ""

    def clean(self) -> dict[str, Any]:
        """A day off is no mistake, but nobody plans one without having read that it is."""
        data, day = super().clean() or {}, self.day_shown
        if self.away and not data.get("skip") and data.get("told") != day:
            self.add_error("starts_at", f"{self.away} Kies een andere dag, of plan nog een keer als dit zo moet.")
            self.data = {**self.data.dict(), self.add_prefix("told"): day}  # type: ignore[attr-defined]
        return data

    @property
    def planned(self) -> planning.Planned:
        names = ("kind", "title", "starts_at", "minutes", "place", "like")
        data = self.cleaned_data
        return planning.Planned(**{name: data[name] for name in names}, questions=data.get("questions", ""))


def _in_a_sentence(reason: str) -> str:
    """Names of feasts begin small in Dutch, but for those that begin with a name: Koningsdag, Goede Vrijdag."""
    return reason[0].lower() + reason[1:] if reason.startswith(("Eerste", "Tweede")) else reason


class BasePlannedFormSet(forms.BaseFormSet):
    def clean(self) -> None:
        super().clean()
        if not any(self.errors) and not self.planned:
            raise forms.ValidationError("U slaat alles over. Laat ten minste één bijeenkomst staan.")

    @property
    def planned(self) -> list[planning.Planned]:
        """Those that were not skipped."""
        return [form.planned for form in self.forms if not form.cleaned_data.get("skip")]


PlannedFormSet: type[BasePlannedFormSet] = forms.formset_factory(  # type: ignore[assignment]
    PlannedForm, BasePlannedFormSet, extra=0, max_num=MOST_MEETINGS, absolute_max=MOST_MEETINGS
)


def planned_formset(
    data: Any, *, proposed: Sequence[planning.Planned], led: QuerySet[Trajectory]
) -> BasePlannedFormSet:
    """The meetings as proposed, or as they were sent back."""
    meetings = Meeting.objects.filter(trajectory__in=led).prefetch_related("items")
    return PlannedFormSet(data, initial=[vars(row) for row in proposed], form_kwargs={"meetings": meetings})


class TalkForm(RowForm):
    """A gesprek with one or two people: when and where."""

    minutes = MinutesField()

    class Meta:
        model = Meeting
        fields = ("title", "starts_at", "minutes", "place")
        formfield_callback = clean_field
        help_texts = {"title": "Bijvoorbeeld: Gesprek met de school. Schrijf geen namen van bewoners op."}


class ItemForm(RowForm):
    minutes = forms.IntegerField(label="Minuten", min_value=1, max_value=600, initial=15)

    class Meta:
        model = MeetingItem
        fields = ("title", "question", "minutes", "meeting")
        formfield_callback = clean_field
        labels = {"meeting": "Op de agenda van"}
        help_texts = {"question": "Deze vraag zien de deelnemers als dit punt aan de beurt is."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ahead = Meeting.objects.filter(state__in=[Meeting.State.PLANNED, Meeting.State.OPENED])
        own = Meeting.objects.filter(pk=self.instance.meeting_id)
        field = self.fields["meeting"]
        field.queryset = (ahead | own).filter(trajectory=self.instance.trajectory_id)  # type: ignore[attr-defined]
        field.empty_label = "Nog niet gepland"  # type: ignore[attr-defined]
        field.label_from_instance = _with_day  # type: ignore[attr-defined]

    def save(self, commit: bool = True) -> MeetingItem:
        """Saves the item at its place. Raises Refused where the meeting that it leaves or joins is closed."""
        on = self.cleaned_data["meeting"]
        planning.place(self.instance, on=on)
        return self.instance


def _with_day(meeting: Meeting) -> str:
    """A meeting in a list to choose from."""
    return f"{meeting.title}, {date_format(timezone.localtime(meeting.starts_at), 'j F Y')}"


class CardsForm(forms.Form):
    """How many cards to write on."""

    count = forms.IntegerField(
        label="Hoeveel kaarten?",
        min_value=1,
        max_value=participants.MOST_CARDS,
        initial=40,
        help_text="Er passen 8 kaarten op een vel. Drukt u later meer kaarten af, dan blijven de eerste dezelfde.",
    )
