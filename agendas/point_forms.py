from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict

from agendas.differences import amount_in_words
from agendas.models import Amount, Commitment, Consent, ImprovementPoint
from thuiswijk.lib.forms import RowForm, clean_field
from thuiswijk.lib.text import CleanCharField


class CommitmentForm(forms.ModelForm):
    ADDED = "Iemand anders heeft deze toezegging intussen toegevoegd."
    GONE = "Iemand anders heeft deze toezegging intussen weggehaald. Als u bewaart, staat zij er weer."

    is_stale = False  # until the form of the point says otherwise

    class Meta:
        model = Commitment
        fields = ("party", "role", "text")
        formfield_callback = clean_field
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    @property
    def note(self) -> str:
        """What `PointForm` says of this commitment: somebody else added it, or took it away."""
        return str(self.data.get(self.add_prefix("note"), ""))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].needed_when = "verplicht als de partij dit niet kan"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("role") == Commitment.Role.UNABLE and not data.get("text"):
            self.add_error("text", "Schrijf op waarom de partij dit niet kan.")
        return data


class BaseCommitmentFormSet(forms.BaseInlineFormSet):
    """The commitments on a point, of parties that take part in its trajectory."""

    deletion_widget = forms.CheckboxInput

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = self.instance.trajectory.parties.order_by("name")
        self.parties = parties
        self.party_choices = [("", "Kies een partij"), *parties.values_list("pk", "name")]  # asked once, for all forms

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["party"].queryset = self.parties
        form.fields["party"].widget.choices = self.party_choices
        form.fields["DELETE"].label = "Haal deze toezegging weg"
        is_empty = index is None or (index >= self.initial_form_count() and not form.has_changed())
        if is_empty:  # nothing to take away
            del form.fields["DELETE"]

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and form.instance.reports.exists():
                raise forms.ValidationError(
                    f"Over de toezegging van {form.instance.party} is al voortgang gemeld. Die kan niet meer weg."
                )

    def validate_unique(self) -> None:
        """A party stands once in each role; said at the form that says it again."""
        ours = [form.instance.pk for form in self.initial_forms]
        seen = (
            set(self.instance.commitments.exclude(pk__in=ours).values_list("party", "role"))
            if self.instance.pk
            else set()
        )
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data.get("party") or data.get("DELETE"):
                continue
            pair = (data["party"].pk, data.get("role"))
            if pair in seen:
                form.add_error("party", "Deze partij staat hier al met dezelfde rol. Zet alles bij elkaar.")
            seen.add(pair)


CommitmentFormSet = forms.inlineformset_factory(
    ImprovementPoint, Commitment, form=CommitmentForm, formset=BaseCommitmentFormSet, extra=2
)


