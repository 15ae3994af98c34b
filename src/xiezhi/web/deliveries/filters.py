"""The filter bars of deliveries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.catalogue import gateway as catalogue
from xiezhi.web.deliveries.queries import DeliveryCriteria
from xiezhi.web.deliveries.states import Fate
from xiezhi.web.kit.filters import FilterForm
from xiezhi.web.language import localise


class DeliveryFilter(FilterForm):
    """A filter never fails: a value that is not offered is no filter at all."""

    q = forms.CharField(
        label=_("搜索"), required=False, max_length=60, widget=forms.TextInput({"placeholder": _("文件名或编号")})
    )
    dataset = forms.ChoiceField(label=_("数据集"), required=False)
    state = forms.ChoiceField(label=_("结果"), required=False)
    department = forms.ChoiceField(label=_("部门"), required=False)
    since = forms.DateField(label=_("接收日期自"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, data: Any, viewer: Viewer, own: str | None) -> None:
        """`own`: the one department whose datasets are offered; None for all."""
        super().__init__(data)
        told = [one for one in catalogue.datasets().values() if own in (None, one.department)]
        departments = {one.department: localise(one.department_title) for one in told}
        self.offer("dataset", [(one.name, localise(one.title)) for one in told])
        self.offer("state", Fate.choices)
        self.offer("department", list(departments.items()))
        if own is not None:
            del self.fields["department"]
        self.is_valid()

    def wanted(self) -> DeliveryCriteria:
        found = self.cleaned_data
        return DeliveryCriteria(
            text=found.get("q") or "",
            department=found.get("department") or "",
            dataset=found.get("dataset") or "",
            fate=found.get("state") or "",
            since=found.get("since"),
            until=found.get("until"),
        )
