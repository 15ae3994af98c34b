"""A list as a file: masked as on the screen, marked with who took it and why, harmless to a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.hashing import digest
from xiezhi.kernel.spreadsheet import one_line
from xiezhi.kernel.workbook import new_workbook, write_texts
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts import events
from xiezhi.web.alerts.models import Alert, Export
from xiezhi.web.alerts.policies import EXPORT_LASTS, MOST_ROWS
from xiezhi.web.audit.record import record
from xiezhi.web.kit import display


@dataclass(frozen=True)
class ExportSheet:
    """What goes into the file: which alerts, under which heads, each as which cells. `said`: the filter, for the trail."""

    alerts: QuerySet[Alert]
    heads: Sequence[str]
    cells: Callable[[Alert], list[str | float | None]]
    said: Mapping[str, str]


@transaction.atomic
def ask(*, query: str, format: str, why: str, by: Viewer) -> Export:  # noqa: A002 - the word on the screen
    """An export to be written, now or by a job."""
    require(by, Permission.ALERT_EXPORT)
    name = f"alerts-{clock.local(clock.now()):%Y%m%d-%H%M%S}.{format}"
    return Export.objects.create(
        user_id=by.person_id,
        name=name,
        format=format,
        query=query[:2000],
        why=why,
        asked_at=clock.now(),
        sight=_sight(by),
    )


def _sight(by: Viewer) -> str:
    """A digest of all that decides which rows one sees: units, lines, rank, clearance, recusals and whom they reach."""
    return digest(by.scope.variables())


def _in_hand_alone(alerts: QuerySet[Alert], by: Viewer) -> list[int]:
    """Of what is exported that which the maker would not see if their unit had it not in hand."""
    if by.unit_id is None:
        return []
    by_place = replace(by.scope, unit_id=None)
    ours = Alert.objects.filter(pk__in=alerts.values("pk"), holders__contains=[by.unit_id])
    there = set(seen_by(ours, by_place).values_list("pk", flat=True))
    return [pk for pk in ours.values_list("pk", flat=True) if pk not in there]


def _still_in_hand(export: Export, by: Viewer) -> bool:
    return seen_by(Alert.objects.filter(pk__in=export.held), by.scope).count() == len(export.held)


@transaction.atomic
def write(export_id: UUID, sheet: ExportSheet, *, by: Viewer) -> Export:
    """Write the file, and tell the trail once."""
    require(by, Permission.ALERT_EXPORT)
    export = Export.objects.select_for_update().get(pk=export_id, user_id=by.person_id)
    if export.made_at is not None:
        return export
    path = path_of(export)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_suffix(".part")
    head = _mark(by, export, sheet.alerts.count())
    alerts = sheet.alerts.order_by("-level_rank", "-id")[:MOST_ROWS]
    rows = (sheet.cells(alert) for alert in alerts.iterator(chunk_size=2000))
    try:
        export.rows = _xlsx(beside, head, sheet.heads, rows) if export.format == "xlsx" else _csv(beside, head, sheet.heads, rows)
        beside.chmod(0o600)
        export.made_at = clock.now()
        export.held = _in_hand_alone(alerts, by)
        export.save(update_fields=["rows", "made_at", "held"])
        record(events.EXPORTED, by=by, on=export, why=export.why, rows=export.rows, format=export.format, filters=sheet.said)
    except BaseException:  # what the trail does not keep is not exported either
        beside.unlink(missing_ok=True)
        raise
    beside.replace(path)
    return export


@transaction.atomic
def note_download(export: Export, *, by: Viewer) -> Path:
    """The file, to whoever made it. Raises UserError where it is not there any more."""
    require(by, Permission.ALERT_EXPORT)
    path = path_of(export)
    if not path.exists():
        raise UserError("XZ-ALT-07", zh="文件已清除", en="the file was removed", todo_zh="重新导出", todo_en="export again")
    if export.sight != _sight(by) or not _still_in_hand(export, by):
        raise UserError(
            "XZ-ALT-09",
            zh="导出之后您的可见范围变了(岗位、回避、许可),文件不再提供",
            en="what you may see has changed since it was made (post, recusal, clearance); it is not handed out any more",
            todo_zh="重新导出",
            todo_en="export again",
        )
    record(events.DOWNLOADED, by=by, on=export, why=export.why)
    return path


def sweep() -> int:
    """Remove files past their day; returns how many."""
    folder, limit, removed = path_of(None), clock.now().timestamp() - EXPORT_LASTS.total_seconds(), 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_file() and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def path_of(export: Export | None) -> Path:
    folder = Path(settings.XIEZHI_HOME) / "exports"
    return folder if export is None else folder / f"alerts-{export.pk}.{export.format}"


def _mark(by: Viewer, export: Export, found: int) -> str:
    """The first line of the file: who took it, why, and what a reader must know of it who never saw the screen."""
    said = _("%(who)s %(unit)s %(at)s 导出，用途：%(why)s。预警是提示，不是结论；身份已遮盖。") % {
        "who": by.display_name,
        "unit": by.unit_name,
        "at": display.moment(clock.now()),
        "why": export.why,
    }
    cut = (
        _("共 %(found)s 条，本文件只有级别最高的 %(most)s 条。") % {"found": found, "most": MOST_ROWS}
        if found > MOST_ROWS
        else ""
    )
    invented = _("演示数据，均为虚构。") if settings.XIEZHI_DEMO else ""
    return " ".join(part for part in (invented, said, cut) if part)


def _xlsx(path: Path, head: str, heads: Sequence[str], rows: Iterable[list[str | float | None]]) -> int:
    with new_workbook(path, row_by_row=True) as book:
        sheet = book.add_worksheet(_("预警"))
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        sheet.set_column(0, 2, 16)
        sheet.set_column(3, 3, 60)
        sheet.set_column(4, 14, 18)
        sheet.freeze_panes(2, 1)
        sheet.write_string(0, 0, head)
        write_texts(sheet, 1, heads, bold)
        count = 0
        for count, cells in enumerate(rows, start=1):
            for column, value in enumerate(cells):
                if isinstance(value, float):
                    sheet.write_number(count + 1, column, value, money)
                else:
                    sheet.write_string(count + 1, column, one_line(value or ""))
        sheet.set_footer(f"&L{head.replace('&', '&&')[:200]}&R&P/&N")
    return count


def _csv(path: Path, head: str, heads: Sequence[str], rows: Iterable[list[str | float | None]]) -> int:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL)
        out.writerow([one_line(head)])
        out.writerow(heads)
        count = 0
        for count, cells in enumerate(_texts(rows), start=1):  # noqa: B007 - the last count is the answer
            out.writerow(cells)
    return count


def _texts(rows: Iterable[list[str | float | None]]) -> Iterator[list[str]]:
    for cells in rows:
        yield [f"{value:.2f}" if isinstance(value, float) else one_line(value or "") for value in cells]
