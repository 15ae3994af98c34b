"""Numbers that a workbook shows otherwise than it keeps them, by their format: noughts in front, per cent, thousands, dollars.

A reader gives the number alone: 42 for 000042, which is another code; 0.6 for 60 %; 12345 where a person sees 1.2 below 万元.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal

_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s([^>]*)>")
_CODE = re.compile(rb"\sformatCode\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_FORMAT_ID = re.compile(rb"\snumFmtId\s*=\s*[\"'](\d+)[\"']")
_CELL_STYLES = re.compile(rb"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\s([^>]*)>")
_CELL = re.compile(
    rb"<((?:\w+:)?)c(\s[^>]*)>((?:<(?:\w+:)?f[^>]*/>|<(?:\w+:)?f[^>]*>[^<]*</(?:\w+:)?f>)?)"
    rb"<(?:\w+:)?v>(-?\d+(?:[.]\d+)?(?:[eE][-+]?\d+)?)</(?:\w+:)?v>"
)
_STYLED = re.compile(rb"\ss\s*=\s*[\"'](\d+)[\"']")
_TYPED = re.compile(rb"\st\s*=\s*[\"'](\w+)[\"']")

_KEY = re.compile(r"(?:\"(?P<letters>[A-Za-z]+)\")?(?P<noughts>0+)(?:_.)*")
"""Codes as formats write them: 000000, or "P"00000."""

_NO_DIGITS = re.compile(r"\"[^\"]*\"|\\.|!.|_.|\*.|\[[^\]]*\]")
"""What a format code shows as it stands, or does not show at all."""

_SCALES = re.compile(r"[0#?],+(?![0#?,])")
"""Commas behind the last digit: each takes away three digits."""

BUILT_IN_PERCENT = (b"9", b"10")
"""Formats 0% and 0.00%, which every workbook has without naming them (ECMA-376, part 1, 18.8.30)."""

UNCLEAR = "(格式另有含义)"
"""Written behind a number that its format shows by the thousand, in 万 or in dollars: which is meant, nobody can tell."""

_EXACT = 10**15
"""Excel keeps 15 digits: a longer number has lost its end and is written as Excel shows it, so that grading sees the loss."""

_LITERAL = re.compile(r"\"([^\"]*)\"|\\(.)|!(.)|\[\$([^\]-]*)[^\]]*\]|([^0#?.,;%_*@\[\]])")
_CHANGES_MEANING = re.compile(
    r"[百万亿角]|千(?!克)|(?<![a-z])[wk](?![a-z])|(?<!公)分(?!之)|吨|(?<!公)斤|(?<!千)克|\$|US|HK|€|£|₩|美|欧|英镑|港|澳|台币|日元|韩元|卢布",
    re.IGNORECASE,
)
"""In what a format writes beside the digits. ￥, 元, CNY, 公斤 and 千克 say nothing new; 12吨 in a column of 公斤 does."""

_UNSHOWN = re.compile(r"_.|\*.|\[[^\]]*\]")
"""Room, filling, colours and conditions."""

_SIGNED = re.compile(r"^[^0#?]*[-−(（]")
_SAYS_NOTHING_NEW = "元圆整人民币￥¥公斤千克个户次笔份岁名亩第号年月日、，"
_SAYS_MORE = re.compile(f"/[^0-9#?]|[^\x00-\x7f{_SAYS_NOTHING_NEW}]")
"""￥ and 元 say nothing new; 退, 以上, ≈ and /亩 do."""

_QUOTED_PERCENT = re.compile(r"[0#?.,]+ *(?:\"%\"|\\%|!%) *")
"""0"%": 60 is shown as 60%, not as 6000%."""

_CONDITION = re.compile(r"\[[<>=]")
_COLOUR = re.compile(r"\[(?:[A-Za-z]+\d*|[黑蓝绿红白黄洋青][一-鿿]*)\]")

Show = Callable[[str], str | None]
"""A kept number → what is read for it, None where it stands as it is."""

Styles = Mapping[int, Show]
"""Number of a cell style → how it shows numbers."""


def changing_styles(archive: zipfile.ZipFile) -> Styles:
    """The cell styles of a workbook that show numbers otherwise than they are kept; empty for almost every workbook."""
    part = next((name for name in archive.namelist() if name.replace("\\", "/").lower() == "xl/styles.xml"), None)
    if part is None:
        return {}
    styles = archive.read(part)
    shows: dict[bytes, Show] = dict.fromkeys(BUILT_IN_PERCENT, _percent)
    for [attributes] in (match.groups() for match in _FORMAT.finditer(styles)):
        code, number = _CODE.search(b" " + attributes), _FORMAT_ID.search(b" " + attributes)
        show = show_of(html.unescape((code[1] or code[2] or b"").decode("utf-8", "replace"))) if code else None
        if show and number:
            shows[number[1]] = show
    listed = _CELL_STYLES.search(styles)
    used = [_FORMAT_ID.search(b" " + match[1]) for match in _STYLE.finditer(listed[0])] if listed else []
    return {place: shows[number[1]] for place, number in enumerate(used) if number and number[1] in shows}


def written_out(sheet: bytes, styles: Styles) -> bytes:
    """A sheet's XML in which the numbers of these styles stand as texts, as they are shown."""

    def as_text(cell: re.Match[bytes]) -> bytes:
        prefix, attributes, formula, number = cell.groups()
        style, kind = _STYLED.search(attributes), _TYPED.search(attributes)
        show = styles.get(int(style[1])) if style else None
        shown = show(number.decode()) if show and not (kind and kind[1] != b"n") else None
        if shown is None:
            return cell[0]
        bare = _TYPED.sub(b"", attributes)
        return b'<%bc%b t="str">%b<%bv>%b</%bv>' % (prefix, bare, formula, prefix, shown.encode(), prefix)

    return _CELL.sub(as_text, sheet)


