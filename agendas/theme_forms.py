from __future__ import annotations

import uuid
from typing import Any

from django import forms

from agendas.models import Group, Theme
from agendas.splitting import TICK, Part, Span, meet, minus, pieces, snapped, typed, words_at
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


class SaidField(forms.ModelMultipleChoiceField):
    """Inbreng that is ticked, each as `12` or, where only a part stands there, as `12.0.24` (agendas.splitting)."""

    def clean(self, value: Any) -> Any:
        """The parts that were ticked, each once; refused where one is no choice."""
        ticked = [TICK.fullmatch(str(one)) or str(one) for one in value or ()]
        known = super().clean([one if isinstance(one, str) else one["pk"] for one in ticked])
        keys = {row.pk for row in known}
        parts = [Part(*(int(n) if n else None for n in one.groups())) for one in ticked if not isinstance(one, str)]  # type: ignore[arg-type]
        return list(dict.fromkeys(part for part in parts if part.contribution in keys))


class PlacingForm(forms.Form):
    """Contributions that are ticked, and where they go."""

    contributions = SaidField(
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


class SplitForm(forms.Form):
    """Which words of an inbreng are a part, of those that stand in one place; and where that part goes."""

    key = forms.UUIDField(initial=uuid.uuid4, required=False, widget=forms.HiddenInput)
    pieces = forms.MultipleChoiceField(label="Kruis aan wat bij elkaar hoort", required=False)
    words = CleanCharField(
        label="Of typ de woorden over",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Precies zoals ze er staan. Zo kiest u elk deel dat u wilt.",
    )
    theme = forms.ModelChoiceField(
        Theme.objects.none(), label="Dit deel gaat naar", empty_label="Kies een thema", widget=forms.Select()
    )

    def __init__(self, *args: Any, contribution: Contribution, standing: list[Span], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text, self.standing = text, standing = contribution.text, standing
        for name in ("pieces", "words"):
            self.fields[name].needed_when = ""  # type: ignore[attr-defined]  # one of the two
        cut = [common for piece in pieces(text) for span in standing for common in meet(piece, span)]
        self.fields["pieces"].choices = [(f"{a}.{b}", words_at(text, [(a, b)])) for a, b in cut]  # type: ignore[attr-defined]
        self.fields["pieces"].widget = forms.CheckboxSelectMultiple(choices=self.fields["pieces"].choices)  # type: ignore[attr-defined]
        if len(cut) < 2:
            del self.fields["pieces"]
            self.fields["words"].label = "Typ de woorden van het deel over"
        self.fields["theme"].queryset = contribution.trajectory.themes.all()  # type: ignore[attr-defined]

    def clean_words(self) -> str:
        words = self.cleaned_data["words"]
        if words and not self._typed(words):
            raise forms.ValidationError("Deze woorden staan niet zo in de inbreng. Kopieer ze uit de tekst hierboven.")
        return str(words)

    def clean(self) -> None:
        ticked, words = self.cleaned_data.get("pieces", []), self.cleaned_data.get("words", "")
        if self.errors.keys() & {"pieces", "words"}:
            return
        if bool(ticked) == bool(words):
            both = "Kruis de woorden aan, of typ ze over. Niet allebei."
            self._wrong(both if words else "Kies eerst welke woorden bij elkaar horen.")
            return
        chosen = [(int(a), int(b)) for a, _, b in (one.partition(".") for one in ticked)] or self._typed(words)[:1]
        wide = snapped(self.text, chosen)
        self.parts = [common for span in self.standing for one in wide for common in meet(one, span)]
        if not minus(self.standing, self.parts):
            self._wrong("Dit zijn alle woorden. Laat er een paar weg. Wilt u alles verplaatsen? Doe dat op het bord.")

    def _wrong(self, sentence: str) -> None:
        self.add_error("pieces" if "pieces" in self.fields else "words", sentence)

    def _typed(self, words: str) -> list[Span]:
        return [one for one in typed(self.text, words) if any(meet(one, span) for span in self.standing)]
