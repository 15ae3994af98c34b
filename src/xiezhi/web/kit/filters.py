"""The filter bar above a list: which fields stand in the first line, and how many of the others are in use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.forms import BaseForm, BoundField, CheckboxSelectMultiple, RadioSelect
from django.http import QueryDict

from xiezhi.web.kit.forms import choices, control


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
