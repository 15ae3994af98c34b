"""The filter bar above a list: its form, which fields stand in the first line, and how many of the others are in use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.forms import BaseForm, BoundField, CheckboxSelectMultiple, ChoiceField, Form, RadioSelect
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from xiezhi.web.kit.forms import choices, control

ALL: tuple[str, Any] = ("", _("全部"))
"""The choice that filters nothing."""


class FilterForm(Form):
    """A filter never fails: a value that is not offered is no filter at all. What depends on the reader, `offer` first."""

    def chosen(self, name: str) -> str:
        """The value of a field; empty where nothing was chosen, or nothing that is offered."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    def all_chosen(self) -> dict[str, str]:
        return {name: self.chosen(name) for name in self.fields}

    def offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """What a ChoiceField lets choose, beside everything."""
        field = self.fields[name]
        assert isinstance(field, ChoiceField)
        field.choices = [ALL, *choices]


def bar(form: BaseForm, query: QueryDict, *, first: int, keep: Sequence[str]) -> dict[str, Any]:
    """What `kit/filter_bar.html` shows. `keep`: query parameters that searching again does not lose."""
    fields = form.visible_fields()
    rest = fields[first:]
    return {
        "first": [_item(field) for field in fields[:first]],
        "rest": [_item(field) for field in rest],
        "rest_used": sum(1 for field in rest if any(value for value in query.getlist(field.html_name))),
        "kept": [(key, value) for key in keep for value in query.getlist(key)],
    }


def _item(bound: BoundField) -> dict[str, Any]:
    group = isinstance(bound.field.widget, CheckboxSelectMultiple | RadioSelect)
    return {
        "field": bound,
        "group": group,
        "choices": choices(bound) if group else [],
        "control": "" if group else control(bound),
    }
