from __future__ import annotations

from typing import Any

from django import forms

from agendas.models import Group, Theme
from thuiswijk.lib.forms import RowForm, clean_field
from thuiswijk.lib.text import CleanCharField
from trajectories.models import Contribution, Trajectory


class ThemeForm(RowForm):
    class Meta:
        model = Theme
        fields = ("name", "summary", "position", "declined_because")
        formfield_callback = clean_field
        widgets = {"summary": forms.Textarea(attrs={"rows": 4}), "declined_because": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "position": "Het laagste getal staat vooraan.",
            "declined_because": "Alleen invullen als dit onderwerp niet in de agenda komt. De reden staat in het document.",
        }

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if Theme.objects.filter(trajectory=self.instance.trajectory, name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Dit traject heeft al een thema met deze naam. Kies een andere naam.")
        return name

    def clean_declined_because(self) -> str:
        reason = self.cleaned_data["declined_because"]
        if reason and self.instance.pk and self.instance.points.exists():
            raise forms.ValidationError("Bij dit thema staan nog verbeterpunten. Zet die eerst bij een ander thema.")
        return reason


class GroupForm(RowForm):
    class Meta:
        model = Group
        fields = ("wording",)
        formfield_callback = clean_field
        help_texts = {"wording": "Wat deze mensen zeggen, in uw woorden. Hun eigen woorden blijven ernaast staan."}


class PlacingForm(forms.Form):
    """Contributions that are ticked, and where they go."""

    contributions = forms.ModelMultipleChoiceField(
        Contribution.objects.none(), error_messages={"required": "Kruis eerst aan om welke inbreng het gaat."}
    )
    theme = forms.ModelChoiceField(
        Theme.objects.none(), label="Naar thema", required=False, empty_label="Kies een thema"
    )

    wording = CleanCharField(label="In één zin", required=False, max_length=300)

    def __init__(self, *args: Any, trajectory: Trajectory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contributions"].queryset = trajectory.contributions.shown()  # type: ignore[attr-defined]
        self.fields["theme"].queryset = trajectory.themes.all()  # type: ignore[attr-defined]