def number_text(value: float) -> str:
    """A number as a person sees it: whole ones without .0, those of more than 15 digits in E notation."""
    if abs(value) >= _EXACT:
        mantissa, exponent = f"{value:.14E}".split("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{int(exponent):+03d}"
    if value == int(value):
        return str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")


def show_of(code: str) -> Show | None:
    """How a format code shows positive numbers, where that is not by their own digits."""
    positive = code.split(";")[0]
    key = _KEY.fullmatch(positive)
    if key and (key["letters"] or len(key["noughts"]) > 1):
        return lambda number: _as_key(number, key["letters"] or "", len(key["noughts"]))
    digits = _NO_DIGITS.sub("", positive)
    if "%" in digits:
        return _percent
    if _QUOTED_PERCENT.fullmatch(positive):
        return lambda number: f"{number}%"
    beside = "".join(part for literal in _LITERAL.findall(positive) for part in literal)
    unclear = _SCALES.search(digits) or _CHANGES_MEANING.search(beside)
    if unclear and re.search("[0#?]", digits):
        return lambda number: number + UNCLEAR
    of_positive, of_negative = _speaks(code, positive), _hides_minus(code)
    if not (of_positive or of_negative):
        return None
    return lambda number: number + UNCLEAR if (of_negative if number.startswith("-") else of_positive) else None


def _speaks(code: str, positive: str) -> bool:
    """Whether a positive number is shown with a minus, with words that say more than its unit, as words alone, or not at all."""
    digits = _NO_DIGITS.sub("", positive)
    if not re.search("[0#?]", digits):
        return bool(code) and not digits.strip()
    if re.search("[yhs]|m+:", digits, re.IGNORECASE):
        return False  # a moment with a fraction of a second
    said = "".join(part for literal in _LITERAL.findall(_UNSHOWN.sub("", positive)) for part in literal)
    quoted = "".join(re.findall(r'"([^"]*)"', positive))
    return bool(_CONDITION.search(code) or _SIGNED.search(_shown(positive)) or _SAYS_MORE.search(said + quoted))


def _shown(section: str) -> str:
    return re.sub(r'["\\!]', "", _UNSHOWN.sub("", section))


def _hides_minus(code: str) -> bool:
    """Whether a negative number is shown as a positive one: neither minus nor brackets nor a colour of its own."""
    sections = code.split(";")
    if len(sections) == 1 or "@" in sections[1]:  # the last section may be that of texts: yyyy-mm-dd;@
        return False
    return not (_SIGNED.search(_shown(sections[1])) or _COLOUR.search(sections[1]))


def _as_key(number: str, letters: str, width: int) -> str | None:
    shown = letters + number.rjust(width, "0")
    return shown if number.isdigit() and shown != number else None


def _percent(number: str) -> str:
    """0.6 → 60%. A workbook keeps 15 digits; what binary arithmetic adds behind them is not shown."""
    shown = f"{round(Decimal(number) * 100, 12):f}"
    return f"{shown.rstrip('0').rstrip('.') if '.' in shown else shown}%"
