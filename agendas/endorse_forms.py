from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, Self

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from agendas.countersigning import SAME_ADDRESS, SAME_NAME
from agendas.endorsing import OWN_ADDRESS, Colleague, how_many_are_missing
from agendas.models import AgendaVersion, Commitment, Endorsement
from agendas.recording import AGREED, AGREED_REGISTERED, AGREED_SECOND
from thuiswijk.lib import scans
from thuiswijk.lib.forms import DateInput, check_near, check_past
from thuiswijk.lib.text import CleanCharField


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


class WithdrawForm(forms.Form):
    """Taking a version back that lies with the parties."""

    reason = CleanCharField(
        label="Waarom trekt u deze versie in?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="De partijen krijgen deze uitleg in een e-mail.",
        error_messages={"required": "Schrijf op waarom u deze versie intrekt. De partijen krijgen die uitleg."},
    )


class ColleagueForm(forms.Form):
    """Who answers for the party in the place of who was asked; `own` are the addresses of who hands over."""

    name = CleanCharField(label="Naam van uw collega", max_length=100)
    function = CleanCharField(label="Functie", max_length=100)
    email = forms.EmailField(
        label="E-mailadres",
        max_length=254,
        help_text="Op dit adres krijgt uw collega een eigen link.",
    )

    def __init__(self, *args: Any, own: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        if address.lower() in self.own:
            raise forms.ValidationError(OWN_ADDRESS)
        return address

    @property
    def colleague(self) -> Colleague:
        data = self.cleaned_data
        return Colleague(data["email"], data["name"], data["function"])


def _by_promise(points: list[dict[str, Any]], party: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The points in which this party promises something, and the others."""
    own: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for point in points:
        made = (one for one in point["commitments"] if one["role"] != Commitment.Role.UNABLE)
        (own if any(one["party"] == party for one in made) else others).append(point)
    return own, others


RESERVATION = "voorbehoud-"  # before the number of a point: the field for the reservation on it
RESERVATION_LEFT = "Bij een punt staat een voorbehoud. Kies het antwoord met een voorbehoud, of haal die tekst weg."
NO_RESERVATION = "Schrijf hieronder bij minstens één punt wat het voorbehoud is."
REASON_LEFT = "Dit vak is voor een nee. Zet een voorbehoud bij het punt zelf, of haal deze tekst weg."


class EndorseForm(forms.Form):
    """One party's answer. The digest is of the version that stands on the page; it goes along with the answer.

    Under every point a party may write a reservation: what is written there is one, so that nothing needs to be ticked. The points
    in which `party` (its id) promises something come first.
    Where two people sign for the party, it asks who the second one is; `own` are the addresses of who answers.
    """

    template_name = "agendas/answer_form.html"
    reserve = "Bij welke punten hebt u een voorbehoud?"
    own_points = "Punten waarin u iets belooft"

    OF_THE_SECOND = ("second_name", "second_function", "second_email")

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
    text = CleanCharField(
        label="Waarom onderschrijft uw partij niet?",
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
    mandate = forms.ChoiceField(
        label="Op grond waarvan mag u dit antwoord geven?",
        choices=[
            ("besluit", "Er is een besluit genomen, door het bestuur of de directie"),
            ("functie", "Mijn functie geeft mij die bevoegdheid"),
            ("volmacht", "Ik heb een volmacht"),
            ("groep", "Ik spreek namens de groep, zonder rechtspersoon"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies op grond waarvan u dit antwoord mag geven."},
    )
    decided_on = forms.DateField(
        label="Datum van het besluit", required=False, widget=DateInput, validators=[check_near]
    )
    second_name = CleanCharField(
        label="Naam van wie meetekent",
        max_length=100,
        help_text="Voor uw partij tekenen twee mensen. Uw antwoord telt pas als de tweede meetekent. "
        "Deze persoon krijgt uw antwoord te zien, met een eigen link.",
        error_messages={"required": "Vul in wie er meetekent. Zonder tweede persoon telt uw antwoord niet."},
    )
    second_function = CleanCharField(label="Functie van wie meetekent", max_length=100)
    second_email = forms.EmailField(label="E-mailadres van wie meetekent", max_length=254)
    agreed = forms.BooleanField(
        label=AGREED,
        error_messages={"required": "Kruis dit aan als het klopt. Anders kunnen wij uw antwoord niet opslaan."},
    )

    def __init__(
        self,
        *args: Any,
        version: AgendaVersion,
        party: int,
        needs_two: bool = False,
        own: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.own, self.frozen_at = {address.lower() for address in own}, version.frozen_at
        if not needs_two:
            for name in self.OF_THE_SECOND:
                del self.fields[name]
        self.content = version.data
        self.promised, self.others = _by_promise(self.content["points"], party)
        for point in self.promised + self.others:
            field = self.fields[RESERVATION + point["number"]] = CleanCharField(
                label=f"{point['number']} {point['title']}",
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            field.needed_when = ""  # type: ignore[attr-defined]
        said = self.initial.get("reservations", [])
        self.initial.update({RESERVATION + one["point"]: one["text"] for one in said})
        self.fields["text"].needed_when = "verplicht bij een nee"  # type: ignore[attr-defined]
        self.fields["decided_on"].needed_when = "verplicht bij een besluit"  # type: ignore[attr-defined]
        self.initial.setdefault("digest", version.digest)

    def get_context(self) -> dict[str, Any]:
        """As of any form, with the fields for reservations apart: `groups`, each with a title and its themes; open are those of the
        party's own points, and where something stands."""
        context = super().get_context()
        context["fields"] = [row for row in context["fields"] if not row[0].name.startswith(RESERVATION)]
        own, others = self._themes(self.promised, is_open=True), self._themes(self.others)
        if not own:
            context["groups"] = [{"title": "", "themes": others}] if others else []
        else:
            context["groups"] = [{"title": self.own_points, "themes": own}]
            context["groups"] += [{"title": "Andere punten", "themes": others}] if others else []
        return context

    def _themes(self, points: list[dict[str, Any]], *, is_open: bool = False) -> list[dict[str, Any]]:
        names = {theme["number"]: f"{theme['number']}. {theme['name']}" for theme in self.content["themes"]}
        of_theme: dict[str, list[forms.BoundField]] = {}
        for point in points:
            name = names.get(point["theme"], "Zonder thema")
            of_theme.setdefault(name, []).append(self[RESERVATION + point["number"]])
        is_open = is_open or (len(of_theme) == 1 and not self.promised)
        return [
            {"name": name, "fields": fields, "is_open": is_open or any(f.value() or f.errors for f in fields)}
            for name, fields in of_theme.items()
        ]

    def clean_decided_on(self) -> Any:
        return check_past(self.cleaned_data["decided_on"], "waarop het besluit is genomen")

    def clean_second_email(self) -> str:
        address: str = self.cleaned_data["second_email"]
        if address.lower() in self.own:
            raise forms.ValidationError(SAME_ADDRESS)
        return address

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["reservations"] = self._reservations(data)
        answer, has_reservation = data.get("answer"), any(name.startswith(RESERVATION) for name in self.errors)
        if answer == Endorsement.Answer.RESERVED:
            if not data["reservations"] and not has_reservation:
                self.add_error("answer", NO_RESERVATION)
        elif answer and data["reservations"]:
            self.add_error("answer", RESERVATION_LEFT)
        if answer == Endorsement.Answer.REFUSED:
            if not data.get("text") and "text" not in self.errors:
                self.add_error("text", "Schrijf op waarom de partij niet onderschrijft.")
        elif answer and data.get("text"):
            self.add_error("text", REASON_LEFT)
        is_undated = not data.get("decided_on") and "decided_on" not in self.errors
        if data.get("mandate") == Endorsement.Mandate.DECISION and is_undated:
            self.add_error("decided_on", "Vul de dag in waarop het besluit is genomen.")
        if data.get("second_name") and data["second_name"].casefold() == data.get("name", "").casefold():
            self.add_error("second_name", "Dit is dezelfde naam als hierboven. Voor deze partij tekenen twee mensen.")
        return data

    def _reservations(self, data: dict[str, Any]) -> list[dict[str, str]]:
        """What is written under the points, in their order."""
        points = [point["number"] for point in self.content["points"]]
        said = {number: data.get(RESERVATION + number) for number in points}
        return [{"point": number, "text": text} for number, text in said.items() if text]

    @property
    def given(self) -> dict[str, Any]:
        """What `endorsing.endorse` takes."""
        apart = ("agreed", *self.OF_THE_SECOND)
        return {n: v for n, v in self.cleaned_data.items() if n not in apart and not n.startswith(RESERVATION)}

    @property
    def typed(self) -> dict[str, str]:
        """What was filled in, to fill it in again; but for that one agrees, which is said of what one then sees."""
        return {name: self.data.get(name, "") for name in self.fields if name not in ("agreed", "digest")}

    @property
    def second(self) -> Colleague | None:
        """Who signs beside who answers; None where one person signs for the party."""
        name, function, email = (self.cleaned_data.get(one, "") for one in self.OF_THE_SECOND)
        return Colleague(email, name, function) if email else None


class RegisterForm(EndorseForm):
    """The answer of a party that gave it on paper or aloud, as who leads the trajectory writes it down.

    A scan or a note shows it. Where two people sign for the party, both are named.
    """

    method = forms.ChoiceField(
        label="Hoe gaf de partij dit antwoord?",
        choices=[(one.value, one.label.capitalize()) for one in (Endorsement.Method.PAPER, Endorsement.Method.SPOKEN)],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies hoe de partij dit antwoord gaf."},
    )
    given_on = forms.DateField(
        label="Op welke dag gaf de partij dit antwoord?",
        widget=DateInput,
        validators=[check_near],
        help_text="De datum van de brief of van het gesprek. Dit staat in het document.",
        error_messages={"required": "Vul de dag van de brief of het gesprek in."},
    )
    scan = forms.FileField(
        label="Scan of foto van de brief",
        required=False,
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ",".join(scans.KINDS)}),
        help_text="PDF, JPEG of PNG, hoogstens 10 MB. Alleen een projectleider van dit traject kan de scan zien. "
        "In het document staat alleen dat er een scan is.",
    )
    proof = CleanCharField(
        label="Waaruit blijkt dit antwoord?",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Bijvoorbeeld: brief van 3 november in het zaaksysteem, of gesprek op 3 november met de voorzitter. "
        "Dit staat in het document.",
    )
    reserve = "Bij welke punten heeft de partij een voorbehoud?"
    own_points = "Punten waarin de partij iets belooft"
    field_order = (
        "digest",
        "method",
        "given_on",
        "scan",
        "proof",
        "answer",
        "text",
        "name",
        "function",
        "second_name",
        "second_function",
        "on_behalf_of",
        "mandate",
        "decided_on",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proof"].needed_when = "verplicht zonder scan"  # type: ignore[attr-defined]
        self.fields.pop("second_email", None)
        second = self.fields.get("second_name")
        if second is not None:
            second.label = "Wie tekende of sprak als tweede?"
            second.help_text = "Voor deze partij tekenen twee mensen. Zonder de tweede is het geen antwoord."
            second.error_messages["required"] = "Vul in wie de tweede was. Zonder de tweede is het geen antwoord."
            self.fields["second_function"].label = "Welke functie heeft de tweede?"
        words = {
            "answer": "Wat antwoordde de partij?", "text": "Waarom onderschrijft de partij niet?",
            "name": "Wie gaf het antwoord?", "function": "In welke functie?", "on_behalf_of": "Namens wie?",
            "mandate": "Op grond waarvan mocht die persoon dit antwoord geven?",
            "agreed": AGREED_REGISTERED,
        }  # fmt: skip
        for name, label in words.items():
            self.fields[name].label = label
        self.fields["answer"].choices = [  # type: ignore[attr-defined]
            ("volledig", "De partij onderschrijft de hele agenda"),
            ("voorbehoud", "De partij onderschrijft met een voorbehoud"),
            ("niet", "De partij onderschrijft de agenda niet"),
        ]
        self.fields["mandate"].choices = [  # type: ignore[attr-defined]
            ("besluit", "Er is een besluit genomen, door het bestuur of de directie"),
            ("functie", "De functie geeft die bevoegdheid"),
            ("volmacht", "Die persoon heeft een volmacht"),
            ("groep", "Die persoon sprak namens de groep, zonder rechtspersoon"),
        ]
        self.fields["mandate"].error_messages["required"] = (
            "Kies op grond waarvan die persoon dit antwoord mocht geven."
        )
        self.fields["agreed"].error_messages["required"] = (
            "Kruis dit aan als het klopt. Anders wordt er niets genoteerd."
        )

    def clean_scan(self) -> scans.Scanned | None:
        file = self.cleaned_data["scan"]
        if not file:
            return None
        if file.size > scans.MAX_BYTES:  # before it is read
            raise forms.ValidationError(scans.TOO_LARGE)
        try:
            return scans.read(file.name, file.read())
        except scans.ScanError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("scan") and not data.get("proof") and not {"scan", "proof"} & set(self.errors):
            self.add_error(
                "proof", "Kies een scan, of schrijf op waaruit dit antwoord blijkt. Anders kan niemand het nagaan."
            )
        if data.get("scan") and self.errors:
            self.add_error("scan", "Kies de scan opnieuw. Een bestand blijft niet staan als er nog iets anders moet.")
        return data

    @property
    def given(self) -> dict[str, Any]:
        """What `endorsing.endorse` takes: as of another answer, with who was the second."""
        second = {name: self.cleaned_data[name] for name in self.OF_THE_SECOND if name in self.cleaned_data}
        return super().given | second

    def clean_given_on(self) -> Any:
        day = check_past(self.cleaned_data["given_on"], "waarop de partij dit antwoord gaf")
        if day and day < timezone.localdate(self.frozen_at):
            frozen = date_format(timezone.localdate(self.frozen_at), "j F Y")
            raise forms.ValidationError(
                f"Deze versie is van {frozen}. Een antwoord van daarvoor gaat over een andere tekst."
            )
        return day


class CountersignForm(forms.Form):
    """The second person signs what the first one answered, or says why not; `first` is the name of that one."""

    digest = forms.CharField(widget=forms.HiddenInput)
    signs = forms.ChoiceField(
        label="Tekent u mee?",
        choices=[("ja", "Ja, ik teken mee met dit antwoord"), ("nee", "Nee, ik teken niet mee")],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies of u meetekent."},
    )
    reason = CleanCharField(
        label="Waarom tekent u niet mee?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Uw collega en de projectleider lezen dit. Het komt niet in het document, "
        "wel in het bewijsdossier van de gemeente.",
    )
    name = CleanCharField(label="Uw naam", max_length=100)
    function = CleanCharField(label="Uw functie", max_length=100)
    agreed = forms.BooleanField(
        label=AGREED_SECOND,
        error_messages={"required": "Kruis dit aan als het klopt. Anders kunnen wij dit niet opslaan."},
    )

    def __init__(self, *args: Any, version: AgendaVersion, first: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = first
        self.fields["reason"].needed_when = "verplicht als u niet meetekent"  # type: ignore[attr-defined]
        self.initial.setdefault("digest", version.digest)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name.casefold() == self.first.casefold():
            raise forms.ValidationError(SAME_NAME)
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("signs") == "nee" and not data.get("reason"):
            self.add_error("reason", "Schrijf op waarom u niet meetekent. Uw collega kan dan iets veranderen.")
        if data.get("signs") == "ja" and data.get("reason"):
            self.add_error("signs", "U schrijft waarom u niet meetekent. Kies dan nee, of maak dat veld leeg.")
        return data


class ProofForm(forms.Form):
    """The code that was mailed to who answers."""

    code = CleanCharField(
        label="Code uit de e-mail",
        max_length=20,
        help_text="Acht cijfers. Een spatie ertussen mag.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "Vul de acht cijfers in die in de e-mail staan."},
    )

    @classmethod
    def refused(cls, sentence: str) -> Self:
        """The form again, empty, with what is wrong."""
        form = cls({})
        form.full_clean()
        form.errors.clear()
        form.add_error("code", sentence)
        return form
