"""What the templates need of deliveries, receipts and periods, said in the language of the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xiezhi.web.catalogue import gateway as catalogue
from xiezhi.web.catalogue.gateway import DatasetDescription, FieldDescription
from xiezhi.web.catalogue.queries import cadence_word
from xiezhi.web.deliveries import gateway
from xiezhi.web.deliveries.gateway import Receipt, UnitUsed
from xiezhi.web.deliveries.models import Delivery, Upload
from xiezhi.web.deliveries.policies.periods import Expectation, worst
from xiezhi.web.deliveries.queries import Line
from xiezhi.web.deliveries.queries.quality import SHOWN
from xiezhi.web.deliveries.states import PeriodState
from xiezhi.web.kit import display
from xiezhi.web.kit.charts import Chart, Series
from xiezhi.web.language import localise, page_language

TOP_FAULTS = 6


def dataset_title(contract: str) -> str:
    """What a dataset is called; its name where the contract is gone, and words for a file that none fits."""
    dataset = catalogue.datasets().get(contract)
    return localise(dataset.title) if dataset else contract or _("未识别")


def with_template(department: str | None) -> list[DatasetDescription]:
    """The datasets a department may deliver that are tables; None: of all departments."""
    return [one for one in catalogue.datasets().values() if one.tabular and department in (None, one.department)]


def department_title(department: str) -> str:
    dataset = next((one for one in catalogue.datasets().values() if one.department == department), None)
    return localise(dataset.department_title) if dataset else department or "—"


def column_title(contract: str, column: str | None) -> str:
    """What a column is called; of several tables the field names both, "table.field"."""
    if not column:
        return _("整行")
    field = _field(contract, column)
    return localise(field.title) if field else column


def _field(contract: str, column: str) -> FieldDescription | None:
    dataset = catalogue.datasets().get(contract)
    table, _dot, name = column.rpartition(".")
    tables = [part for part in (dataset.tables if dataset else ()) if table in ("", part.name)]
    return next((field for part in tables for field in part.fields if field.name == name), None)


def _value(contract: str, column: str, value: str | None) -> str | None:
    """A smallest or largest value as a person reads it: money is held in fen."""
    field = _field(contract, column)
    return display.money(int(value)) if value and field and field.kind == "money" else value


def row(one: Delivery) -> dict[str, Any]:
    """A line of the list."""
    return {
        "one": one,
        "title": dataset_title(one.contract),
        "department": department_title(one.department),
        "reason": reason_of(one),
    }


def reason_of(one: Delivery) -> tuple[str, str]:
    """Why a delivery was refused, and what to do."""
    return (one.reason_en, one.todo_en) if page_language() == "en" else (one.reason_zh, one.todo_zh)


def preview(one: Upload) -> list[dict[str, Any]]:
    """What each sheet of an uploaded file would be taken for, in the language of the page."""
    return [_previewed(sheet, one) for sheet in one.preview]


def _previewed(sheet: Mapping[str, Any], upload: Upload) -> dict[str, Any]:
    dataset = catalogue.datasets().get(sheet.get("contract") or "")
    named = [part for part in (sheet.get("member"), sheet.get("sheet")) if part]
    if dataset is None:
        return {"name": " › ".join(named), "refused": True, **_unrecognised(sheet, upload)}
    foreign = bool(upload.department) and dataset.department != upload.department
    return {
        "name": " › ".join(named),
        "foreign": localise(dataset.department_title) if foreign else "",
        "title": localise(dataset.title),
        "by": _recognised_by(sheet["by"]),
        "rows": sheet["rows"],
        "exact": sheet["exact"],
        "units": [(column_title(dataset.name, unit["field"]), _said(unit)) for unit in sheet["units"]],
        "unknown": sheet["unknown"],
        "missing": _titles(dataset.name, sheet["missing"]),
        "heads": [(column_title(dataset.name, name), header) for header, name in sheet["columns"]],
        "first": sheet["first"],
        "odd": [(row["row"], _titles(dataset.name, row["odd"])) for row in sheet["first"] if row["odd"]],
        "notes": [_said(note) for note in sheet["notes"]],
        "tabular": dataset.tabular,
    }


def _unrecognised(sheet: Mapping[str, Any], upload: Upload) -> dict[str, Any]:
    """Why, what to do, and which required columns are not there: of the chosen dataset, else of those that come nearest."""
    lacking = [(one["contract"], one["missing"]) for one in sheet.get("nearest", ())]
    if upload.contract and sheet.get("missing"):
        lacking = [(upload.contract, sheet["missing"])]
    near = [(dataset_title(contract), _titles(contract, names)) for contract, names in lacking]
    return {"said": _said(sheet.get("said")), "todo": _said(sheet.get("todo")), "near": near}


def _recognised_by(how: str) -> str:
    words = {"chosen": _("上传时选定"), "header": _("按表头识别"), "header and name": _("按表头和文件名识别")}
    return words[how]


def _titles(contract: str, names: Sequence[str]) -> list[str]:
    return [column_title(contract, name) for name in names]


def _said(words: Mapping[str, str] | None) -> str:
    return words["en" if page_language() == "en" else "zh"] if words else ""


def share_bar(one: Delivery) -> list[dict[str, Any]]:
    """The counts as parts of one bar that adds up: places and widths of an SVG, in percent."""
    parts = (
        ("accepted", _("接收"), one.accepted),
        ("repaired", _("修复后接收"), one.repaired),
        ("set_aside", _("退回"), one.set_aside),
    )
    # A few rows among many must still be seen.
    widths = [max(0.6, 100 * count / one.delivered) if one.delivered and count else 0.0 for _key, _word, count in parts]
    scale = 100 / max(100.0, sum(widths))
    return [
        {
            "key": key,
            "word": word,
            "count": count,
            "at": f"{sum(widths[:at]) * scale:.3f}",
            "width": f"{widths[at] * scale:.3f}",
            "share": _percent(count, one.delivered),
        }
        for at, (key, word, count) in enumerate(parts)
    ]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}%" if whole else "—"


def faults(contract: str, receipt: Receipt) -> list[dict[str, Any]]:
    """Reasons by kind, most rows first, with their first rows. What a receipt shows of an identity is masked already."""
    known = gateway.words([reason.reason for reason in receipt.reasons])
    return [
        {
            "word": reason.reason,
            "said": localise(known[reason.reason][0]),
            "mend": localise(known[reason.reason][1]),
            "column": reason.column,
            "title": column_title(contract, reason.column),
            "count": reason.count,
            "examples": [(example.row, example.shown) for example in reason.examples],
        }
        for reason in receipt.reasons
    ]


def repairs(contract: str, receipt: Receipt) -> list[dict[str, Any]]:
    known = gateway.words([repair.repair for repair in receipt.repairs])
    return [
        {"said": localise(known[one.repair][0]), "title": column_title(contract, one.column), "count": one.count}
        for one in receipt.repairs
    ]


def notes(receipt: Receipt) -> list[str]:
    """What is said of the file as a whole, of units that did not come from the contract, and of rows overtaken by later ones."""
    english = page_language() == "en"
    units = [one for one in receipt.units if one.source != "contract"]
    said = [note.en if english else note.zh for note in receipt.notes]
    said += [_unit_said(receipt, one, english) for one in units]
    if receipt.outdated:
        number = receipt.outdated
        said.append(
            f"{number:,} rows are of an earlier day than what is held, which stands"
            if english
            else f"{number:,} 行的日期早于已有记录，以已有的为准"
        )
    return said


def _unit_said(receipt: Receipt, one: UnitUsed, english: bool) -> str:
    title = column_title(str(receipt.contract), one.field)
    return f"{title}: {one.words.en}" if english else f"{title}：{one.words.zh}"


def remarks(contract: str, receipt: Receipt) -> list[dict[str, Any]]:
    """What was not read, or read otherwise than written, in rows that were accepted."""
    known = gateway.words([remark.remark for remark in receipt.remarks])
    return [
        {
            "said": localise(known[one.remark][0]),
            "title": column_title(contract, one.column),
            "count": one.count,
            "rows": [example.row for example in one.examples],
        }
        for one in receipt.remarks
    ]


def columns(contract: str, receipt: Receipt) -> list[dict[str, Any]]:
    """Each field: under which header it came, how full it is, how many rows it cost."""
    headers = {column.field: column.header for column in receipt.columns if column.field}
    lost: Counter[str] = Counter()
    for reason in receipt.reasons:
        lost[reason.column or ""] += reason.count
    return [
        {
            "title": column_title(contract, one.field),
            "field": one.field,
            "header": headers.get(one.field) or headers.get(one.field.rpartition(".")[2], ""),
            "filled": round(100 * (1 - one.null_share), 2),
            "distinct": one.distinct,
            "low": _value(contract, one.field, one.minimum),
            "high": _value(contract, one.field, one.maximum),
            "faults": lost[one.field],
            "grade": grade(one.null_share, lost[one.field], receipt.delivered),
        }
        for one in receipt.profile
    ]


def grade(null_share: float, faults: int, rows: int) -> tuple[str, str]:
    """A column's grade in a delivery: by the rows it cost, then by how full it is. Its word and tone."""
    lost = faults / rows if rows else 0.0
    if lost > 0.01:
        return pgettext("评级", "差"), "bad"
    if lost > 0.001 or null_share > 0.2:
        return pgettext("评级", "中"), "warn"
    return (pgettext("评级", "良"), "info") if lost or null_share > 0.02 else (pgettext("评级", "优"), "good")


