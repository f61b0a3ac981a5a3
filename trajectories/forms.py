from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction

from stakeholders import contacts
from stakeholders.models import Gemeente, Membership, Party
from thuiswijk.lib.forms import RowForm, check_past, clean_field
from thuiswijk.lib.text import CleanCharField, share_of
from trajectories.models import Attendance, Contribution, Figure, Meeting, MeetingInvitation, Step, Trajectory


class TrajectoryForm(RowForm):
    class Meta:
        model = Trajectory
        fields = ("gemeente", "name")
        formfield_callback = clean_field
        help_texts = {"name": "Bijvoorbeeld de naam van de wijk of het dorp."}

    def __init__(self, *args: Any, gemeenten: list[Gemeente], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["gemeente"]
        field.queryset = Gemeente.objects.filter(pk__in=[g.pk for g in gemeenten])  # type: ignore[attr-defined]
        field.empty_label = None  # type: ignore[attr-defined]


class StepForm(forms.Form):
    step = forms.ChoiceField(label="Stap", choices=Step)


class PartyForm(RowForm):
    """A party and its contact person, on one page."""

    signatories = forms.TypedChoiceField(
        label="Hoeveel mensen tekenen samen?",
        choices=Party.SIGNATORIES,
        coerce=int,
        empty_value="1",
        required=False,
        widget=forms.RadioSelect,
        help_text="Bij twee personen telt het antwoord pas als de tweede meetekent. Dit geldt meteen, ook voor een agenda die "
        "nu bij de partij ligt. Een antwoord dat er al is, blijft staan.",
    )
    contact_name = CleanCharField(label="Naam van de contactpersoon", max_length=100, required=False)
    contact_function = CleanCharField(label="Functie van de contactpersoon", max_length=100, required=False)
    contact_email = forms.EmailField(
        label="E-mailadres van de contactpersoon",
        required=False,
        help_text="Op dit adres vragen wij de partij om de agenda te onderschrijven.",
    )

    class Meta:
        model = Party
        fields = ("name", "kind", "signatories")
        formfield_callback = clean_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signatories"].needed_when = ""  # type: ignore[attr-defined]  # one of the two is always chosen
        self.contact = self.instance.contact if self.instance.pk else None
        if self.contact:
            self.initial = {
                **self.initial,
                "contact_name": self.contact.name,
                "contact_function": self.contact.function,
                "contact_email": self.contact.person.email,
            }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("contact_name")) != bool(data.get("contact_email")):
            missing = "contact_email" if data.get("contact_name") else "contact_name"
            self.add_error(missing, "Vul de naam en het e-mailadres allebei in, of laat ze allebei leeg.")
        name, gemeente = data.get("name"), self.instance.gemeente
        if name and Party.objects.filter(gemeente=gemeente, name__iexact=name).exclude(pk=self.instance.pk).exists():
            self.add_error("name", f"{gemeente} heeft al een partij met deze naam. Kies die bij het traject.")
        return data

    @property
    def told(self) -> str:
        """From when another number of people counts; "" where that stayed as it was."""
        needed = int(self.cleaned_data["signatories"])
        if needed == self.initial["signatories"]:
            return ""
        if needed == 2:
            return (
                " Vanaf nu tekenen er twee mensen: ook voor een agenda die nu bij de partij ligt en nog geen antwoord heeft. "
                "Een antwoord dat er al is, blijft staan; over een volgende versie krijgt de partij opnieuw een vraag."
            )
        return (
            " Vanaf nu tekent er één persoon. Wacht een antwoord nog op de tweede? Dan telt het als die meetekent, "
            "of als de eerste opnieuw antwoordt."
        )

    @transaction.atomic
    def save(self, commit: bool = True) -> Party:
        """Saves the party and names its contact person."""
        party = super().save(commit)
        data = self.cleaned_data
        contacts.name_contact(
            party, email=data["contact_email"], name=data["contact_name"], function=data["contact_function"]
        )
        return party


