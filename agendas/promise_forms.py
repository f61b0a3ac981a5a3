from __future__ import annotations

from typing import Any

from django import forms

from agendas.models import Commitment
from thuiswijk.lib.forms import RowForm, clean_field


class ConfirmForm(RowForm):
    """What a party says of its own part of a point: it is right, in these words; or the party can't."""

    RIGHT, CANNOT = "klopt", "kan_niet"

    answer = forms.ChoiceField(
        label="Klopt dit?",
        choices=[(RIGHT, "Dit klopt, in de woorden hieronder"), (CANNOT, "Dit kunnen wij niet")],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies of dit klopt, of dat uw partij dit niet kan."},
    )

    class Meta:
        model = Commitment
        fields = ("text",)
        formfield_callback = clean_field
        labels = {"text": "In de woorden van uw partij"}
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"text": "Kunt u dit niet? Schrijf dan op waarom. Dat is ook een eerlijk antwoord."}

    field_order = ("answer", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].needed_when = "verplicht als u dit niet kunt"  # type: ignore[attr-defined]
        if self.instance.role == Commitment.Role.UNABLE:
            self.fields["answer"].choices = [(self.RIGHT, "Dit klopt: wij kunnen dit niet, om deze reden")]  # type: ignore[attr-defined]
        if self.instance.is_confirmed:
            self.initial["answer"] = self.RIGHT

    def standing(self) -> dict[str, Any]:
        """What the party reads before it confirms: also the point, of which the words are the room's."""
        promise = self.instance
        point = {name: getattr(promise.point, name) for name in ("title", "why", "first_step", "ready_on")}
        return {**point, "role": promise.role, **super().standing()}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        is_unable = data.get("answer") == self.CANNOT or self.instance.role == Commitment.Role.UNABLE
        if is_unable and not data.get("text") and "text" not in self.errors:
            self.add_error("text", "Schrijf op waarom uw partij dit niet kan.")
        return data

    @property
    def given(self) -> dict[str, Any]:
        """What `confirming.confirm` takes."""
        return {"is_able": self.cleaned_data["answer"] == self.RIGHT, "text": self.cleaned_data["text"]}
