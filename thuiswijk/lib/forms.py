"""How every form of the product is drawn: Django's own form rendering, with the class names of the NL Design System.

`FORM_RENDERER` in settings points at Renderer. A page then writes `{{ form }}`, or per field
`{{ form.title.as_field_group }}`, and gets the label, the help, the error and the input in the right nesting (see
templates/django/forms/). Django itself adds `aria-invalid` and `aria-describedby`.

`speak_dutch` gives every field sentences that say what to do, in place of Django's own "Dit veld is verplicht."
"""

from typing import Any

from django import forms
from django.db import models
from django.forms.renderers import TemplatesSetting

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
    def first_input_id(self) -> str:
        """The id that the error summary links to: the input, or the first one of a group of radios or checkboxes."""
        return self.id_for_label or f"{self.auto_id}_0"


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


def clean_field(db_field: models.Field, **options: Any) -> forms.Field | None:
    """For `Meta.formfield_callback` of a ModelForm: text comes in cleaned, days and times by the browser's picker."""
    if isinstance(db_field, models.DateTimeField):
        options["widget"] = DateTimeInput
    elif isinstance(db_field, models.DateField):
        options["widget"] = DateInput
    elif isinstance(db_field, models.CharField | models.TextField) and not isinstance(db_field, models.EmailField):
        options["form_class"] = CleanCharField
    return db_field.formfield(**options)