class ParticipationForm(forms.Form):
    """Parties that the gemeente knows already and that do not take part yet."""

    parties = forms.ModelMultipleChoiceField(
        Party.objects.none(),
        label="Partijen",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies ten minste één partij."},
    )

    def __init__(self, *args: Any, trajectory: Trajectory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Party.objects.filter(gemeente=trajectory.gemeente_id).exclude(participations__trajectory=trajectory)
        self.fields["parties"].queryset = others  # type: ignore[attr-defined]


class FigureForm(RowForm):
    """A number about the wijk. A share in per cent is drawn as a bar, so it must be one: "58 %", of 0 to 100."""

    class Meta:
        model = Figure
        fields = ("label", "value", "gemeente_value", "source", "measured_on")
        formfield_callback = clean_field
        labels = {"label": "Wat is geteld of gemeten?", "measured_on": "Gemeten op"}
        help_texts = {
            "label": "Bijvoorbeeld: Huurwoningen van de corporatie.",
            "value": "Zoals het in de agenda komt te staan, bijvoorbeeld 6.240 of 58 %.",
            "gemeente_value": "Hetzelfde getal, van de hele gemeente. Dan staan zij naast elkaar.",
            "source": "Bijvoorbeeld: CBS, Kerncijfers wijken en buurten.",
            "measured_on": "De dag waarover het getal gaat. Die heet ook wel de peildatum.",
        }

    def clean_measured_on(self) -> Any:
        return check_past(self.cleaned_data["measured_on"], "waarover het getal gaat")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("value", "gemeente_value"):
            if data.get(name, "").endswith("%") and share_of(data[name]) is None:
                self.add_error(
                    name, "Schrijf een percentage als een getal van 0 tot en met 100, bijvoorbeeld 58 % of 12,5 %."
                )
        label, others = data.get("label"), self.instance.trajectory.figures.exclude(pk=self.instance.pk)
        if label and others.filter(label__iexact=label).exists():
            self.add_error("label", "Dit cijfer staat er al. Verander dat, of geef dit een andere naam.")
        return data


class MeetingForm(RowForm):
    minutes = forms.IntegerField(label="Duur in minuten", min_value=5, max_value=1440, initial=120)

    class Meta:
        model = Meeting
        fields = ("kind", "title", "starts_at", "minutes", "place", "question", "residents")
        formfield_callback = clean_field
        help_texts = {
            "question": "Deze vraag zien de deelnemers op hun telefoon.",
            "residents": "Wie aan de deur is geteld, zonder namen. Wie met de telefoon meedoet, telt al mee.",
        }


class CancelForm(forms.Form):
    """Why a meeting does not take place: everybody who looks it up reads this."""

    reason = CleanCharField(
        label="Waarom gaat de bijeenkomst niet door?",
        max_length=200,
        help_text="Deze reden staat ook op de openbare pagina van de bijeenkomst. Schrijf geen namen op.",
        error_messages={"required": "Schrijf op waarom de bijeenkomst niet doorgaat."},
    )


class AttendanceForm(forms.ModelForm):
    class Meta:
        model = Attendance
        fields = ("party", "people")

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].queryset = meeting.trajectory.parties.order_by("name")  # type: ignore[attr-defined]


class InvitePartiesForm(forms.Form):
    """Parties of the trajectory that can be asked to a meeting and were not yet: who has an address."""

    parties = forms.ModelMultipleChoiceField(
        Party.objects.none(),
        label="Wie nodigt u uit?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies ten minste één partij."},
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = meeting.invitations.filter(sent_at__isnull=False).values("party")
        left = meeting.trajectory.parties.exclude(pk__in=asked).gemeente_first().with_contact()  # type: ignore[attr-defined]
        field = self.fields["parties"]
        field.queryset = left.filter(contact_email__gt="")  # type: ignore[attr-defined]
        field.initial = [party.pk for party in field.queryset]  # type: ignore[attr-defined]
        field.label_from_instance = lambda party: f"{party}: {party.contact_name}"  # type: ignore[attr-defined]
        self.unreachable = [party for party in left if not party.contact_email]


class RsvpForm(forms.Form):
    """Whether a party comes to a meeting, and with how many."""

    COMES = MeetingInvitation.Answer.COMES
    ANSWERS = ((COMES, "Ja, wij komen"), (MeetingInvitation.Answer.STAYS_AWAY, "Nee, wij komen niet"))

    answer = forms.ChoiceField(
        label="Komt u?", choices=ANSWERS, widget=forms.RadioSelect, error_messages={"required": "Kies ja of nee."}
    )
    people = forms.IntegerField(
        label="Met hoeveel mensen komt u?",
        required=False,
        min_value=1,
        max_value=500,
        help_text="Tel uzelf mee. Wij vragen niet naar namen.",
    )
    remark = CleanCharField(
        label="Wilt u nog iets zeggen?",
        max_length=300,
        required=False,
        help_text="Bijvoorbeeld: wij komen een half uur later.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].needed_when = "verplicht als u komt"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") == self.COMES and "people" in data and not data["people"]:
            self.add_error("people", "Vul in met hoeveel mensen u komt, bijvoorbeeld 2.")
        return data


class PartyChoiceField(forms.ModelChoiceField):
    """A party of the trajectory, or none, which has a meaning of its own."""

    def __init__(self, *, none: str, **options: Any) -> None:
        super().__init__(Party.objects.none(), required=False, empty_label=none, **options)


