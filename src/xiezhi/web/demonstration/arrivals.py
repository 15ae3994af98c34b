"""When the demonstration's departments delivered what: most in time, some late, a few files refused.

The city's data is of one fixed year. Moving it with the calendar would move it across the fiscal years, the norms' days of
effect and the truth that models are marked by; so the calendar of deliveries is moved instead: in a demonstration it counts
from the day after the last delivery, see `DemoDays`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zlib import crc32
from zoneinfo import ZoneInfo

LAST_DAY = date(2026, 1, 12)
"""What the calendar says on the day the demonstration is made."""

ZONE = ZoneInfo("Asia/Shanghai")

_MONTHLY = re.compile(r"(20\d\d)(0[1-9]|1[0-2])")
IN_TIME, TOO_LATE = 8, 26
"""Day of the following month."""
LATE = ("财政统发202508", "岚溯县202505", "檀汐县202505", "麓澜区202505")

REGISTERS = {
    "统计用区划代码": date(2025, 1, 6),
    "补贴项目目录": date(2025, 10, 10),
    "干部亲属备案": date(2025, 10, 20),
    "村级工程项目": date(2025, 12, 9),
    "公共资源交易_ocds_1": date(2025, 12, 9),
    "市场主体人员": date(2025, 12, 30),
    "死亡医学证明": date(2026, 1, 6),
    "户籍注销": date(2026, 1, 6),
    "市场主体登记": date(2026, 1, 6),
    "招标标段": date(2026, 1, 7),
}
"""Files without a month in their names, by how the name begins; all others come on REST."""
REST = date(2026, 1, 9)

BROKEN = {"招标标段20260110.csv": date(2026, 1, 10), "村级工程项目202512.csv": date(2026, 1, 10)}
"""Files that no one can read: what a system gives whose session has ended, saved as data."""
_EXPIRED = "<html><head><title>会话超时</title></head><body><p>登录已失效，请重新登录后再导出。</p></body></html>\n"


def arrivals(delivered: Path) -> list[tuple[datetime, list[Path]]]:
    """Day by day, oldest first. Adds the broken files to those that the city delivered."""
    came: dict[date, list[Path]] = defaultdict(list)
    for path in sorted(delivered.glob("*/*")):
        if path.name not in BROKEN:
            came[_day(path)].append(path)
    folder = delivered / "broken"
    folder.mkdir(exist_ok=True)
    for name, day in BROKEN.items():
        (folder / name).write_text(_EXPIRED, "utf-8")
        came[day].append(folder / name)
    return [(_moment(day, paths), paths) for day, paths in sorted(came.items())]


def _day(path: Path) -> date:
    found = _MONTHLY.search(path.name)
    if found is None:
        return next((day for start, day in REGISTERS.items() if path.name.startswith(start)), REST)
    count = int(found[1]) * 12 + int(found[2])
    return date(count // 12, count % 12 + 1, TOO_LATE if path.name.startswith(LATE) else IN_TIME)


def _moment(day: date, paths: list[Path]) -> datetime:
    """Within office hours, the same every time."""
    minutes = crc32(paths[0].name.encode()) % 480
    return datetime.combine(day, time(9), ZONE) + timedelta(minutes=minutes)
