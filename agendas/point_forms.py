from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict

from agendas.models import Commitment, ImprovementPoint
from thuiswijk.lib.forms import RowForm, clean_field


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
        """What `typed_over` says of this commitment: somebody else added it, or took it away."""
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


class PointForm(RowForm):
    """A point and its commitments are one form: seen as one, and all is saved, or nothing."""

    class Meta:
        model = ImprovementPoint
        fields = ("theme", "title", "why", "first_step", "ready_on", "noticed_by", "means", "position")
        formfield_callback = clean_field
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("why", "noticed_by", "means")}
        help_texts = {
            "noticed_by": "Een verhaal en een getal. Wat ziet een bewoner straks anders?",
            "position": "Het laagste getal staat vooraan.",
        }

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["theme"]
        field.queryset = self.instance.trajectory.themes.filter(declined_because="")  # type: ignore[attr-defined]
        field.empty_label = "Kies een thema"  # type: ignore[attr-defined]
        if data is not None and self.instance.pk and not self.was_just_seen:
            self.promises = CommitmentFormSet(typed_over(self.instance, data), instance=self.instance)
        else:
            self.promises = CommitmentFormSet(data, instance=self.instance)

    def standing(self) -> dict[str, Any]:
        rows = self.instance.commitments.order_by("pk").values_list("pk", "party", "role", "text")
        return {**super().standing(), "promises": list(rows)}

    @property
    def is_typed_over(self) -> bool:
        return super().is_typed_over or self.promises.has_changed()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for promise in self.promises.initial_forms:
            promise.is_stale = self.is_stale
        return data

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.promises.is_valid()])  # both say what is wrong

    @transaction.atomic
    def save(self, commit: bool = True) -> ImprovementPoint:
        point = super().save(commit)
        self.promises.save(commit)
        return point


def typed_over(point: ImprovementPoint, data: QueryDict) -> dict[str, Any]:
    """The commitments as they stand now, with over them what was typed: somebody may have added one, or taken one away.

    What was typed belongs to the commitment with its id, or else to the one of the same party in the same role.
    """
    names = ("id", "party", "role", "text", "DELETE")
    count = CommitmentFormSet(data, instance=point).total_form_count()
    typed = [{name: data.get(f"commitments-{place}-{name}", "") for name in names} for place in range(count)]
    typed.sort(key=lambda row: not row["id"])
    rows: list[dict[str, Any]] = []

    def is_new(row: dict[str, Any], stands: dict[str, Any]) -> bool:
        return not row["id"] and (row["party"], row["role"]) == (stands["party"], stands["role"])

    for promise in point.commitments.order_by("pk"):
        stands = {"id": str(promise.pk), "party": str(promise.party_id), "role": promise.role, "text": promise.text}
        same = next((row for row in typed if row["id"] == stands["id"] or is_new(row, stands)), None)
        if same:
            typed.remove(same)
        rows.append({**(same or stands), "id": stands["id"], "note": "" if same else CommitmentForm.ADDED})
    for row in typed:
        if (row["party"] or row["role"] or row["text"]) and not row["DELETE"]:
            rows.append({**row, "id": "", "note": CommitmentForm.GONE if row["id"] else ""})
    standing = sum(bool(row["id"]) for row in rows)
    form = {f"commitments-{place}-{name}": value for place, row in enumerate(rows) for name, value in row.items()}
    return form | {"commitments-TOTAL_FORMS": len(rows), "commitments-INITIAL_FORMS": standing}
