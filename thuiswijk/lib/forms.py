"""How every form of the product is drawn: Django's own form rendering, with the class names of the NL Design System.

`FORM_RENDERER` in settings points at Renderer. A page then writes `{{ form }}`, or per field
`{{ form.title.as_field_group }}`, and gets the label, the help, the error and the input in the right nesting (see
templates/django/forms/). Django itself adds `aria-invalid` and `aria-describedby`.
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
