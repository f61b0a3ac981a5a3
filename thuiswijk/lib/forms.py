"""How every form of the product is drawn: Django's own form rendering, with the class names of the NL Design System.

`FORM_RENDERER` in settings points at Renderer. A page then writes `{{ form }}`, or per field
`{{ form.title.as_field_group }}`, and gets the label, the help, the error and the input in the right nesting (see
templates/django/forms/). Django itself adds `aria-invalid` and `aria-describedby`.

`speak_dutch` gives every field sentences that say what to do, in place of Django's own "Dit veld is verplicht."

`RowForm` is the form of a row that several people may have open at once.
"""

import uuid
from datetime import date, datetime
from typing import Any

from django import forms
from django.db import models
from django.forms.renderers import TemplatesSetting
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property

from thuiswijk.lib.canonical import canonical, digest
from thuiswijk.lib.text import CleanCharField

# The CSS wants checkboxes and radios as a direct child of their field, with the class that names their place in it.
CLASSES = {
    "checkbox": "utrecht-checkbox utrecht-checkbox--custom utrecht-checkbox--html-input utrecht-form-field__input",
    "radio": "utrecht-radio-button utrecht-radio-button--html-input utrecht-form-field__input",
    "select": "utrecht-select utrecht-select--html-select",
    "textarea": "utrecht-textarea utrecht-textarea--html-textarea",
    "file": "file-input",
    "hidden": "",
}
TEXTBOX = "utrecht-textbox utrecht-textbox--html-input"

# What each kind of field says when it is not right. A field falls back on what stands here for its parents.
_PICK_ONE = {
    "required": "Kies een van de mogelijkheden.",
    "invalid_choice": "Dit staat niet in de lijst. Kies een van de mogelijkheden.",
}
_PICK_SOME = {
    "required": "Kies ten minste één mogelijkheid.",
    "invalid_choice": "Eén van de keuzes staat niet (meer) in de lijst. Kies opnieuw.",
    "invalid_list": "Kies een of meer van de mogelijkheden.",
}
_PAGE_BROKEN = "Er ging iets mis met deze pagina. Ververs de pagina en probeer het opnieuw."
SENTENCES: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "Vul dit in."},
    forms.CharField: {
        "max_length": "Deze tekst is te lang: %(show_value)d tekens. Er passen %(limit_value)d tekens. Maak hem korter.",
        "min_length": "Deze tekst is te kort: %(show_value)d tekens. Schrijf er ten minste %(limit_value)d.",
    },
    forms.IntegerField: {
        "required": "Vul een getal in.",
        "invalid": "Vul een heel getal in, bijvoorbeeld 12.",
        "min_value": "Vul %(limit_value)s of een hoger getal in.",
        "max_value": "Vul %(limit_value)s of een lager getal in.",
    },
    forms.DateField: {
        "required": "Vul een datum in, bijvoorbeeld 31-12-2026.",
        "invalid": "Deze datum bestaat niet, of wij begrijpen hem niet. Vul een datum in, bijvoorbeeld 31-12-2026.",
    },
    forms.DateTimeField: {
        "required": "Vul een datum en een tijd in, bijvoorbeeld 31-12-2026 19:30.",
        "invalid": "Wij begrijpen deze datum en tijd niet. Vul ze allebei in, bijvoorbeeld 31-12-2026 19:30.",
    },
    forms.EmailField: {
        "required": "Vul een e-mailadres in.",
        "invalid": "Dit is geen compleet e-mailadres. Vul het zo in: naam@voorbeeld.nl.",
    },
    forms.UUIDField: {"required": _PAGE_BROKEN, "invalid": _PAGE_BROKEN},
    forms.BooleanField: {"required": "Kruis dit aan als het klopt."},
    forms.ChoiceField: _PICK_ONE,
    forms.ModelChoiceField: _PICK_ONE,
    forms.MultipleChoiceField: _PICK_SOME,
    forms.ModelMultipleChoiceField: {**_PICK_SOME, "invalid_pk_value": _PICK_SOME["invalid_choice"]},
    forms.FileField: {
        "required": "Kies een bestand.",
        "missing": "Kies een bestand.",
        "invalid": "Het bestand is niet goed aangekomen. Kies het opnieuw.",
        "empty": "Dit bestand is leeg. Kies een ander bestand.",
        "max_length": "De naam van dit bestand is te lang: %(length)d tekens. Geef het een kortere naam, "
        "van hoogstens %(max)d tekens.",
    },
}


