from __future__ import annotations

from typing import Any

from django import forms

from agendas.models import ExpectationAnswer
from stakeholders.models import Party
from thuiswijk.lib.text import CleanCharField
from trajectories.models import Contribution

Kind = ExpectationAnswer.Kind


class ExpectationForm(forms.Form):
    """What a party says to an expectation; with a reason where it can't, and with a party where another knows more."""

    kind = forms.ChoiceField(
        label="Wat zegt de partij?",
        choices=[(value, label.capitalize()) for value, label in Kind.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies één van de drie antwoorden."},
    )
    text = CleanCharField(
        label="In uw eigen woorden",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Wie dit verwachtte, leest uw antwoord.",
    )
    other_party = forms.ModelChoiceField(
        Party.objects.none(),
        label="Welke partij weet er meer van?",
        required=False,
        empty_label="Kies een partij",
    )

    def __init__(self, *args: Any, said: Contribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = said.trajectory.parties.exclude(pk=said.addressed_to_id).order_by("name")
        self.fields["other_party"].queryset = others  # type: ignore[attr-defined]
        self.fields["text"].needed_when = "verplicht als de partij dit niet kan"  # type: ignore[attr-defined]
        self.fields["other_party"].needed_when = "verplicht bij een andere partij"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == Kind.CANNOT and not data.get("text"):
            self.add_error("text", "Schrijf op waarom de partij dit niet kan.")
        if data.get("kind") == Kind.OTHER and not data.get("other_party") and "other_party" not in self.errors:
            self.add_error("other_party", "Kies de partij die er meer van weet.")
        if data.get("kind") in (Kind.DOES, Kind.CANNOT) and data.get("other_party"):
            self.add_error("kind", "U kiest een andere partij. Kies dan “Daarvan weet een andere partij meer”.")
        return data
