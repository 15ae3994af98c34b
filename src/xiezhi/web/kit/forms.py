"""How forms look: Bootstrap classes, help and errors tied to their control. `{{ form }}` and `{% field … %}` give the same."""

from __future__ import annotations

from typing import Any

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    SelectMultiple,
    Textarea,
)
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString


class KitRenderer(TemplatesSetting):
    """FORM_RENDERER of the settings. Needs `django.forms` among the installed apps, after ours."""

    form_template_name = "kit/form.html"
    field_template_name = "kit/field_group.html"


def css_of(widget: object) -> str:
    """Bootstrap's class of a control."""
    match widget:
        case CheckboxSelectMultiple() | RadioSelect():
            return ""
        case CheckboxInput():
            return "form-check-input"
        case Select() | SelectMultiple():
            return "form-select"
        case _:
            return "form-control"


def control(bound: BoundField, css: str = "") -> SafeString:
    """The control itself, told which texts describe it and whether it is wrong."""
    widget = bound.field.widget
    described = [*([f"{bound.auto_id}_help"] if bound.help_text else []), *([f"{bound.auto_id}_error"] if bound.errors else [])]
    classes = " ".join(filter(None, [widget.attrs.get("class", ""), css_of(widget), css, "is-invalid" if bound.errors else ""]))
    attrs: dict[str, Any] = {"class": classes} if classes else {}
    if isinstance(widget, Textarea) and str(widget.attrs.get("rows")) == "10":
        attrs["rows"] = 4  # Django's default of ten lines pushes the buttons off the screen
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if bound.field.required and not isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        attrs["aria-required"] = "true"
    return bound.as_widget(attrs=attrs)


def choices(bound: BoundField) -> list[dict[str, Any]]:
    """The buttons of a radio or check list, each in Bootstrap's clothes."""
    shown = []
    for one in bound.subwidgets:
        one.data["attrs"] = {**one.data["attrs"], "class": "form-check-input" + (" is-invalid" if bound.errors else "")}
        shown.append({"tag": one.tag(), "id": one.id_for_label, "label": one.choice_label})
    return shown


def field_context(bound: BoundField, *, css: str = "", show_label: bool = True) -> dict[str, Any]:
    """What `kit/field.html` shows."""
    widget = bound.field.widget
    return {
        "field": bound,
        "control": control(bound, css),
        "choices": choices(bound) if isinstance(widget, CheckboxSelectMultiple | RadioSelect) else [],
        "group": isinstance(widget, CheckboxSelectMultiple | RadioSelect),
        "check": isinstance(widget, CheckboxInput),
        "file": isinstance(widget, FileInput),
        "show_label": show_label,
        "help_id": f"{bound.auto_id}_help",
        "error_id": f"{bound.auto_id}_error",
    }


def errors_of(form: BaseForm) -> list[dict[str, str]]:
    """Every error of a form with the id of the field to mend; those of the whole form come first."""
    found = [{"label": "", "to": "", "text": str(text)} for text in form.non_field_errors()]
    for bound in form:
        found += [
            {"label": str(bound.label), "to": bound.id_for_label or bound.auto_id, "text": str(text)} for text in bound.errors
        ]
    return found