def speak_dutch() -> None:
    """Gives every kind of form field its SENTENCES. Called once, when the project starts (AppConfig.ready).

    A field that a form makes later takes them over; `error_messages` on that field itself still goes first.
    """
    for field, sentences in SENTENCES.items():
        # A class without sentences of its own shares the dictionary of its parent, and that one must stay as it is.
        own = field.__dict__.get("default_error_messages", {})
        field.default_error_messages = {**own, **sentences}


def kind_of(widget: forms.Widget) -> str:
    """Says which kind of input a widget makes: "text", "checkbox", "radio", "select", "textarea", "file", "hidden"…"""
    return "textarea" if isinstance(widget, forms.Textarea) else getattr(widget, "input_type", "text")


def first_problem(form: forms.BaseForm) -> str:
    """The first thing that is wrong with a form, for a page that tells it in a message."""
    return next((str(error) for errors in form.errors.values() for error in errors), "")


class BoundField(forms.BoundField):
    """A field with its data that also knows how it looks."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Django's own attributes, with the class names of the kind of input before those of the widget."""
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        classes = f"{CLASSES.get(kind_of(widget), TEXTBOX)} {widget.attrs.get('class', '')}".strip()
        return {**built, "class": classes} if classes else built

    @property
    def kind(self) -> str:
        """The kind of input, which decides the nesting in django/forms/field.html."""
        return kind_of(self.field.widget)

    @property
    def optional(self) -> str:
        """Words beside the label of a field that may stay empty; a form that sometimes needs it sets `needed_when`."""
        return "" if self.field.required else getattr(self.field, "needed_when", "niet verplicht")

    @property
    def first_input_id(self) -> str:
        """The id that the error summary links to: the input, or the first one of a group of radios or checkboxes."""
        return self.id_for_label or f"{self.auto_id}_0"

    @property
    def stands_now(self) -> str:
        """A sentence with what the row holds now, where the form is stale and somebody else changed what stands here."""
        is_stale = getattr(self.form, "is_stale", False) and self.name not in getattr(self.form, "still_as_seen", ())
        if is_stale and self.name in getattr(self.form, "taken_over", ()):
            return "Dit veranderde iemand anders. Zo staat het er nu."
        if not is_stale or self.is_hidden or self.kind == "checkbox" or not self._has_changed():  # type: ignore[attr-defined]
            return ""
        value = self.field.prepare_value(self.initial)
        if isinstance(value, datetime):
            value = date_format(value, "j F Y, H:i")
        elif isinstance(self.field, forms.DateField) and value:
            value = date_format(value, "j F Y")
        labels = {str(choice): label for choice, label in getattr(self.field.widget, "choices", ())}
        words = labels.get(str(value), value)
        return "Nu staat hier niets." if value in (None, "") else f"Nu staat er: {words}"

    def as_sent(self, value: Any) -> list[str]:
        """What a browser sends where the field shows this value: no text, one, or more where more can be chosen."""
        if isinstance(self.field.widget, forms.CheckboxInput):
            return ["on"] if value else []
        shown = self.field.widget.format_value(self.field.prepare_value(value))
        texts = shown if isinstance(shown, list) else [shown]
        return [str(text).replace("\r\n", "\n") for text in texts if text not in (None, "")]

    @property
    def aria_describedby(self) -> str | None:
        """Django's own ids, and that of what stands there now."""
        now = f"{self.auto_id}_now" if self.stands_now else ""
        return " ".join(filter(None, [super().aria_describedby, now])) or None


class Renderer(TemplatesSetting):
    """Draws forms from templates/django/forms/, with the fields above."""

    bound_field_class = BoundField


