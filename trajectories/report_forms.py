from __future__ import annotations

from typing import Any

from django import forms

from thuiswijk.lib.forms import RowForm, clean_field
from trajectories.models import Action, MeetingItem, OutcomeCorrection

# Outcomes and a new action are parts of one form on the page, so that what was typed at one is sent with the other.
OF_ONE_FORM = {"form": "vastleggen"}


class OutcomeForm(RowForm):
    """What came out of one item, as one of many on a page: who changes another one leaves this one as it stands."""

    class Meta:
        model = MeetingItem
        fields = ("outcome",)
        formfield_callback = clean_field
        widgets = {"outcome": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, instance: MeetingItem, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, prefix=f"punt-{instance.pk}", **kwargs)
        self.fields["outcome"].label = f"Uitkomst van “{instance.title}”"
        self.fields["outcome"].help_text = instance.question
        for field in self.fields.values():
            field.widget.attrs |= OF_ONE_FORM

    def save(self, commit: bool = True) -> Any:
        """Saves what was typed, and nothing else."""
        return super().save(commit) if self.is_typed_over else self.instance


class CorrectionForm(RowForm):
    class Meta:
        model = OutcomeCorrection
        fields = ("text",)
        formfield_callback = clean_field
        labels = {"text": "Wat had er moeten staan?"}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}


class ActionForm(RowForm):
    class Meta:
        model = Action
        fields = ("text", "party", "due_on")
        formfield_callback = clean_field
        error_messages = {"text": {"required": "Schrijf op wat er wordt gedaan."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = self.instance.meeting.trajectory.parties.order_by("name")
        self.fields["party"].queryset = parties  # type: ignore[attr-defined]
        self.fields["party"].empty_label = "Nog niemand"  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs |= OF_ONE_FORM
