"""Verifying an export on a machine that has never seen the site: no database, no Django.

python -m xiezhi.web.audit.offline trail.jsonl [public-key.pem]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from xiezhi.kernel.errors import UserError, XiezhiError
from xiezhi.web.audit.chain import COLUMNS, Event, LinkRow, LooseRow
from xiezhi.web.audit.faults import FaultKind, fault
from xiezhi.web.audit.keys import PublicKey
from xiezhi.web.audit.verify import Evidence, Verdict, verify

WHAT, VERSION = "xiezhi-trail", 1
NAMES = frozenset(COLUMNS)


class _Export:
    """The file, read once from top to bottom."""

    def __init__(self, handle: IO[bytes]) -> None:
        self._lines = handle
        self.damaged = ""
        self.head = self._next() or {}
        if self.head.get("what") != WHAT or self.head.get("version") != VERSION:
            raise UserError(
                "XZ-AUDIT-07",
                zh="不是审计链导出文件",
                en="this is no export of a trail",
                todo_zh="用 xiezhi audit export 生成",
                todo_en="make one with xiezhi audit export",
            )
        self._present = self._next()
        self.links_read = 0

    def checkpoints(self) -> list[bytes]:
        found = []
        while self._present is not None and "checkpoint" in self._present:
            found.append(str(self._present["checkpoint"]).encode())
            self._present = self._next()
        return found

    def links(self) -> Iterator[LinkRow]:
        while self._present is not None and "link" in self._present:
            try:
                seq, event_id, digest, previous, batch = self._present["link"]
                event = _event(self._present["event"])
                row = LinkRow(int(seq), int(event_id), bytes.fromhex(digest), bytes.fromhex(previous), int(batch), event)
            except (ValueError, TypeError, KeyError):
                self.damaged = f"link {self.links_read + 1}"
                return
            self.links_read += 1
            yield row
            self._present = self._next()

    def loose(self) -> Iterator[LooseRow]:
        while self._present is not None and "loose" in self._present:
            try:
                event = _event(self._present["loose"])
            except ValueError:
                event = None
            if event is None:
                self.damaged = "an event without a link"
                return
            yield LooseRow(event, bool(self._present.get("pending")))
            self._present = self._next()

    def complete(self) -> bool:
        return not self.damaged and self._present == {"end": self.links_read} and self._next() is None

    def _next(self) -> dict[str, Any] | None:
        line = self._lines.readline()
        if not line:
            return None
        try:
            value = json.loads(line)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            self.damaged = self.damaged or "a line is no JSON object"
            return None
        return value


def _event(value: Any) -> Event | None:
    """Raises ValueError for what cannot be an event, whatever it says."""
    if value is None:
        return None
    if not isinstance(value, dict) or value.keys() != NAMES or not isinstance(value["at"], str):
        raise ValueError
    return value


def verify_export(path: Path, *, key: PublicKey | None = None, expected: Sequence[tuple[int, str]] = ()) -> tuple[Verdict, str]:
    """The verdict over an export, and the origin it claims. `key`: the public key as the auditor keeps it.

    Without it the key in the export is believed, and whoever made the export chose that: compare the origin.
    """
    with path.open("rb") as handle:
        export = _Export(handle)
        own = PublicKey.of_pem(export.head["public_key"]) if export.head.get("public_key") else None
        believed = key or own
        held = Evidence(export.checkpoints(), believed, expected=expected, gone=export.head.get("gone", ()))
        verdict = verify(export.links(), export.loose(), held, now=datetime.fromisoformat(export.head["made_at"]))
        if not export.complete():
            where = export.damaged or f"link {export.links_read}"
            verdict.add(fault(FaultKind.EXPORT_DAMAGED, ("导出文件", "export"), (f"止于 {where}", f"ends at {where}")))
    return verdict, believed.origin if believed else ""


def main(arguments: Sequence[str]) -> int:
    """Print every fault; 0 where there is none, 5 where there is one."""
    path, *rest = arguments
    key = PublicKey.of_pem(Path(rest[0]).read_text("ascii")) if rest else None
    try:
        verdict, origin = verify_export(Path(path), key=key)
    except XiezhiError as error:
        print(error.message("en"), file=sys.stderr)
        return error.exit_code
    for one in verdict.faults:
        print(one.sentence("zh"), one.sentence("en"), sep=" / ")
    print(f"{origin}: {verdict.links} links, {verdict.checkpoints} checkpoints, {'sound' if verdict.sound else 'NOT SOUND'}")
    return 0 if verdict.sound else 5


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