class AmountForm(forms.ModelForm):
    """One line of money or hours. Made empty, it goes."""

    amount = forms.IntegerField(
        label="Hoeveel?",
        min_value=1,
        max_value=999_999_999,
        error_messages={
            "required": "Vul een heel getal in, zonder punt of komma. Moet de regel weg? Maak hem dan leeg."
        },
    )

    class Meta:
        model = Amount
        fields = ("what", "amount", "unit", "source")
        formfield_callback = clean_field
        error_messages = {
            "what": {"required": "Schrijf op waar dit voor is. Moet de regel weg? Maak hem dan helemaal leeg."},
            "source": {
                "required": "Schrijf op waar dit vandaan komt. Weet u het nog niet? Schrijf dan “nog niet bekend”."
            },
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted, self.use_required_attribute = True, False

    def has_changed(self) -> bool:
        """Whether anything stands here: a line without words and without a number is none."""
        return any(self.data.get(self.add_prefix(name), "").strip() for name in ("what", "amount", "source"))


AmountFormSet = forms.formset_factory(AmountForm, extra=2, max_num=50, validate_max=True)


class PointForm(RowForm):
    """A point and its commitments are one form: seen as one, and all is saved, or nothing."""

    class Meta:
        model = ImprovementPoint
        fields = (
            "theme",
            "title",
            "why",
            "first_step",
            "ready_on",
            "noticed_by",
            "means",
            "position",
            "signal",
            "cause",
        )
        formfield_callback = clean_field
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("why", "noticed_by", "means", "cause")}
        help_texts = {
            "noticed_by": "Een verhaal en een getal. Wat ziet een bewoner straks anders?",
            "position": "Het laagste getal staat vooraan.",
        }

    FOLDED = ("signal", "cause", "serves")  # behind "Meer over dit punt", with the money and the hours

    serves = forms.MultipleChoiceField(
        label="Waar draagt dit aan bij?",
        required=False,
        choices=[
            ("Elementen van een buurt voor iedereen", ImprovementPoint.Serves.choices[:5]),
            ("Wat ervoor nodig is om te slagen", ImprovementPoint.Serves.choices[5:]),
        ],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.initial["serves"] = list(self.instance.serves)
        is_typed = data is not None and "amounts-TOTAL_FORMS" in data  # or else the lines stand as they are
        self.amounts = AmountFormSet(data if is_typed else None, initial=self.amounts_now(), prefix="amounts")
        field = self.fields["theme"]
        field.queryset = self.instance.trajectory.themes.filter(declined_because="")  # type: ignore[attr-defined]
        field.empty_label = "Kies een thema"  # type: ignore[attr-defined]
        if data is not None and self.instance.pk and not self.was_just_seen:
            self.promises = CommitmentFormSet(self._typed_over(data), instance=self.instance)
            if self.came_back_as_seen("amounts", self.typed_amounts()):
                self.amounts = AmountFormSet(None, initial=self.amounts_now(), prefix="amounts")
        else:
            self.promises = CommitmentFormSet(data, instance=self.instance)

    def standing(self) -> dict[str, Any]:
        promises = {f"promise-{row['id']}": _promised(row) for row in self._promises_now()}
        return {**super().standing(), **promises, "amounts": self.amounts_now()}

    def _promises_now(self) -> list[dict[str, str]]:
        """The commitments as they stand, as the form sends them."""
        return [
            {"id": str(one.pk), "party": str(one.party_id), "role": one.role, "text": one.text}
            for one in self.instance.commitments.order_by("pk")
        ]

    def amounts_now(self) -> list[dict[str, Any]]:
        """The money and the hours as they stand."""
        return list(self.instance.amounts.values("what", "amount", "unit", "source")) if self.instance.pk else []

    def clean_serves(self) -> list[str]:
        """In the order of the list, each once."""
        return [value for value in ImprovementPoint.Serves.values if value in self.cleaned_data["serves"]]

    @property
    def plain(self) -> list[forms.BoundField]:
        """What always stands open."""
        return [field for field in self if field.name not in self.FOLDED]

    @property
    def folded(self) -> list[forms.BoundField]:
        """What is behind "Meer over dit punt"."""
        return [self[name] for name in self.FOLDED]

    @property
    def is_unfolded(self) -> bool:
        """Where something stands there, or is not right."""
        is_wrong = any(self[name].errors for name in self.FOLDED) or self.amounts.total_error_count()
        return bool(is_wrong or any(self[name].value() for name in self.FOLDED) or any(self.amounts_typed))

    @property
    def amounts_typed(self) -> list[bool]:
        """Per line whether something stands in it."""
        return [form.has_changed() or bool(form.initial) for form in self.amounts.forms]

    @property
    def other_amounts(self) -> list[str]:
        """The lines as they stand now, where the form is stale and other lines were typed."""
        if not self.is_stale or self.typed_amounts() == self.amounts_now():
            return []
        return [amount_in_words(amount) for amount in self.amounts_now()] or ["niets"]

    def typed_amounts(self) -> list[dict[str, Any]]:
        """The lines as typed; where they are not right, no lines that could stand."""
        if not self.amounts.is_bound:
            return self.amounts_now()
        return self._lines() if self.amounts.is_valid() else [{}]

    @property
    def is_typed_over(self) -> bool:
        return super().is_typed_over or self.promises.has_changed() or self.typed_amounts() != self.amounts_now()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for promise in self.promises.initial_forms:
            promise.is_stale = self.is_stale
        if self.amounts.is_bound and not self.amounts.is_valid():
            self.add_error(None, "Onder “Meer over dit punt” klopt een regel met geld of uren niet.")
        return data

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.promises.is_valid()])  # both say what is wrong

    @transaction.atomic
    def save(self, commit: bool = True) -> ImprovementPoint:
        self.instance.serves = self.cleaned_data["serves"]
        point = super().save(commit)
        self.promises.save(commit)
        if self.amounts.is_bound:
            self._save_amounts(point)
        return point

    def _typed_over(self, data: QueryDict) -> dict[str, Any]:
        """The commitments as they stand now, with over them what was typed: somebody may have added one, or taken one away.

        What was typed belongs to the commitment with its id, or else to the one of the same party in the same role.
        """
        names = ("id", "party", "role", "text", "DELETE")
        count = CommitmentFormSet(data, instance=self.instance).total_form_count()
        sent = [{name: data.get(f"commitments-{place}-{name}", "") for name in names} for place in range(count)]
        typed = [
            row for row in sent if row["DELETE"] or not self.came_back_as_seen(f"promise-{row['id']}", _promised(row))
        ]
        left = {row["id"] for row in sent if row not in typed}
        typed.sort(key=lambda row: not row["id"])
        rows: list[dict[str, Any]] = []

        def is_new(row: dict[str, Any], stands: dict[str, Any]) -> bool:
            return not row["id"] and (row["party"], row["role"]) == (stands["party"], stands["role"])

        for stands in self._promises_now():
            same = next((row for row in typed if row["id"] == stands["id"] or is_new(row, stands)), None)
            if same:
                typed.remove(same)
            note = "" if same or stands["id"] in left else CommitmentForm.ADDED
            rows.append({**(same or stands), "id": stands["id"], "note": note})
        for row in typed:
            if (row["party"] or row["role"] or row["text"]) and not row["DELETE"]:
                rows.append({**row, "id": "", "note": CommitmentForm.GONE if row["id"] else ""})
        standing = sum(bool(row["id"]) for row in rows)
        form = {f"commitments-{place}-{name}": value for place, row in enumerate(rows) for name, value in row.items()}
        return form | {"commitments-TOTAL_FORMS": len(rows), "commitments-INITIAL_FORMS": standing}

    def _lines(self) -> list[dict[str, Any]]:
        """What the lines say, without those that are empty."""
        return [line.cleaned_data for line in self.amounts.forms if line.has_changed()]

    def _save_amounts(self, point: ImprovementPoint) -> None:
        """The lines stand in the order in which they were typed; what did not change is not touched."""
        lines, standing = self._lines(), list(point.amounts.all())
        for amount in standing[len(lines) :]:
            amount.delete()
        for place, line in enumerate(lines):
            amount = standing[place] if place < len(standing) else Amount(point=point)
            if any(getattr(amount, name) != value for name, value in line.items()):
                for name, value in line.items():
                    setattr(amount, name, value)
                amount.save()


