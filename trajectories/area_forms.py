from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from stakeholders.models import Gemeente
from thuiswijk.lib.outlines import TOO_LARGE, OutlineError, Reading, read_outlines
from thuiswijk.lib.text import CleanCharField
from trajectories.models import Trajectory, Wijk


class AreaForm(forms.Form):
    """Which wijken or buurten a trajectory is about: of one year, and none twice. None at all is an area with a name of its own."""

    wijken = forms.ModelMultipleChoiceField(
        Wijk.objects.none(), label="Gebieden", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, trajectory: Trajectory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Wijk.objects.filter(gemeente=trajectory.gemeente_id).defer("outline").order_by("-year", "code")
        field = self.fields["wijken"]
        field.queryset = offered  # type: ignore[attr-defined]
        field.label_from_instance = lambda wijk: f"{wijk.name} ({wijk.code}, {wijk.year})"  # type: ignore[attr-defined]
        field.initial = list(trajectory.wijken.values_list("pk", flat=True))

    def clean_wijken(self) -> list[Wijk]:
        chosen = list(self.cleaned_data["wijken"])
        if len({wijk.year for wijk in chosen}) > 1:
            raise forms.ValidationError("Kies gebieden van één jaar: grenzen veranderen, en dan past de kaart niet.")
        wholes = {wijk.code[2:]: wijk for wijk in chosen if wijk.code.startswith("WK")}
        for buurt in chosen:
            whole = wholes.get(buurt.code[2:8])
            if whole and buurt is not whole:
                raise forms.ValidationError(f"{buurt.name} is al een deel van {whole.name}. Kies een van de twee.")
        return chosen


class OutlinesForm(forms.Form):
    """A GeoJSON with the outlines of wijken or buurten, and the year that they are of."""

    file = forms.FileField(label="Bestand", help_text="GeoJSON met WGS84, hoogstens 10 MB.", allow_empty_file=True)
    year = forms.IntegerField(
        label="Van welk jaar is de indeling?",
        min_value=2000,
        help_text="Dit jaar staat bij de bron onder de kaart. Grenzen veranderen, dus ieder jaar is apart.",
    )

    source = CleanCharField(
        label="Wie maakte de kaart?",
        max_length=100,
        initial=Wijk._meta.get_field("outline_source").default,
        help_text="Dit staat met het jaar als bron onder de kaart.",
    )

    def __init__(self, *args: Any, gemeente: Gemeente, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gemeente = gemeente
        self.reading: Reading | None = None

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > timezone.localdate().year + 1:
            raise forms.ValidationError("Dit jaar ligt in de toekomst.")
        return year

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        try:
            self.reading = read_outlines(file.read(), gemeente=self.gemeente.code)
        except OutlineError as error:
            raise forms.ValidationError(str(error)) from error
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        told = self.reading.year if self.reading else None
        if told and data.get("year") and told != data["year"]:
            self.add_error(
                "year",
                f"In het bestand staat dat de indeling van {told} is. Vul dat jaar in, of kies een ander bestand.",
            )
        return data
