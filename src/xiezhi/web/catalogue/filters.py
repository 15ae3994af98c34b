"""The filter bars of the catalogue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiezhi.web.catalogue import gateway, queries


class _Forgiving(forms.Form):
    """A filter never fails: a value that is not offered is no filter at all."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.is_valid()

    def chosen(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")


def _departments() -> list[tuple[str, Any]]:
    return [("", _("全部")), *queries.departments()]


def _cadences() -> list[tuple[str, Any]]:
    return [("", _("全部")), *((one, queries.cadence_word(one)) for one in gateway.vocabulary().cadences)]


def _kinds() -> list[tuple[str, Any]]:
    return [("", _("全部")), *((one, queries.kind_word(one)) for one in gateway.vocabulary().kinds)]


def _classes() -> list[tuple[str, Any]]:
    return [("", _("全部")), *((one, queries.classification_word(one)) for one in gateway.vocabulary().classifications)]


class DatasetFilter(_Forgiving):
    q = forms.CharField(
        label=_("搜索"), required=False, max_length=60, widget=forms.TextInput({"placeholder": _("名称、部门、用途")})
    )
    department = forms.ChoiceField(label=_("部门"), required=False, choices=_departments)
    cadence = forms.ChoiceField(label=_("更新频率"), required=False, choices=_cadences)


class FieldFilter(_Forgiving):
    q = forms.CharField(
        label=_("搜索"), required=False, max_length=60, widget=forms.TextInput({"placeholder": _("字段名、标题、别名")})
    )
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=_kinds)
    classification = forms.ChoiceField(label=_("敏感级别"), required=False, choices=_classes)
