"""Why one wants to know who it is; why one agrees; and the register's filter."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from xiezhi.web.kit.reasons import ReasonField
from xiezhi.web.reveals.queries import Asked
from xiezhi.web.reveals.states import RevealState


class AskForm(forms.Form):
    ticket = forms.CharField(widget=forms.HiddenInput)
    case = forms.CharField(label=_("事项编号"), max_length=64, help_text=_("线索、案件或核查事项的编号"))
    purpose = ReasonField(
        label=_("用途"),
        min_length=4,
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("将写入登记簿和审计，不能更改"),
    )


class DecideForm(forms.Form):
    why = ReasonField(label=_("意见"), max_length=200, widget=forms.Textarea({"rows": 2}))


class RegisterFilter(forms.Form):
    """A filter never fails: what it does not understand is no filter."""

    q = forms.CharField(
        label=_("搜索"), required=False, max_length=60, widget=forms.TextInput({"placeholder": _("人员、事项、预警编号")})
    )
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *RevealState.choices])
    since = forms.DateField(label=_("申请日期自"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput({"type": "date"}))

    def asked(self) -> Asked:
        self.is_valid()
        found = self.cleaned_data
        return Asked(found.get("q") or "", found.get("state") or "", found.get("since"), found.get("until"))
