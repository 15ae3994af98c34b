"""An alert as one line of an export."""

from __future__ import annotations

from django.utils.translation import gettext as _

from xiezhi.web.alerts.models import Alert
from xiezhi.web.alerts.presenters.alerts import row
from xiezhi.web.kit import display


def export_heads() -> list[str]:
    """The columns of an export."""
    return [
        _("编号"),
        _("级别"),
        _("模型"),
        _("情形"),
        _("主体"),
        _("相对方"),
        _("单位"),
        _("归属单位代码"),
        _("金额（元）"),
        _("所属期自"),
        _("所属期至"),
        _("命中"),
        _("消失原因"),
        _("状态"),
        _("结论"),
        _("生成"),
        _("封印"),
    ]


def export_cells(alert: Alert) -> list[str | float | None]:
    """An alert as one line of an export: what the screen shows, no more."""
    shown = row(alert)
    return [
        alert.number,
        str(alert.get_level_display()),
        f"{alert.rule} {shown['title']}",
        shown["sentence"],
        alert.subject_masked,
        alert.counterpart_masked,
        shown["unit"],
        alert.region,
        None if alert.amount is None else alert.amount / 100,
        display.day(alert.period_from),
        display.day(alert.period_to),
        str(shown["hit"].label),
        shown["gone"],
        str(shown["state"].label),
        str(alert.get_outcome_display()) if alert.outcome else "",
        display.moment(alert.raised_at),
        alert.seal,
    ]