def unread_headers(receipt: Receipt) -> list[str]:
    """Delivered columns that no field takes: not loaded."""
    return [column.header for column in receipt.columns if column.field is None and column.header]


def broken_expectations(contract: str, receipt: Receipt) -> list[str]:
    return [
        f"{column_title(contract, one.field) if one.field else _('整表')} · "
        + ((one.en if page_language() == "en" else one.zh) or f"{one.expectation} ({one.found:g})")
        for one in receipt.expectations
        if not one.kept
    ]


NEAR = 4
"""Months of the calendar that fit on a phone."""


def months(year: int, today: date) -> list[dict[str, Any]]:
    """The heads of the calendar. `now`: this month. `near`: those a phone shows, up to this month or to the year's end."""
    last = max(today.month, NEAR) if year == today.year else 12
    return [
        {"number": month, "now": (year, month) == (today.year, today.month), "near": last - NEAR < month <= last}
        for month in range(1, 13)
    ]


def calendar_row(line: Line, heads: Sequence[Mapping[str, Any]], year: int, chased: bool) -> dict[str, Any]:
    """A dataset's twelve cells."""
    cells = [{**cell(found, head["number"]), **head} for head, found in zip(heads, line.months(year), strict=True)]
    return {
        "line": line,
        "cells": cells,
        "cadence": cadence_word(line.dataset.cadence),
        "share": line.in_time,
        "chased": chased,
        "url": f"{reverse('deliveries:list')}?dataset={line.dataset.name}",
    }


