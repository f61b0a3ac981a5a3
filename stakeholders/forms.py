from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from stakeholders.invitation_rows import InvitedRow, read_rows
from stakeholders.invitations import Invitee
from stakeholders.models import Gemeente, Membership, Term
from thuiswijk.lib.forms import RowForm, clean_field
from thuiswijk.lib.sheets import SheetError
from thuiswijk.lib.terms import is_a_term
from thuiswijk.lib.text import CleanCharField

SCOPES = [("gemeente", "De hele gemeente"), ("limited", "Alleen eigen trajecten")]
SCOPE_HELP = "Wie alleen bij eigen trajecten werkt, wijst u daarna per traject aan. Een adviseur werkt altijd zo."


class GemeenteForm(forms.ModelForm):
    class Meta:
        model = Gemeente
        fields = ("name", "code")
        formfield_callback = clean_field
        help_texts = {"code": "GM en vier cijfers, bijvoorbeeld GM0344."}
        error_messages = {"code": {"unique": "Er is al een gemeente met deze code."}}

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].upper()
        if len(code) != 6 or not code.startswith("GM") or not (code[2:].isascii() and code[2:].isdigit()):
            raise forms.ValidationError("Een CBS-code van een gemeente is GM en vier cijfers, bijvoorbeeld GM0344.")
        return code


class InviteForm(forms.Form):
    """One person, for a gemeente."""

    name = CleanCharField(label="Naam", max_length=100)
    email = forms.EmailField(label="E-mailadres")
    function = CleanCharField(label="Functie", max_length=100, required=False)
    role = forms.ChoiceField(label="Rol", widget=forms.RadioSelect)
    scope = forms.ChoiceField(
        label="Waar werkt deze persoon?",
        choices=SCOPES,
        initial="gemeente",
        widget=forms.RadioSelect,
        help_text=SCOPE_HELP,
    )

    def __init__(self, *args: Any, roles: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = {
            Membership.Role.LEADER: "Projectleider: leidt trajecten",
            Membership.Role.ADVISER: "Adviseur: begeleidt trajecten waarvoor de gemeente hem of haar aanwijst",
            Membership.Role.READER: "Meelezer: ziet alles en verandert niets",
        }
        self.fields["role"].choices = [(role, about[role]) for role in about if role in roles]  # type: ignore[attr-defined]

    @property
    def invitee(self) -> Invitee:
        data = self.cleaned_data
        return Invitee(data["name"], data["email"], data["role"], data["function"], data["scope"] == "limited")


class InviteManyForm(forms.Form):
    """A list of people, pasted from a spreadsheet."""

    # Not cleaned as a whole: a tab stands between two cells. Each cell is cleaned when it is read.
    people = forms.CharField(
        label="De lijst",
        max_length=50_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Een regel per persoon: naam, e-mailadres, rol en functie. Kopieer de cellen uit uw rekenblad.",
    )
    scope = forms.ChoiceField(
        label="Waar werken deze mensen?",
        choices=SCOPES,
        initial="gemeente",
        widget=forms.RadioSelect,
        help_text=SCOPE_HELP,
    )

    def __init__(self, *args: Any, gemeente: Gemeente, roles: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gemeente, self.roles = gemeente, roles
        self.rows: list[InvitedRow] = []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("people"):
            is_limited = data.get("scope") == "limited"
            try:
                self.rows = read_rows(data["people"], roles=self.roles, known=self._known(), is_limited=is_limited)
            except SheetError as error:
                self.add_error("people", str(error))
        return data

    def _known(self) -> dict[str, str]:
        """Of whom needs no invitation, by address, why."""
        members = self.gemeente.memberships.exclude(person__email="").select_related("person")
        asked = self.gemeente.invitations.open()
        invited = {one.email.lower(): "is al uitgenodigd. Stuur zo nodig een nieuwe link." for one in asked}
        return invited | {
            one.person.email.lower(): f"werkt al bij deze gemeente, als {one.get_role_display()}." for one in members
        }

    @property
    def problems(self) -> list[str]:
        """A sentence per row that must be mended first."""
        return [f"Regel {row.number}: {row.problem}" for row in self.rows if row.problem]

    @property
    def invitees(self) -> list[Invitee]:
        """Whom a mail goes to, when nothing must be mended."""
        return [row.who for row in self.rows if not row.note and not row.problem]


class AcceptForm(forms.Form):
    """The name by which the gemeente or party will know who accepts."""

    name = CleanCharField(label="Uw naam", max_length=100)
    function = CleanCharField(label="Uw functie", max_length=100, required=False)


MEANING = "Schrijf op wat het betekent, of kruis aan dat het geen uitleg nodig heeft."


class TermForm(RowForm):
    """What one abbreviation or word means in a gemeente."""

    is_plain = forms.BooleanField(label="Dit heeft geen uitleg nodig", required=False)

    class Meta:
        model = Term
        fields: tuple[str, ...] = ("meaning",)
        formfield_callback = clean_field
        widgets = {"meaning": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"meaning": "In gewone taal, in één of twee zinnen."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meaning"].needed_when = "verplicht als het uitleg nodig heeft"  # type: ignore[attr-defined]
        self.fields["is_plain"].initial = bool(self.instance.pk) and not self.instance.meaning

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("is_plain"):
            data["meaning"] = ""
        elif not data.get("meaning") and "meaning" not in self.errors:
            self.add_error("meaning", MEANING)
        return data


class NewTermForm(TermForm):
    """One more of them. What stands in the list of the gemeente already is changed there."""

    field_order = ("term", "meaning", "is_plain")

    class Meta(TermForm.Meta):
        fields = ("term", "meaning")
        help_texts = {**TermForm.Meta.help_texts, "term": "Zoals u het schrijft, bijvoorbeeld GGZ of VvE."}

    def __init__(self, *args: Any, gemeente: Gemeente, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gemeente = gemeente

    def clean_term(self) -> str:
        term: str = self.cleaned_data["term"]
        if not is_a_term(term):
            raise forms.ValidationError("Begin met een letter of een cijfer, en schrijf ten minste twee tekens.")
        return term

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        standing = self.gemeente.terms.filter(term__iexact=data.get("term", "")).first()
        if standing and "meaning" in data and standing.meaning != data["meaning"]:
            self.add_error("term", f"“{standing}” staat al in uw lijst hieronder. Verander de uitleg daar.")
        return data


class UnknownTermForm(forms.Form):
    """An abbreviation that no list knows: what it means, that it needs no explanation, or nothing yet."""

    term = CleanCharField(max_length=40, widget=forms.HiddenInput)
    meaning = CleanCharField(max_length=300, required=False)
    is_plain = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        term = self["term"].value()
        self.fields["meaning"].label = f"Wat betekent {term}?"
        self.fields["meaning"].needed_when = ""  # type: ignore[attr-defined]
        self.fields["is_plain"].label = f"{term} heeft geen uitleg nodig"

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data["meaning"] or self.cleaned_data["is_plain"]) and is_a_term(
            self.cleaned_data["term"]
        )
