"""What an adviser and a note taker fill in while people speak."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from stakeholders.models import Party
from thuiswijk.lib.sheets import SheetError
from thuiswijk.lib.text import CleanCharField
from trajectories import showing
from trajectories.forms import PartyChoiceField
from trajectories.intake_rows import ReadRow, read_lines
from trajectories.models import PASTED, Contribution, Meeting, Participant

SHOWN_PROBLEMS = 50


class QuestionField(forms.TypedChoiceField):
    """One of the questions of a meeting, by the number of its item."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=int, empty_value=str(showing.OWN), required=False, label="Vraag", **options)

    def of(self, meeting: Meeting) -> None:
        """Offers the questions of this meeting, and the one that is open first."""
        self.questions = dict(showing.questions_of(meeting)) or {showing.OWN: meeting.question_now}
        self.choices = [(number, words or "Geen vraag") for number, words in self.questions.items()]
        now = meeting.item_id if meeting.item_id in self.questions else showing.OWN
        self.initial = now if now in self.questions else next(iter(self.questions))

    def words(self, number: object) -> str:
        """The question as an inbreng keeps it."""
        return self.questions.get(int(str(number)), "")


class NoteForm(forms.Form):
    """What a note taker types while somebody speaks. The key is made by the page and goes with every try."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = CleanCharField(
        label="Wat wordt er gezegd?",
        max_length=2000,
        error_messages={
            "required": "Typ eerst wat er gezegd is.",
            "max_length": "De tekst is te lang: %(show_value)d tekens. Er passen %(limit_value)d tekens. Verdeel hem.",
        },
    )
    said_by = PartyChoiceField(label="Wie zegt het?", none="Bewoner")
    question = QuestionField()
    addressed_to = PartyChoiceField(label="Aan", none="Iedereen")
    card = forms.IntegerField(label="Kaart", min_value=1, required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        parties = Party.objects.filter(pk__in=meeting.trajectory.parties.values("pk")).order_by("name")
        for name in ("said_by", "addressed_to"):
            self.fields[name].queryset = parties  # type: ignore[attr-defined]
        self.fields["question"].of(meeting)  # type: ignore[attr-defined]
        text = self.fields["text"]
        if meeting.kind == Meeting.Kind.TALK:  # on a phone while talking: sentences need more room than a line
            text.widget = forms.Textarea(attrs={"rows": 3, "enterkeyhint": "send"})
        text.widget.attrs |= {"autofocus": True, "autocomplete": "off"}
        text.widget.attrs.pop("maxlength", None)  # a browser cuts what is pasted without a word; we say so
        self.initial.setdefault("key", uuid.uuid4())

    def clean_card(self) -> Participant | None:
        number = self.cleaned_data["card"]
        if number is None:
            return None
        card = self.meeting.participants.filter(card=number).first()
        if card is None:
            raise forms.ValidationError(
                f"Kaart {number} kennen wij niet. Kijk nog eens op de kaart, of laat dit vak leeg."
            )
        return card

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("said_by") and data["said_by"] == data.get("addressed_to"):
            self.add_error("addressed_to", "Een partij verwacht niets van zichzelf. Kies een andere partij.")
        return data

    @property
    def spoken(self) -> dict[str, Any]:
        """What `intake.record` takes."""
        data = dict(self.cleaned_data)
        data["participant"] = data.pop("card")
        data["question"] = self.fields["question"].words(data["question"])  # type: ignore[attr-defined]
        data["kind"] = Contribution.Kind.EXPECTATION if data["addressed_to"] else Contribution.Kind.REMARK
        return data | {"source": Contribution.Source.NOTED}

    def renew_key(self) -> None:
        """The next try counts as a new one: the words of this try stay in the form."""
        self.data = {**self.data.dict(), "key": str(uuid.uuid4())}  # type: ignore[attr-defined]


class LinesField(forms.CharField):
    """A text as it was pasted, with its tabs and lines; only what no database keeps is left out."""

    def to_python(self, value: object) -> str:
        return (super().to_python(value) or "").replace("\0", "")


class PasteForm(forms.Form):
    """Many lines at once. What is wrong in a line is said here, with everything that was pasted still there."""

    question = QuestionField()
    lines = LinesField(
        label="Wat is er gezegd?",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "lines", "spellcheck": "false"}),
        error_messages={"required": "Er staat nog niets. Plak of typ wat er gezegd is, één inbreng op een regel."},
        help_text="Eén inbreng op een regel. Kopieert u uit een rekenblad? Neem dan de namen van de kolommen mee.",
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.rows: list[ReadRow] = []
        self.fields["question"].of(meeting)  # type: ignore[attr-defined]

    def clean_lines(self) -> str:
        lines = self.cleaned_data["lines"]
        parties = dict(self.meeting.trajectory.parties.values_list("name", "pk"))
        try:
            self.rows = read_lines(lines, parties=parties)
        except SheetError as error:
            raise forms.ValidationError(str(error)) from error
        problems = [problem for row in self.rows for problem in row.problems]
        if problems:
            more = len(problems) - SHOWN_PROBLEMS
            tail = [f"En nog meer: {len(problems)} in totaal."] if more > 0 else []
            raise forms.ValidationError(problems[:SHOWN_PROBLEMS] + tail)
        return str(lines)

    @property
    def read(self) -> dict[str, Any]:
        """What `intake.keep_rows` takes: a line without a question of its own answers the one that was chosen."""
        question = self.fields["question"].words(self.cleaned_data["question"])  # type: ignore[attr-defined]
        rows = [row if row.question else replace(row, question=question) for row in self.rows]
        name = f"{PASTED}{date_format(timezone.localtime(), 'j F Y, H:i')} uur"
        return {"rows": rows, "name": name, "data": f"{question}\n{self.cleaned_data['lines']}".encode()}
