"""The form of a move, made of what its process asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.models import Unit
from xiezhi.web.kit.reasons import ReasonField
from xiezhi.web.language import localise
from xiezhi.web.matters.gateway import FieldKind, FormField, Move
from xiezhi.web.matters.policies.answers import LONG, SHORT


class MoveForm(forms.Form):
    """One field for each thing that is asked for. `units`: those that may be chosen, where a unit is."""

    def __init__(self, data: Any, move: Move, *, units: Sequence[Unit] = ()) -> None:
        super().__init__(data)
        self._move = move
        for name, field in move.form.items():
            self.fields[name] = _field(field, units)

    def answers(self) -> dict[str, Any]:
        """What was said, as the one verb takes it."""
        return {name: _plain(value) for name, value in self.cleaned_data.items() if value not in (None, "")}


class OpinionForm(forms.Form):
    """An opinion with a signature: may be left out where one agrees."""

    why = forms.CharField(label=_("意见"), required=False, max_length=SHORT, widget=forms.Textarea({"rows": 3}))


def _field(field: FormField, units: Sequence[Unit]) -> forms.Field:
    said: dict[str, Any] = {
        "label": localise(field.title),
        "required": field.required,
        "help_text": localise(field.hint) if field.hint else "",
    }
    match field.kind:
        case FieldKind.TEXT:
            return ReasonField(max_length=SHORT, widget=forms.Textarea({"rows": 3}), **said)
        case FieldKind.LONG_TEXT:
            return ReasonField(max_length=LONG, widget=forms.Textarea({"rows": 6}), **said)
        case FieldKind.CHOICE:
            choices = [("", _("请选择")), *((code, localise(words)) for code, words in field.choices.items())]
            return forms.ChoiceField(choices=choices, **said)
        case FieldKind.DATE:
            return forms.DateField(widget=forms.DateInput({"type": "date"}), **said)
        case FieldKind.MONEY:
            return forms.DecimalField(min_value=0, max_digits=15, decimal_places=2, **(said | {"help_text": _("单位：元")}))
        case FieldKind.YES_NO:
            return forms.BooleanField(**(said | {"required": False}))
        case FieldKind.UNIT:
            offered = [("", _("请选择")), *((str(unit.pk), localise(unit.full_title)) for unit in units)]
            return forms.TypedChoiceField(choices=offered, coerce=int, empty_value=None, **said)
        case FieldKind.MATTER:
            return forms.CharField(max_length=32, **said)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value * 100)
    return value.isoformat() if isinstance(value, date) else value
