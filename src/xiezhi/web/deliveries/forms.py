"""What a person fills in to deliver, and to chase."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiezhi.web.catalogue import gateway as catalogue
from xiezhi.web.deliveries.policies.files import KINDS
from xiezhi.web.language import localise


class UploadForm(forms.Form):
    """The files themselves are read from the request: Django's own field takes one."""

    contract = forms.ChoiceField(
        label=_("数据集"), required=False, help_text=_("一般不用选：系统按表头识别每张表属于哪个数据集。")
    )

    def __init__(self, data: Any = None, *, department: str | None) -> None:
        super().__init__(data)
        told = [one for one in catalogue.datasets().values() if department in (None, one.department)]
        self.fields["contract"].choices = [("", _("自动识别")), *((one.name, localise(one.title)) for one in told)]  # type: ignore[attr-defined]
        self.accept = ",".join(KINDS)


class ChaseForm(forms.Form):
    words = forms.CharField(
        label=_("附言"),
        required=False,
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("可不填；会写进通知。不要写个人信息。"),
    )
