from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from agendas.endorsing import how_many_are_missing
from agendas.models import Agenda, AgendaVersion, Commitment, Endorsement, ImprovementPoint, Theme
from thuiswijk.lib.forms import DateInput, RowForm, check_near, clean_field
from thuiswijk.lib.text import CleanCharField
from trajectories.models import Contribution, Participant, Trajectory


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


class PlacingForm(forms.Form):
    """Contributions that are ticked, and where they go."""

    contributions = forms.ModelMultipleChoiceField(
        Contribution.objects.none(), error_messages={"required": "Kruis eerst aan om welke inbreng het gaat."}
    )
    theme = forms.ModelChoiceField(
        Theme.objects.none(), label="Naar thema", required=False, empty_label="Kies een thema"
    )

    def __init__(self, *args: Any, trajectory: Trajectory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contributions"].queryset = trajectory.contributions.shown()  # type: ignore[attr-defined]
        self.fields["theme"].queryset = trajectory.themes.all()  # type: ignore[attr-defined]


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


class RoundForm(forms.Form):
    deadline = forms.DateField(label="Antwoorden kan tot en met", widget=DateInput, validators=[check_near])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("deadline", timezone.localdate() + timedelta(weeks=3))


class CloseForm(forms.Form):
    """Closing the round; while parties did not answer, for a reason."""

    reason = CleanCharField(
        label="Waarom sluit u de ronde nu?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nog niet alle partijen hebben geantwoord. Deze uitleg komt in het document te staan.",
    )

    def __init__(self, *args: Any, missing: Sequence[object], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if missing:
            self.fields["reason"].error_messages["required"] = how_many_are_missing(len(missing))
        else:
            del self.fields["reason"]


class EndorseForm(forms.Form):
    """One party's answer. The digest is of the version that stands on the page; it goes along with the answer."""

    digest = forms.CharField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label="Wat antwoordt uw partij?",
        choices=[
            ("volledig", "Ja, wij onderschrijven de hele agenda"),
            ("voorbehoud", "Ja, maar met een voorbehoud"),
            ("niet", "Nee, wij onderschrijven de agenda niet"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies één van de drie antwoorden."},
    )
    points = forms.MultipleChoiceField(
        label="Bij welke punten hebt u een voorbehoud?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = CleanCharField(
        label="Wat is uw voorbehoud, of waarom onderschrijft u niet?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Deze tekst komt in het document te staan.",
    )
    name = CleanCharField(label="Uw naam", max_length=100)
    function = CleanCharField(label="Uw functie", max_length=100)
    on_behalf_of = CleanCharField(
        label="Namens wie antwoordt u?",
        max_length=200,
        help_text="Bijvoorbeeld: het bestuur, de directie, of de groep (zonder rechtspersoon).",
    )
    decided_on = forms.DateField(
        label="Datum van het besluit", required=False, widget=DateInput, help_text="Als er een besluit over is genomen."
    )
    agreed = forms.BooleanField(
        label="Ik heb de agenda gelezen en mag dit antwoord namens mijn partij geven.",
        error_messages={"required": "Kruis dit aan als het klopt. Anders kunnen wij uw antwoord niet opslaan."},
    )

    def __init__(self, *args: Any, version: AgendaVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = [(point["number"], f"{point['number']} {point['title']}") for point in version.data["points"]]
        self.fields["points"].choices = points  # type: ignore[attr-defined]
        self.fields["points"].needed_when = "verplicht bij een voorbehoud"  # type: ignore[attr-defined]
        self.fields["text"].needed_when = "verplicht bij een voorbehoud of een nee"  # type: ignore[attr-defined]
        self.initial.setdefault("digest", version.digest)

    def clean_decided_on(self) -> Any:
        day = self.cleaned_data["decided_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("Deze datum ligt in de toekomst. Vul de dag in waarop het besluit is genomen.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") == Endorsement.Answer.FULL:
            if data.get("text") or data.get("points"):
                self.add_error("answer", "U vult een voorbehoud in. Kies dan “Ja, maar met een voorbehoud”.")
        elif data.get("answer") == Endorsement.Answer.RESERVED and not data.get("points"):
            self.add_error("points", "Kruis aan bij welke punten u een voorbehoud hebt.")
        if data.get("answer") in ("voorbehoud", "niet") and not data.get("text"):
            self.add_error("text", "Schrijf op wat uw voorbehoud is, of waarom u niet onderschrijft.")
        return data

    @property
    def given(self) -> dict[str, Any]:
        """What `endorsing.endorse` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "agreed"}


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
