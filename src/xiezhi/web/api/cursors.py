"""Pages by key: the cursor is the last row's own values, so that nothing is skipped or doubled while rows are added."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from http import HTTPStatus

from xiezhi.kernel.words import Words
from xiezhi.web.api.problems import Problem

LIMIT = 100
MOST = 500

WRONG = Problem(
    HTTPStatus.BAD_REQUEST,
    "XZ-API-04",
    Words(zh="游标无效", en="the cursor is not one of ours"),
    Words(zh="原样使用上一页答复中的 next", en="use `next` of the page before as it is"),
)


def cursor_of(values: Sequence[str | int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode().rstrip("=")


def values_of(cursor: str, kinds: Sequence[type]) -> list[str | int]:
    """Raises Problem for what `cursor_of` did not make."""
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        values = json.loads(text)
    except (ValueError, binascii.Error, RecursionError) as error:
        raise WRONG from error
    if not isinstance(values, list) or [type(value) for value in values] != list(kinds):
        raise WRONG
    if any((isinstance(value, int) and abs(value) >= 2**62) or (isinstance(value, str) and "\0" in value) for value in values):
        raise WRONG
    return values
