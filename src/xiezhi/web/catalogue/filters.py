"""The filter bars of the catalogue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiezhi.web.catalogue import gateway, queries
from xiezhi.web.kit.filters import ALL, FilterForm


def _departments() -> list[tuple[str, Any]]:
    return [ALL, *queries.departments()]


def _cadences() -> list[tuple[str, Any]]:
    return [ALL, *((one, queries.cadence_word(one)) for one in gateway.vocabulary().cadences)]


def _kinds() -> list[tuple[str, Any]]:
    return [ALL, *((one, queries.kind_word(one)) for one in gateway.vocabulary().kinds)]


def _classes() -> list[tuple[str, Any]]:
    return [ALL, *((one, queries.classification_word(one)) for one in gateway.vocabulary().classifications)]


class DatasetFilter(FilterForm):
    q = forms.CharField(
        label=_("搜索"), required=False, max_length=60, widget=forms.TextInput({"placeholder": _("名称、部门、用途")})
    )
    department = forms.ChoiceField(label=_("部门"), required=False, choices=_departments)
    cadence = forms.ChoiceField(label=_("更新频率"), required=False, choices=_cadences)


class FieldFilter(FilterForm):
    q = forms.CharField(
        label=_("搜索"), required=False, max_length=60, widget=forms.TextInput({"placeholder": _("字段名、标题、别名")})
    )
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=_kinds)
    classification = forms.ChoiceField(label=_("敏感级别"), required=False, choices=_classes)