def _promised(row: dict[str, str]) -> list[str]:
    """What a commitment says, to compare what was sent with what stood."""
    return [row["party"], row["role"], row["text"].replace("\r\n", "\n")]


class ConsentForm(forms.Form):
    """What a party in the room says of a point: agreeing needs no words, the others do."""

    NEEDED = {
        Consent.Answer.REMARK: "Schrijf de opmerking van de partij in het vak. Druk daarna weer op “Opmerking”.",
        Consent.Answer.OBJECTION: "Schrijf in het vak waarom de partij niet akkoord kan gaan. Druk daarna weer op “Niet akkoord”.",
    }
    answer = forms.ChoiceField(choices=Consent.Answer.choices)
    words = CleanCharField(required=False, max_length=500)
    seen = forms.CharField(max_length=64)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        answer, words = data.get("answer"), data.get("words")
        if answer in self.NEEDED and words == "":
            self.add_error("words", self.NEEDED[Consent.Answer(answer)])
        if answer == Consent.Answer.AGREE and words:
            self.add_error("words", "U schreef er iets bij. Druk op “Opmerking”, of maak het vak eerst leeg.")
        return data


class ReplyForm(forms.Form):
    """What was done with an objection of the room."""

    reply = CleanCharField(
        label="Wat is ermee gedaan?", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Schrijf op wat er met het bezwaar is gedaan."},
    )  # fmt: skip
