from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings

from agendas.models import Agenda
from thuiswijk.lib import mdto
from thuiswijk.lib.forms import RowForm, clean_field
from thuiswijk.lib.text import CleanCharField
from trajectories.models import Participant


class AgendaForm(RowForm):
    class Meta:
        model = Agenda
        fields = ("title", "starts_on", "ends_on", "summary", "motivation", "story", "rules", "follow_up")
        formfield_callback = clean_field
        widgets = {
            name: forms.Textarea(attrs={"rows": 6}) for name in ("summary", "motivation", "story", "rules", "follow_up")
        }
        help_texts = {"summary": "Voor iedereen te begrijpen. Hoogstens één bladzijde."}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["starts_on"] >= data["ends_on"]:
            self.add_error("ends_on", "De einddatum moet na de begindatum liggen.")
        return data


class FreezeForm(forms.Form):
    """Freezing; with gaps, only for a reason."""

    reason = CleanCharField(
        label="Waarom gaat u door met open punten?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Deze uitleg komt in het document te staan.",
        error_messages={
            "required": "De agenda heeft nog open punten. Los ze op, of schrijf op waarom u toch doorgaat.",
        },
    )

    def __init__(self, *args: Any, gaps: Sequence[object], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = bool(gaps)


class ArchiveForm(forms.Form):
    """How long the archive keeps a trajectory: what the selection list of the gemeente says of it, which we don't know."""

    kind = forms.ChoiceField(
        label="Bewaart de gemeente dit blijvend?",
        choices=list(mdto.APPRAISALS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Kies of de gemeente dit blijvend of tijdelijk bewaart."},
    )
    years = forms.IntegerField(
        label="Aantal jaren",
        min_value=1,
        max_value=200,
        required=False,
        help_text="Alleen als u tijdelijk kiest. De termijn begint vandaag.",
        error_messages={"invalid": "Schrijf een heel getal, bijvoorbeeld 10."},
    )
    category = CleanCharField(
        label="Categorie in de selectielijst",
        max_length=200,
        required=False,
        help_text="Uw archivaris weet welke dit is.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["years"].needed_when = "verplicht bij tijdelijk"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == mdto.DESTROYED and not data.get("years") and "years" not in self.errors:
            self.add_error("years", "Schrijf hoeveel jaren de gemeente dit bewaart.")
        return data

    def appraisal(self, *, since: date) -> mdto.Appraisal:
        """What was filled in; years count only for what is not kept for good."""
        given = self.cleaned_data
        years = given["years"] if given["kind"] == mdto.DESTROYED else None
        return mdto.Appraisal(given["kind"], given["category"], years, since)


class VerifyForm(forms.Form):
    file = forms.FileField(
        label="Het document (PDF)",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={"required": "Kies eerst een bestand."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError("Dit bestand is groter dan 10 MB. Onze documenten zijn kleiner.")
        return file


class NumberForm(forms.Form):
    """The number of a document, as somebody types it over from paper; as it stands in an address."""

    nummer = CleanCharField(
        label="Of vul het documentnummer in",
        max_length=40,
        help_text="Staat op de voorkant, met de versie erachter: bijvoorbeeld VA-2026-0007-v2.",
        error_messages={"required": "Vul het documentnummer in."},
    )

    def clean_nummer(self) -> str:
        typed = "".join(sign for sign in self.cleaned_data["nummer"].upper() if sign.isalnum())
        found = re.fullmatch(r"VA(\d{4})(\d{4,9})V(\d{1,4})", typed, re.ASCII)
        if not found:
            raise forms.ValidationError(
                "Dit is geen documentnummer. Neem het over met alle cijfers en de versie: VA-2026-0007-v2."
            )
        return f"VA-{found[1]}-{found[2]}-v{found[3]}"


class ReceiptForm(forms.Form):
    """The code with which a deelnemer follows what became of their words."""

    code = CleanCharField(label="Uw volgcode", max_length=20, help_text="Acht tekens, bijvoorbeeld ABCD-2346.")

    def clean_code(self) -> str:
        code = "".join(sign for sign in self.cleaned_data["code"].upper() if sign.isalnum())
        if not Participant.objects.filter(code=code).exists():
            raise forms.ValidationError("Deze code kennen wij niet. Kijk nog eens op uw telefoon of op uw kaart.")
        return code


class NewsForm(forms.Form):
    """An address for news about one's own words."""

    email = forms.EmailField(label="Uw e-mailadres", max_length=254)