def cell(found: Sequence[Expectation], month: int) -> dict[str, Any]:
    """How a month stands: its worst period, and how many of several have come."""
    state = worst(found)
    came = sum(1 for one in found if one.came)
    counted = f"{came}/{len(found)}" if len(found) > 1 and state is not PeriodState.NOT_DUE else ""
    return {"state": state, "counted": counted, "month": month, "tip": _tip(found)}


def _tip(found: Sequence[Expectation]) -> str:
    if not found:
        return ""
    first = found[0]
    if first.came and len(found) == 1:
        return _("%(came)s 收到，期限 %(due)s") % {"came": first.came, "due": first.due}
    return _("期限 %(due)s") % {"due": next((one.due for one in found if not one.came), found[-1].due)}


def shares_over_time(history: Sequence[Delivery]) -> Chart:
    """Rows of each delivery, by what became of them."""
    series = [
        Series(_("接收"), [one.accepted for one in history]),
        Series(_("修复后接收"), [one.repaired for one in history], level="yellow"),
        Series(_("退回"), [one.set_aside for one in history], level="red"),
    ]
    return Chart(
        "stack", _("每次交付的行数"), labels(history), series, unit=_("行"), heading=_("交付"), left_out=_only_newest(history)
    )


def _only_newest(history: Sequence[Delivery]) -> str:
    return _("图中是最近 %(count)s 次交付。") % {"count": SHOWN} if len(history) == SHOWN else ""


def faults_over_time(history: Sequence[Delivery]) -> Chart | None:
    """Rows set aside of each delivery by kind of fault: the most frequent kinds, the others together."""
    total: Counter[str] = Counter()
    for one in history:
        total.update(one.faults)
    if not total:
        return None
    top = [word for word, _count in total.most_common(TOP_FAULTS)]
    known = gateway.words(top)
    series = [
        Series(localise(known[word][0]) if word in known else word, [one.faults.get(word, 0) for one in history]) for word in top
    ]
    if len(total) > len(top):
        series.append(Series(_("其他"), [sum(count for word, count in one.faults.items() if word not in top) for one in history]))
    return Chart(
        "stack",
        _("退回原因随时间的变化"),
        labels(history),
        series,
        unit=_("行"),
        heading=_("交付"),
        left_out=_only_newest(history),
    )


def ranking_chart(rows: Sequence[dict[str, Any]]) -> Chart:
    names = [department_title(one["department"]) for one in rows]
    return Chart(
        "hbar",
        _("各部门退回行占比"),
        names,
        [Series(_("退回行占比"), [round(one["share"], 3) for one in rows])],
        unit="%",
        heading=_("部门"),
    )


def labels(history: Sequence[Delivery]) -> list[str]:
    """A delivery in a chart: its number, and the month its rows are for or it came in."""
    return [f"{one.number} · {(one.period_to or one.received_at):%Y-%m}" for one in history]


def column_grades(history: Sequence[Delivery], receipt: Receipt) -> list[dict[str, Any]]:
    """The newest delivery's columns with the faults of all deliveries shown, worst first."""
    total: Counter[str] = Counter()
    for one in history:
        total.update(one.columns)
    rows = sum(one.delivered for one in history)
    contract = receipt.contract or ""
    shown = [
        {**one, "faults": total[one["field"]], "grade": grade(1 - one["filled"] / 100, total[one["field"]], rows)}
        for one in columns(contract, receipt)
    ]
    return sorted(shown, key=lambda one: (-one["faults"], one["filled"]))


def tabs(here: str) -> list[dict[str, Any]]:
    names = (("list", _("交付")), ("calendar", _("日历")), ("quality", _("质量")))
    return [{"label": label, "url": reverse(f"deliveries:{name}"), "here": name == here} for name, label in names]
