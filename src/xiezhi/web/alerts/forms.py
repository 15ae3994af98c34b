"""The small forms: into which alert one merges, why one exports or opens evidence, under which name a view is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiezhi.web.alerts.models import Alert
from xiezhi.web.kit.reasons import ReasonField, ReasonForm


class MergeForm(ReasonForm):
    into = forms.ModelChoiceField(label=_("并入"), queryset=Alert.objects.none(), help_text=_("同一主体的另一条预警"))
    field_order = ("into", "why")

    def __init__(self, *args: Any, targets: Any, named: Callable[[Alert], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = targets  # type: ignore[attr-defined]
        self.fields["into"].label_from_instance = named  # type: ignore[attr-defined]


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("格式"), choices=[("xlsx", "Excel"), ("csv", "CSV")], widget=forms.RadioSelect, initial="xlsx"
    )
    why = ReasonField(label=_("用途"), max_length=200, widget=forms.Textarea({"rows": 2}), help_text=_("将写入文件首行和审计"))


class PurposeForm(forms.Form):
    purpose = ReasonField(label=_("查看用途"), max_length=200)


class ViewForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=40)
    is_default = forms.BooleanField(label=_("打开列表时默认使用"), required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)