class DateInput(forms.DateInput):
    """The browser's own date picker. It only understands 2026-12-31, whatever the language of the page."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker of a date and a time, in whole minutes."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def check_near(day: date) -> None:
    """Refuses a day that nobody can mean: a slip of the finger in the year."""
    today = timezone.localdate()
    if not (2000, 1, 1) <= (day.year, day.month, day.day) <= (today.year + 10, today.month, today.day):
        raise forms.ValidationError("Deze datum ligt te ver weg. Kies een dag vanaf 2000 en hoogstens 10 jaar vooruit.")


def check_past(day: date | None, what: str) -> date | None:
    """Refuses a day that is still to come; `what` says which day is asked, as "waarop het besluit is genomen"."""
    if day and day > timezone.localdate():
        raise forms.ValidationError(f"Deze datum ligt in de toekomst. Vul de dag in {what}.")
    return day


def clean_field(db_field: models.Field, **options: Any) -> forms.Field | None:
    """For `Meta.formfield_callback` of a ModelForm: text comes in cleaned, days and times near and by the browser's picker."""
    if isinstance(db_field, models.DateTimeField):
        options |= {"widget": DateTimeInput, "validators": [check_near]}
    elif isinstance(db_field, models.DateField):
        options |= {"widget": DateInput, "validators": [check_near]}
    elif isinstance(db_field, models.CharField | models.TextField) and not isinstance(db_field, models.EmailField):
        options["form_class"] = CleanCharField
    return db_field.formfield(**options)


class RowForm(forms.ModelForm):
    """The form of one row. Two people who have it open at once lose no text, and sent twice it makes one row.

    Of a row that stands it carries `seen`, the digest of what the page showed. The view fetches the row under a lock when
    it is posted to; where the row is not as it was seen, and not as it was typed either, the form comes back as it was
    typed, with what stands there now beside it. Saving again then saves: that was seen too. What came back as it was seen
    was not typed: there the form holds what stands now.

    Of a new row it carries `key`, made with the page, by which one form sent twice is recognised.
    """

    CHANGED = (
        "Iemand anders heeft dit intussen veranderd. Uw tekst staat er nog. Kijk wat er nu staat, en bewaar opnieuw als "
        "uw tekst moet blijven."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=self.digest_now)
        else:
            self.fields["key"] = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    def standing(self) -> dict[str, Any]:
        """What the row holds now, as far as this form can change it: {part of the form: value}."""
        return {field.name: field.as_sent(field.initial) for field in self._fields_to_type()}

    def digest_now(self) -> str:
        """What `seen` is when the page shows the row as it stands now: the digest of each part."""
        return " ".join(f"{name}:{_short(value)}" for name, value in self.standing().items())

    def came_back_as_seen(self, name: str, value: Any) -> bool:
        """Whether this part was sent with the very value that the page had shown."""
        return f"{name}:{_short(value)}" in self.data.get(self.add_prefix("seen"), "").split()

    def full_clean(self) -> None:
        """Django's own, of what was typed, and beside it of what stands now."""
        self.taken_over: list[str] = []
        self.still_as_seen: list[str] = []
        if self.is_bound and "seen" in self.fields and not self.was_just_seen:
            self._take_over()
        super().full_clean()

    def _fields_to_type(self) -> list[BoundField]:
        return self.visible_fields()  # type: ignore[return-value]  # those of Renderer

    def _take_over(self) -> None:
        data = self.data.copy()  # type: ignore[attr-defined]
        for field in self._fields_to_type():
            now = field.as_sent(field.initial)
            typed = field.as_sent(field.field.widget.value_from_datadict(data, self.files, field.html_name))
            if self.came_back_as_seen(field.name, now):
                self.still_as_seen.append(field.name)
            elif self.came_back_as_seen(field.name, typed):
                self.taken_over.append(field.name)
                data.setlist(field.html_name, now)
        self.data = data

    @property
    def is_typed_over(self) -> bool:
        """Whether what was typed is anything else than what stands."""
        return any(name not in ("seen", "key") for name in self.changed_data)

    @cached_property
    def is_stale(self) -> bool:
        """Whether somebody else changed the row after this form was shown. Their change being ours as well is none."""
        return "seen" in self.fields and self.is_bound and not self.was_just_seen and self.is_typed_over

    @cached_property
    def was_just_seen(self) -> bool:
        """Whether the row still stands as the page showed it."""
        return bool(self.data.get(self.add_prefix("seen")) == self.digest_now())

    def clean(self) -> dict[str, Any]:
        """Django's own, and a sentence where the form is stale; from then on the row counts as seen."""
        data = super().clean() or {}
        if self.is_stale:
            self.add_error(None, self.CHANGED)
            typed = self.data.copy()  # type: ignore[attr-defined]  # with all that was ticked
            typed[self.add_prefix("seen")] = self.digest_now()
            self.data = typed
        return data


def _short(value: Any) -> str:
    return digest(canonical({"value": str(value)}))[:16]
