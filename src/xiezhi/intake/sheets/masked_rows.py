"""Rows of a file that nobody has judged yet, as they may be shown to whoever is about to deliver it.

What stands in a column is what somebody put there. So a value is masked by its field and by its shape, and a row in which any
cell is not of its column's shape, as where columns are shifted, shows nothing at all. Free text shows its first character: it
may name anybody. This is not the judging: a row shown here may still be set aside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from xiezhi.contracts.kinds import FieldKind
from xiezhi.contracts.model import Field
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.masking import MaskedKind, by_shape, discreet, masked

LONGEST = 40
"""Characters that a cell shows at most."""

_FIGURE = re.compile(r"[-+￥¥]?\s*[0-9][0-9,]{0,14}(?:\.[0-9]{1,6})?\s*(?:[百千万亿]{0,2}元|%)?")
_DAY = re.compile(
    r"(?:18|19|20)\d\d(?:[-/.年]\s?\d{1,2}(?:[-/.月]\s?\d{1,2}日?|月)?|\d{2}(?:\d{2})?)"
    r"(?:[ T]\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?)?|[1-6]\d{4}"
)
"""Also as the serial number of a spreadsheet."""
_PLAIN_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_\-/.]*")

SHAPES: dict[FieldKind, re.Pattern[str]] = {
    FieldKind.MONEY: _FIGURE,
    FieldKind.INTEGER: _FIGURE,
    FieldKind.DECIMAL: _FIGURE,
    FieldKind.DATE: _DAY,
    FieldKind.MONTH: _DAY,
    FieldKind.TIMESTAMP: _DAY,
    FieldKind.BOOLEAN: re.compile(r"是|否|有|无|真|假|[01YyNnTtFf]|yes|no|true|false|TRUE|FALSE"),
    FieldKind.REGION: re.compile(r"[1-9](?:\d{5}|\d{8}|\d{11})"),
}
_NO_DIGITS = re.compile(r"[^\d]*")
IDENTITY_SHAPES: dict[IdentityKind, re.Pattern[str]] = {
    IdentityKind.CITIZEN_ID: re.compile(r"\d{15}|\d{17}[\dXx]"),
    IdentityKind.CREDIT_CODE: re.compile(r"[0-9A-Za-z]{18}"),
    IdentityKind.NAME: _NO_DIGITS,
    IdentityKind.PHONE: re.compile(r"[\d+\- ]{7,18}"),
    IdentityKind.BANK_ACCOUNT: re.compile(r"[\d ]{8,36}"),
}


@dataclass(frozen=True)
class MaskedRow:
    """`row`: as a person counts it in the file. `odd`: the fields whose cells are not of their shape; then no cell shows."""

    row: int
    cells: tuple[str, ...]
    odd: tuple[str, ...]


def masked_row(row: int, fields: Sequence[Field], cells: Sequence[str]) -> MaskedRow:
    """`cells` are those of `fields`, in one order."""
    texts = [_visible(cell) for cell in cells]
    odd = tuple(field.name for field, text in zip(fields, texts, strict=True) if text and not _is_of(field, text))
    if odd:
        return MaskedRow(row, tuple(masked(text, MaskedKind.SECRET) for text in texts), odd)
    return MaskedRow(row, tuple(_shown(field, text)[:LONGEST] for field, text in zip(fields, texts, strict=True)), ())


def _visible(cell: str) -> str:
    """In half width and without what nobody sees: a zero-width space inside a number must not undo its shape."""
    return "".join(one for one in unicodedata.normalize("NFKC", cell) if unicodedata.category(one)[0] != "C").strip()


def _is_of(field: Field, text: str) -> bool:
    if field.codelist:
        return text.upper() in field.codelist.spellings
    shape = IDENTITY_SHAPES.get(field.identity) if field.identity else SHAPES.get(field.kind)
    return shape is None or bool(shape.fullmatch(text))


def _shown(field: Field, text: str) -> str:
    if not text:
        return ""
    if field.identity:
        return _identity(field.identity, text)
    if not field.may_be_shown:
        return masked(text, MaskedKind.SECRET)
    if field.kind in (FieldKind.CODE, FieldKind.REGION):
        return text
    if field.kind is FieldKind.TEXT:
        return _free_text(text)
    if field.kind in (FieldKind.DATE, FieldKind.MONTH, FieldKind.TIMESTAMP):
        return str(discreet(field.name, text))
    return by_shape(text)


def _identity(kind: IdentityKind, text: str) -> str:
    """Names their first character, addresses their county; of a number its ends, and of anything else nothing."""
    if kind in (IdentityKind.NAME, IdentityKind.ADDRESS):
        return masked(text, kind)
    shown = by_shape(text)
    return shown if text.isascii() and text.isalnum() and shown != text else masked(text, MaskedKind.SECRET)


def _free_text(text: str) -> str:
    """A code as by its shape; of all else the first character, for it may name a person, in whatever script, or a dwelling."""
    if _PLAIN_CODE.fullmatch(text) and any(one.isdigit() for one in text):
        return by_shape(text)
    return f"{text[0]}…" if len(text) > 1 else "*"
