"""The filter bar of alerts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.forms.units import UnitField
from xiezhi.web.accounts.queries import units_in_sight
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts import gateway, queries
from xiezhi.web.alerts.queries import THERE, AlertCriteria, Sealed
from xiezhi.web.alerts.states import PROCESS
from xiezhi.web.kit.filters import ALL, FilterForm
from xiezhi.web.kit.levels import LEVEL_CHOICES
from xiezhi.web.language import page_language
from xiezhi.web.lines import line_word
from xiezhi.web.matters.presenters.states import state_choices
from xiezhi.web.supervision.states import HitState


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"})


class YuanField(forms.CharField):
    """An amount as people write it; cleans to fen, None where empty."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, max_length=16, widget=forms.TextInput({"inputmode": "decimal"}))

    def clean(self, value: Any) -> int | None:
        text = str(super().clean(value) or "").replace(",", "").replace("，", "").strip()
        if not text:
            return None
        try:
            yuan = Decimal(text)
        except InvalidOperation:
            yuan = Decimal("NaN")
        if not yuan.is_finite() or abs(yuan) >= 10**14:
            raise forms.ValidationError(_("请写成以元为单位的数，例如 12000.50。"))
        return int(yuan * 100)


class AlertFilter(FilterForm):
    """A filter never fails: a value that is not understood is no filter, and the bar says so beside it."""

    q = forms.CharField(
        label=_("搜索"), required=False, max_length=60, widget=forms.TextInput({"placeholder": _("两个字以上：单位、情形、编号")})
    )
    level = forms.MultipleChoiceField(label=_("级别"), required=False, choices=LEVEL_CHOICES, widget=forms.CheckboxSelectMultiple)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
    )
    rule = forms.ChoiceField(label=_("模型"), required=False)
    line = forms.ChoiceField(label=_("业务条线"), required=False)
    unit = UnitField(label=_("单位（含下级）"), required=False)
    hit_state = forms.ChoiceField(label=_("命中"), required=False, choices=[ALL, (THERE, _("未消失的")), *HitState.choices])
    money_from = YuanField(_("金额自（元）"))
    money_to = YuanField(_("至（元）"))
    period_from = forms.DateField(label=_("所属期自"), required=False, widget=_day())
    period_to = forms.DateField(label=_("所属期至"), required=False, widget=_day())
    raised_from = forms.DateField(label=_("生成日期自"), required=False, widget=_day())
    raised_to = forms.DateField(label=_("生成日期至"), required=False, widget=_day())
    fresh = forms.BooleanField(label=_("上次查看后新增"), required=False)
    mine = forms.BooleanField(label=_("只看我处理过的"), required=False)
    ours = forms.BooleanField(label=_("只看本单位经手的"), required=False)

    seal = forms.CharField(
        label=_("封印"), required=False, max_length=100, widget=forms.TextInput({"placeholder": _("打印件上的封印，至少前 8 位")})
    )

    subject = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, data: Any, viewer: Viewer) -> None:
        super().__init__(data)
        self._viewer = viewer
        self._sealed: list[Sealed] | None = None
        english = page_language() == "en"
        self.offer("state", state_choices(PROCESS))
        self.offer("rule", [(code, f"{code} {en if english else zh}") for code, zh, en in queries.rules_seen(viewer)])
        self.offer("line", [(line, line_word(line)) for line in queries.lines_of(viewer)])
        self.fields["unit"].offered = units_in_sight(viewer)  # type: ignore[attr-defined]
        self.is_valid()

    def wanted(self) -> AlertCriteria:
        found = self.cleaned_data
        return AlertCriteria(
            text=found.get("q") or "",
            levels=tuple(found.get("level") or ()),
            rule=found.get("rule") or "",
            line=found.get("line") or "",
            unit_path=found["unit"].path if found.get("unit") else "",
            state=found.get("state") or "",
            hit_state=found["hit_state"] if found.get("hit_state") not in (None, THERE) else "",
            standing=found.get("hit_state") == THERE,
            money_from=found.get("money_from"),
            money_to=found.get("money_to"),
            period_from=found.get("period_from"),
            period_to=found.get("period_to"),
            raised_from=found.get("raised_from"),
            raised_to=found.get("raised_to"),
            new_since=queries.last_visit(self._viewer) if found.get("fresh") else None,
            mine=bool(found.get("mine")),
            ours=bool(found.get("ours")),
            subject=found.get("subject") or "",
            sealed=tuple(one.fingerprint for one in self.sealed()) if found.get("seal") else None,
        )

    def sealed(self) -> list[Sealed]:
        """To which alerts in sight the asked-for seal belongs. Those of runs before alerts kept their seals: from the lake."""
        if self._sealed is None:
            begins = queries.as_seal(self.cleaned_data.get("seal") or "")
            self._sealed = (queries.sealed(self._viewer, begins) or self._in_the_lake(begins)) if begins else []
        return self._sealed

    def _in_the_lake(self, begins: str) -> list[Sealed]:
        found = gateway.sealed(begins)
        numbers = queries.numbers_of(self._viewer, (one.fingerprint for one in found))
        return [
            Sealed(
                one.seal,
                numbers[one.fingerprint],
                one.fingerprint,
                one.runs[0],
                datetime.fromisoformat(one.since),
                one.runs[-1],
                datetime.fromisoformat(one.until),
            )
            for one in found
            if one.fingerprint in numbers
        ]

    def said(self) -> dict[str, str]:
        """The filter in use, for the trail and the head of an export."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value and name not in ("q", "seal", "subject")}
