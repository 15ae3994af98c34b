"""A unit, chosen by writing its name: a city has thousands, and a list of them all is no choice."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xiezhi.web.accounts import queries
from xiezhi.web.accounts.models import Unit
from xiezhi.web.language import localise

PATH = re.compile(r"(\d{4}\.)+")
LONGEST = 700
"""Characters of a text that is looked for: a full title names three units, of 200 characters each."""

MOST_NAMED = 5
"""Units that a refusal names where a name fits several."""


class UnitInput(forms.TextInput):
    """A line to write in, with suggestions by `accounts:find_units`, which knows who asks and what they may see."""

    def __init__(self) -> None:
        super().__init__(
            {
                "autocomplete": "off",
                "hx-get": reverse_lazy("accounts:find_units"),
                "hx-trigger": "input changed delay:250ms, focus once",
                "hx-target": "next datalist",
                "hx-swap": "innerHTML",
                "hx-push-url": "false",
            }
        )

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        asks = {"list": f"{name}-units", "hx-vals": f'{{"field": "{name}"}}'}
        line = super().render(name, value, {**(attrs or {}), **asks}, renderer)
        return format_html('{}<datalist id="{}-units"></datalist>', line, name)


class UnitField(forms.Field):
    """Cleans to a unit of `offered`, named in full, by a name that no other of them has, or by its code; None where empty.

    `offered` is set by the form that has the field. A path is understood as well: links and kept filters hold one.
    """

    widget = UnitInput
    offered: QuerySet[Unit] = Unit.objects.none()

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) and PATH.fullmatch(value):
            value = self.offered.filter(path=value).first() or value
        return localise(value.full_title) if isinstance(value, Unit) else value

    def to_python(self, value: Any) -> Unit | None:
        text = str(value or "").strip()
        if not text:
            return None
        if "\0" in text or len(text) > LONGEST:
            found: list[Unit] = []  # PostgreSQL refuses the one itself; the other would be asked once for each of its endings
        elif PATH.fullmatch(text):
            found = list(self.offered.filter(path=text))
        else:
            found = queries.units_called(text, self.offered)
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(_("没有叫“%(text)s”的单位，请从提示中选一个。") % {"text": text[:LONGEST]})
        named = {
            "count": len(found),
            "text": text,
            "names": _("、").join(localise(unit.full_title) for unit in found[:MOST_NAMED]),
        }
        raise ValidationError(_("有 %(count)s 个单位叫“%(text)s”，请写全称，例如：%(names)s。") % named)
