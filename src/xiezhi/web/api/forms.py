"""What the security administrator fills in for a token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiezhi.kernel import clock
from xiezhi.web.accounts.models import User
from xiezhi.web.api.actions.tokens import GRANTABLE

SCOPES = {
    "alert.read": _("读取预警"),
    "catalogue.read": _("读取数据契约与模型"),
    "delivery.read": _("读取交付与回执"),
    "delivery.upload": _("报送交付"),
}


class IssueForm(forms.Form):
    user = forms.ModelChoiceField(label=_("机器账号"), queryset=User.objects.none())
    name = forms.CharField(label=_("用途"), max_length=80, help_text=_("例如：民政局每日报送。"))
    scopes = forms.MultipleChoiceField(label=_("权限"), widget=forms.CheckboxSelectMultiple)
    networks = forms.CharField(
        label=_("来源地址"), required=False, help_text=_("只准从这些地址使用，用空格分开；不填则不限。例如 10.1.2.0/24。")
    )
    expires_on = forms.DateField(label=_("到期日"), widget=forms.DateInput({"type": "date"}), help_text=_("最长一年。"))

    def __init__(self, data: Any = None, *, machines: QuerySet[User]) -> None:
        super().__init__(data, initial={"expires_on": (clock.today() + timedelta(days=90)).isoformat()})
        self.fields["user"].queryset = machines  # type: ignore[attr-defined]
        self.fields["scopes"].choices = [(scope, SCOPES.get(scope, scope)) for scope in GRANTABLE]  # type: ignore[attr-defined]


class RevokeForm(forms.Form):
    why = forms.CharField(label=_("理由"), max_length=200)
