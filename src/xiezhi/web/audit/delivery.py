"""A day of the trail as data under the contract `audit_event`, so that rules watch those who use the platform, too.

Accounts and numbers only. Labels, reasons and values stay in the trail: they may name people.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from xiezhi.kernel import clock
from xiezhi.kernel.spreadsheet import row_of
from xiezhi.web.audit import events
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.audit.reading import AT_ONCE, reading_the_trail
from xiezhi.web.audit.record import Actor, record

HEADER = (
    "事件编号",
    "发生时间",
    "事件种类",
    "结果",
    "用户名",
    "岗位编号",
    "角色",
    "所在单位",
    "对象种类",
    "对象编号",
    "对象所属单位路径",
    "改动的字段",
    "写明事由",
    "事项编号",
    "来源地址",
    "请求编号",
)
"""As the contract calls its fields."""

LONGEST = 1000


def yesterday() -> date:
    """By the site's own clock."""
    return timezone.localdate(clock.now()) - timedelta(days=1)


def deliver(folder: Path, *, day: date, by: Actor) -> Path | None:
    """Write the events of `day` to a file in `folder`; None where there were none. That it was done is an event itself."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"audit_event_{day.isoformat()}.csv"
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    rows = 0
    try:
        with beside.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(HEADER)
            with reading_the_trail():
                for row in _rows(day):
                    writer.writerow(row_of(row))
                    rows += 1
            handle.flush()
            os.fsync(handle.fileno())
        if not rows:
            return None
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    with transaction.atomic():
        record(events.DELIVERED, by=by, on=f"dataset:{path.name}", day=day, rows=rows)
    return path


def _rows(day: date) -> Iterator[list[Any]]:
    begin = timezone.make_aware(datetime.combine(day, time.min))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    for event in AuditEvent.objects.filter(at__gte=begin, at__lt=end).order_by("at", "id").iterator(AT_ONCE):
        yield [
            event.pk,
            event.at.isoformat(),
            event.kind,
            event.outcome,
            event.username,
            event.post_id,
            event.role,
            event.unit_name,
            event.on_kind,
            event.on_id,
            event.unit_path,
            _changed(event),
            "是" if event.why else "否",
            _case(event),
            event.ip,
            event.request_id,
        ]


def _changed(event: AuditEvent) -> str:
    """The names of what is different afterwards."""
    before, after = event.before or {}, event.after or {}
    names = sorted(name for name in before.keys() | after.keys() if json.dumps(before.get(name)) != json.dumps(after.get(name)))
    return " ".join(names)[:LONGEST]


def _case(event: AuditEvent) -> str:
    return str(event.details.get("case", "") or "")[:100]