class PartyField(forms.TypedChoiceField):
    """A party of the trajectory, or none, which has a meaning of its own. The form names the parties (`offer`)."""

    def __init__(self, *, none: str, also: tuple[str, str] | None = None, **options: Any) -> None:
        super().__init__(required=False, empty_value=None, **options)
        self.none, self.also = none, also

    def offer(self, parties: Callable[[], dict[int, Party]]) -> None:
        """These are the parties to choose from, asked for when somebody chooses or a page shows them, and not before."""
        also = [self.also] if self.also else []
        self.choices = lambda: [("", self.none), *((str(pk), party.name) for pk, party in parties().items()), *also]
        self.coerce = lambda value: parties().get(int(value)) if value.isdigit() else None


def parties_of(meeting: Meeting) -> dict[int, Party]:
    """The parties that may speak or be spoken to in this meeting, by id, in the order of their names."""
    return {party.pk: party for party in meeting.trajectory.parties.order_by("name", "pk")}


def sentences_of(form: forms.Form) -> list[str]:
    """Everything that is wrong with a form, each sentence once."""
    return list(dict.fromkeys(str(error) for errors in form.errors.values() for error in errors))


class WhoForm(forms.Form):
    """Who holds the phone: a resident, or somebody of a party. No name is asked."""

    RESIDENT = "bewoner"

    device = forms.UUIDField(required=False, widget=forms.HiddenInput)
    party = forms.ChoiceField(
        label="Wie bent u?", widget=forms.RadioSelect, error_messages={"required": "Kies wie u bent."}
    )
    notes = forms.BooleanField(label="Ik schrijf op voor een ander", required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = parties_of(meeting)
        field = self.fields["party"]
        field.choices = [(self.RESIDENT, "Bewoner"), *((str(pk), one.name) for pk, one in self.parties.items())]  # type: ignore[attr-defined]

    @property
    def sentences(self) -> list[str]:
        """What is wrong, said once."""
        return sentences_of(self)

    @property
    def chosen(self) -> Party | None:
        """The party, or None for a resident."""
        value = self.cleaned_data["party"]
        return None if value == self.RESIDENT else self.parties[int(value)]


class ContributionForm(forms.Form):
    """What a participant fills in: no account, no name. The key is made by the page and goes with every try.

    Who you are, the phone and the question that was open go with the words: what is sent an hour later keeps all three.
    """

    ANOTHER = "anders"

    key = forms.UUIDField(widget=forms.HiddenInput)
    device = forms.UUIDField(required=False, widget=forms.HiddenInput)
    item = forms.IntegerField(required=False, min_value=0, max_value=2**31, widget=forms.HiddenInput)
    noted_by = PartyField(none="", also=(WhoForm.RESIDENT, "Bewoner"), widget=forms.HiddenInput)
    said_by = PartyField(label="Wie zegt dit?", none="Een bewoner", widget=forms.HiddenInput)
    text = CleanCharField(
        label="Wat wilt u zeggen?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": "Schrijf eerst op wat u wilt zeggen.",
            "max_length": "Uw tekst is te lang: %(show_value)d tekens. Er passen %(limit_value)d tekens. "
            "Maak de tekst korter, of verstuur hem in delen.",
        },
    )
    addressed_to = PartyField(
        label="Is het voor één partij bedoeld?",
        none="Nee, voor iedereen",
        also=(ANOTHER, "Een andere partij, namelijk …"),
    )
    addressed_name = CleanCharField(
        label="Staat de partij er niet bij? Schrijf haar naam op.", max_length=100, required=False
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        for field in self.fields.values():
            if isinstance(field, PartyField):
                field.offer(lambda: self.parties)
        del self.fields["text"].widget.attrs["maxlength"]  # a browser would cut off what is pasted, and say nothing
        self.initial = {"key": uuid.uuid4(), "item": meeting.item_id or 0, **self.initial}
        if self["noted_by"].value():
            self.fields["said_by"].widget = forms.Select(choices=self.fields["said_by"].choices)  # type: ignore[attr-defined]

    @cached_property
    def parties(self) -> dict[int, Party]:
        return parties_of(self.meeting)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_another, name = self.data.get("addressed_to") == self.ANOTHER, data.get("addressed_name", "")
        if name and data.get("addressed_to"):
            self.add_error("addressed_name", "Kies één partij: uit de lijst, of een die er nog niet bij staat.")
        elif is_another and not name and "addressed_name" not in self.errors:
            self.add_error("addressed_name", "Schrijf op welke partij u bedoelt.")
        same = [one for one in self.parties.values() if one.name.casefold() == name.casefold()] if name else []
        if same:
            data["addressed_to"], data["addressed_name"] = same[0], ""
        if data.get("said_by") and data["said_by"] == data.get("addressed_to"):
            self.add_error(
                "addressed_to", "Een partij verwacht niets van zichzelf. Kies een andere partij, of niemand."
            )
        return data

    @property
    def spoken(self) -> dict[str, Any]:
        """What `intake.record` takes: addressed to a party it is an expectation."""
        data = {name: self.cleaned_data[name] for name in ("key", "text", "said_by", "noted_by", "addressed_to")}
        name = self.cleaned_data["addressed_name"]
        is_expected = data["addressed_to"] or name
        return data | {
            "addressed_name": name,
            "kind": Contribution.Kind.EXPECTATION if is_expected else Contribution.Kind.REMARK,
            "source": Contribution.Source.NOTED if self.data.get("noted_by") else Contribution.Source.PHONE,
            "question": self.meeting.question_at(self.cleaned_data["item"]),
        }

    @property
    def asked(self) -> str:
        """The question to which these words are the answer."""
        item = self.cleaned_data.get("item") if self.is_bound and hasattr(self, "cleaned_data") else None
        return self.meeting.question_at(item) or "Wat wilt u zeggen over uw wijk?"

    @property
    def sentences(self) -> list[str]:
        """What is wrong, for a phone that shows it beside the words."""
        return sentences_of(self)

    def renew_key(self) -> None:
        """The next try counts as a new one: the words of this try stay in the form."""
        self.data = {**self.data.dict(), "key": str(uuid.uuid4())}  # type: ignore[attr-defined]


class HideForm(forms.Form):
    """Why an inbreng goes out of sight."""

    OTHER = "anders"
    REASONS = (
        ("naam", "Er staat de naam van iemand in"),
        ("belediging", "Het is een belediging"),
        ("gezondheid", "Het gaat over iemands gezondheid"),
        (OTHER, "Anders, namelijk"),
    )

    reason = forms.ChoiceField(
        label="Waarom verbergt u deze inbreng?",
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Kies waarom u deze inbreng verbergt."},
    )
    other = CleanCharField(label="Welke andere reden?", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reason") == self.OTHER and not data.get("other"):
            self.add_error("other", "Schrijf op waarom u deze inbreng verbergt.")
        return data

    @property
    def in_words(self) -> str:
        """The reason as it is kept."""
        chosen = self.cleaned_data["reason"]
        return str(self.cleaned_data["other"] if chosen == self.OTHER else dict(self.REASONS)[chosen])


class CodeForm(forms.Form):
    """The short code of a meeting, as one reads it from the beamer."""

    code = CleanCharField(label="Code van de bijeenkomst", max_length=12)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].replace(" ", "").upper()
        if not Meeting.objects.filter(code=code).exists():
            raise forms.ValidationError("Deze code kennen wij niet. Kijk nog eens op het scherm in de zaal.")
        return code


class SheetForm(forms.Form):
    """A file with what was written on the flip-overs."""

    file = forms.FileField(label="Bestand", help_text="Excel (.xlsx) of CSV, hoogstens 10 MB.", allow_empty_file=True)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError("Dit bestand is groter dan 10 MB. Splits het in kleinere bestanden.")
        return file


class AppointForm(forms.Form):
    """Somebody who works in the gemeente at own trajectories only, and not in this one yet."""

    membership = forms.ModelChoiceField(Membership.objects.none(), label="Wie", empty_label="Kies een collega")

    def __init__(self, *args: Any, trajectory: Trajectory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limited = Membership.objects.filter(gemeente=trajectory.gemeente_id, is_limited=True)
        field = self.fields["membership"]
        field.queryset = limited.exclude(appointments__trajectory=trajectory)  # type: ignore[attr-defined]
        field.label_from_instance = name_and_role  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """Who leaves, and the colleague who goes on. The key is made with the page: a double click hands over once."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)
    leaving = forms.ModelChoiceField(
        Membership.objects.none(), label="Welke projectleider vertrekt?", empty_label="Kies een projectleider"
    )
    to = forms.ModelChoiceField(
        Membership.objects.none(),
        label="Wie neemt het over?",
        empty_label="Kies een collega",
        help_text="Staat uw collega er niet bij? Nodig die dan eerst uit.",
    )

    def __init__(self, *args: Any, gemeente: Gemeente, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Membership.objects.filter(gemeente=gemeente)
        self.fields["leaving"].queryset = colleagues.filter(role=Membership.Role.LEADER)  # type: ignore[attr-defined]
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]
        for name in ("leaving", "to"):
            self.fields[name].label_from_instance = name_and_role  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("to") and data.get("to") == data.get("leaving"):
            self.add_error("to", "Kies een ander dan wie vertrekt.")
        return data


def name_and_role(membership: Membership) -> str:
    """Somebody in a list to choose from."""
    return f"{membership.name}, {membership.get_role_display()}"
