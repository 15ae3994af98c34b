"""Who read whom, when and why: a log that cannot be altered unnoticed.

One JSON object a line. Each line carries the code (HMAC) of the line before it and its own, under a key that only the vault
gives; a signed head file says how many lines there are and what the last one's code is, and the vault remembers their number,
signed, too. So an altered, removed, inserted or moved line is noticed, and so is a log that was shortened or is gone. What no
file on the same disk can notice is that vault, log and head were all put back to an earlier day: write the count and code that
`xiezhi vault verify` prints where the site's administrators cannot write.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from xiezhi.identity.sealing import SealingKey
from xiezhi.kernel.durable import write_durably
from xiezhi.kernel.errors import IntegrityError
from xiezhi.kernel.faultpoints import declare, reach
from xiezhi.kernel.hashing import canonical

GENESIS = "0" * 64
"""What the first line names as the code before it."""

LOGGED = declare("vault.reveal_logged", "the reveal's line is written, the head does not count it yet")


@dataclass(frozen=True)
class Head:
    """How many lines, the last one's code, and whether a crash left an unfinished line behind them (nothing was revealed)."""

    count: int
    code: str
    unfinished: bool = False


class RevealLog:
    """The log at `path`, its head beside it. One writer at a time: the vault's own lock sees to that."""

    def __init__(self, path: Path, key: SealingKey) -> None:
        self.path, self._key = path, key
        self.head_path = path.with_suffix(".head")

    def append(self, entry: dict[str, Any], *, at_least: int = 0) -> int:
        """Write one line and flush it to the disk; returns its number.

        Raises IntegrityError where the end of the log is not as it was left.
        """
        head = self._end(at_least)
        line = {**entry, "n": head.count + 1, "previous": head.code}
        line["code"] = self._code(line)
        self._write(canonical(line) + b"\n")
        reach(LOGGED)
        self._write_head(Head(line["n"], line["code"]))
        return int(line["n"])

    def verify(self, *, at_least: int = 0) -> Head:
        """Read all of it. Raises IntegrityError naming the first line that is not as it was written.

        `at_least`: how many lines someone else (the vault) remembers.
        """
        head, marked, last = self._read_head(), None, Head(0, GENESIS)
        lines, unfinished = self._lines()
        for number, text in enumerate(lines, start=1):
            last = Head(number, self._checked(number, text, last.code))
            if head and number == head.count:
                marked = last
        if head and (marked is None or marked.code != head.code) and head.count:
            _altered(last.count + 1, f"{head.count} 行中只余 {last.count} 行", f"{last.count} of {head.count} lines are left")
        if last.count > (head.count if head else 0) + 1:
            _altered(last.count, "日志头文件被退回或删除", "the head file was put back or removed")
        if last.count < at_least:
            _altered(last.count + 1, f"保险库记得 {at_least} 行", f"the vault remembers {at_least} lines")
        return Head(last.count, last.code, unfinished)

    def counted(self, lines: int) -> str:
        """How many lines there are, as the vault remembers it: signed, so that nobody writes a smaller number there."""
        return f"{lines}:{self._code({'lines': lines})}"

    def count_of(self, remembered: str | None) -> int:
        """The number of `counted`. Raises IntegrityError where it is not as it was written, or is gone."""
        number = (remembered or "").partition(":")[0]
        whole = number.isascii() and number.isdigit() and len(number) < 19
        if not whole or not hmac.compare_digest(str(remembered).encode(), self.counted(int(number)).encode()):
            _altered(0, "保险库所记的行数被改动", "the number of lines that the vault remembers was altered")
        return int(number)

    def entries(self) -> Iterator[dict[str, Any]]:
        """Every whole line, oldest first, unverified."""
        for text in self._lines()[0]:
            yield json.loads(text)

    def _end(self, at_least: int) -> Head:
        """The last line, of a log that was read whole: nothing is revealed while a line of it is not as it was written.

        That costs 10 µs a line. Rejected: to look at its last line alone, as a log once did in which two lines had been swapped.
        """
        head = self.verify(at_least=at_least)
        if head.unfinished:
            os.truncate(self.path, sum(len(line) + 1 for line in self._lines()[0]))
        return head

    def _checked(self, number: int, text: bytes, previous: str) -> str:
        """The code of a line, if everything about the line is right."""
        line, code = self._line(number, text)
        if (line.get("n"), line.get("previous")) != (number, previous):
            _altered(number, "前面有行被删除、插入或调换", "lines before it were removed, inserted or moved")
        return code

    def _line(self, number: int, text: bytes) -> tuple[dict[str, Any], str]:
        """A line without its code, and the code, if it is its own."""
        try:
            line: dict[str, Any] = json.loads(text)
            code = str(line.pop("code"))
            sound = hmac.compare_digest(code, self._code(line))
        except (ValueError, KeyError, AttributeError, TypeError):
            _altered(number, "不是一行日志", "it is no line of a log")
        if not sound:
            _altered(number, "内容被改动", "its content was altered")
        return line, code

    def _code(self, line: dict[str, Any]) -> str:
        return self._key.provider.mac(self._key.key, canonical(line)).hex()

    def _lines(self) -> tuple[list[bytes], bool]:
        """The whole lines, and whether an unfinished one follows them."""
        if not self.path.exists():
            return [], False
        *lines, rest = self.path.read_bytes().split(b"\n")
        return lines, bool(rest)

    def _write(self, line: bytes) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as handle:
            handle.write(line)
            handle.flush()
            os.fsync(handle.fileno())

    def _write_head(self, head: Head) -> None:
        content: dict[str, Any] = {"count": head.count, "last": head.code}
        content["code"] = self._code(content)
        write_durably(self.head_path, canonical(content) + b"\n", mode=0o600)

    def _read_head(self) -> Head | None:
        if not self.head_path.exists():
            return None
        try:
            content = json.loads(self.head_path.read_bytes())
            code = str(content.pop("code"))
            sound = hmac.compare_digest(code, self._code(content))
            head = Head(int(content["count"]), str(content["last"])) if sound else None
        except (ValueError, KeyError, AttributeError, TypeError):
            head = None
        return head or _altered(0, "头文件被改动", "the head file was altered")


def _altered(line: int, zh: str, en: str) -> NoReturn:
    raise IntegrityError(
        "XZ-REVEAL-03",
        zh=f"揭示日志第 {line} 行:{zh}。",
        en=f"Reveal log, line {line}: {en}.",
        todo_zh="保全现场并报告安全管理员;在查清之前不再揭示身份。",
        todo_en="Keep everything as it is and tell the security officer; nothing is revealed until this is cleared up.",
    )
