"""The small forms: why one settles, puts off, merges, exports, opens evidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiezhi.kernel import clock
from xiezhi.web.alerts.models import Alert
from xiezhi.web.alerts.policies import LONGEST_SNOOZE
from xiezhi.web.kit.reasons import ReasonField, ReasonForm
from xiezhi.web.supervision.states import Conclusion


class DismissForm(ReasonForm):
    outcome = forms.ChoiceField(label=_("结论"), choices=[("", _("请选择")), *Conclusion.choices])
    field_order = ("outcome", "why")


class SnoozeForm(ReasonForm):
    until = forms.DateField(label=_("暂缓至"), widget=forms.DateInput({"type": "date"}), help_text=_("最长 90 天，到期自动恢复"))
    field_order = ("until", "why")

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        today = clock.today()
        if not today < until <= today + LONGEST_SNOOZE:
            raise forms.ValidationError(_("请填写明天起 90 天以内的日期"))
        return until


class MergeForm(ReasonForm):
    into = forms.ModelChoiceField(label=_("并入"), queryset=Alert.objects.none(), help_text=_("同一主体的另一条预警"))
    field_order = ("into", "why")

    def __init__(self, *args: Any, targets: Any, named: Callable[[Alert], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = targets  # type: ignore[attr-defined]
        self.fields["into"].label_from_instance = named  # type: ignore[attr-defined]


class MergeNumberForm(ReasonForm):
    """For several at once: the number of the one they are merged into."""

    into = forms.CharField(label=_("并入的预警编号"), max_length=16)
    field_order = ("into", "why")


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
