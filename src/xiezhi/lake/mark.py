"""How far the lake has come, beside the ledger: so that a ledger that was put back is no trace of a crash.

Written after each commit. A crash before it leaves the mark behind the ledger, which is nothing; a ledger behind the mark has
forgotten what was committed.
"""

from __future__ import annotations

import json

from xiezhi.kernel.durable import write_durably
from xiezhi.kernel.errors import IntegrityError
from xiezhi.lake.layout import LakeLayout
from xiezhi.lake.ledger import Ledger

NAME = "committed.json"


def leave_mark(layout: LakeLayout, ledger: Ledger) -> None:
    """Note the last delivery and state of the ledger."""
    write_durably(layout.root / NAME, json.dumps(_reached(ledger)).encode(), mode=0o600)


def refuse_an_older_ledger(layout: LakeLayout, ledger: Ledger) -> None:
    """Raises IntegrityError where the lake has been further than the ledger says: what it does not name would be swept."""
    reached, before = _reached(ledger), _mark(layout)
    ends, been = (f"{one['delivery']}/{one['state']}" for one in (reached, before))
    if any(reached[name] < before[name] for name in reached):
        raise IntegrityError(
            "XZ-LAKE-10",
            zh=f"台账只到交付/状态 {ends},湖中已到 {been}:台账丢失或是旧的",
            en=f"the ledger ends with delivery/state {ends}, the lake has been at {been}: the ledger was lost or is old",
            todo_zh="从备份恢复整个数据湖;不要继续写入,没有内容被删除",
            todo_en="restore the whole lake from a backup and write nothing meanwhile; nothing was removed",
        )


def _reached(ledger: Ledger) -> dict[str, int]:
    states = "SELECT coalesce(max(state), 0) AS n FROM states"
    deliveries = "SELECT coalesce(max(number), 0) AS n FROM deliveries"
    return {"delivery": int(ledger.rows(deliveries)[0]["n"]), "state": int(ledger.rows(states)[0]["n"])}


def _mark(layout: LakeLayout) -> dict[str, int]:
    """What was noted. Of a lake of before marks, what its papers say: a crash leaves those of one delivery, the next."""
    try:
        said = json.loads((layout.root / NAME).read_bytes())
        return {"delivery": int(said["delivery"]), "state": int(said["state"])}
    except FileNotFoundError:
        papers = (path.name[:8] for folder in (layout.receipts, layout.set_aside) for path in folder.glob("*"))
        return {"delivery": max((int(name) for name in papers if name.isdigit()), default=1) - 1, "state": 0}
    except (ValueError, TypeError, KeyError) as error:
        raise IntegrityError(
            "XZ-LAKE-13",
            zh=f"{NAME} 读不出来",
            en=f"{NAME} cannot be read",
            todo_zh="从备份恢复整个数据湖",
            todo_en="restore the whole lake from a backup",
        ) from error
