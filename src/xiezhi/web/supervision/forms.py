"""Other parameters to try, and the reasons people give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from xiezhi.web.kit.reasons import ReasonForm
from xiezhi.web.language import localise
from xiezhi.web.supervision.gateway import ParameterDescription
from xiezhi.web.supervision.states import RuleStatus

FEN = Decimal(100)


class OptionalReasonForm(forms.Form):
    why = forms.CharField(label=_("意见（可不填）"), required=False, max_length=500, widget=forms.Textarea({"rows": 3}))


class StatusForm(ReasonForm):
    status = forms.ChoiceField(label=_("改为"), widget=forms.RadioSelect)
    field_order = ("status", "why")

    def __init__(self, data: Any, following: tuple[RuleStatus, ...]) -> None:
        super().__init__(data)
        self.fields["status"].choices = [(one.value, one.label) for one in following]  # type: ignore[attr-defined]


class TryForm(forms.Form):
    """A field for each parameter of a rule, filled with what is in force. `bounds` says between what its value must lie."""

    def __init__(
        self,
        data: Any,
        parameters: tuple[ParameterDescription, ...],
        in_force: Mapping[str, Any],
        bounds: Callable[[ParameterDescription], str],
    ) -> None:
        super().__init__(data, initial={one.name: as_typed(one, in_force[one.name]) for one in parameters})
        self._parameters = parameters
        for one in parameters:
            self.fields[one.name] = _field(one, bounds(one))

    def values(self) -> dict[str, Any]:
        """Parameter → value as the core takes it: money in fen, decimals and days as text."""
        return {one.name: as_told(one, self.cleaned_data[one.name]) for one in self._parameters}


def as_typed(one: ParameterDescription, value: Any) -> Any:
    """A stored value as a person types it."""
    if value is None:
        return ""
    match one.type:
        case "money":
            return Decimal(value) / FEN
        case "texts":
            return "\n".join(value)
        case _:
            return value


def as_told(one: ParameterDescription, typed: Any) -> Any:
    """What was typed as it is stored."""
    match one.type:
        case "money":
            return int((typed * FEN).to_integral_value(ROUND_HALF_EVEN))
        case "texts":
            return [line.strip() for line in str(typed).splitlines() if line.strip()]
        case "integer":
            return int(typed)
        case "decimal":
            return format(typed.normalize(), "f")
        case "date":
            return typed.isoformat()
        case _:
            return str(typed)


def _field(one: ParameterDescription, help_text: str) -> forms.Field:
    said_so: dict[str, Any] = {"label": localise(one.title), "help_text": help_text}
    if one.choices:
        return forms.ChoiceField(choices=[(choice, choice) for choice in one.choices], **said_so)
    match one.type:
        case "integer":
            return forms.IntegerField(min_value=one.low, max_value=one.high, **said_so)
        case "money":
            low, high = (None if bound is None else Decimal(bound) / FEN for bound in (one.low, one.high))
            return forms.DecimalField(min_value=low, max_value=high, decimal_places=2, max_digits=16, **said_so)
        case "decimal":
            low, high = (None if bound is None else Decimal(str(bound)) for bound in (one.low, one.high))
            return forms.DecimalField(min_value=low, max_value=high, **said_so)
        case "date":
            return forms.DateField(widget=forms.DateInput({"type": "date"}), **said_so)
        case "texts":
            said_so["help_text"] = said_so["help_text"] or _now("一行一个")
            return forms.CharField(required=False, widget=forms.Textarea({"rows": 3}), max_length=2000, **said_so)
        case _:
            return forms.CharField(required=False, max_length=500, **said_so)
