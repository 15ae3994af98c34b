"""The filter bars of models and of their changes. A filter never fails: a value that is not offered is no filter at all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiezhi.web.catalogue import gateway as catalogue
from xiezhi.web.kit.filters import ALL, FilterForm
from xiezhi.web.kit.levels import LEVEL_CHOICES
from xiezhi.web.language import localise
from xiezhi.web.lines import line_word
from xiezhi.web.supervision import gateway, queries
from xiezhi.web.supervision.states import ChangeState, RuleStatus

LEVELS = [ALL, *LEVEL_CHOICES]


def _lines() -> list[tuple[str, Any]]:
    return [ALL, *((line, line_word(line)) for line in sorted({rule.domain for rule in gateway.rules().values()}))]


def _owners() -> list[tuple[str, Any]]:
    return [ALL, *queries.owners()]


def _datasets() -> list[tuple[str, Any]]:
    read = {name for rule in gateway.rules().values() for name in rule.datasets}
    return [ALL, *((name, localise(one.title)) for name, one in catalogue.datasets().items() if name in read)]


class RuleFilter(FilterForm):
    q = forms.CharField(
        label=_("搜索"), required=False, max_length=60, widget=forms.TextInput({"placeholder": _("名称、编号、规范")})
    )
    domain = forms.ChoiceField(label=_("业务条线"), required=False, choices=_lines)
    status = forms.ChoiceField(label=_("状态"), required=False, choices=[ALL, *RuleStatus.choices])
    level = forms.ChoiceField(label=_("级别"), required=False, choices=LEVELS)
    dataset = forms.ChoiceField(label=_("数据集"), required=False, choices=_datasets)
    owner = forms.ChoiceField(label=_("归口部门"), required=False, choices=_owners)


class ChangeFilter(FilterForm):
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[ALL, *ChangeState.choices])
