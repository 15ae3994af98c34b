"""Free text: trimmed; code-like text (no Chinese characters) also half-width, so that ＰＡＹ１ joins with PAY1.

No text may carry what names a person into the lake: a citizen id, a bank card or a mobile number is taken out wherever it stands.
It gets there by columns shifted, by quotes gone wrong, by a clerk's remark. (Names have no shape to be known by.)
"""

from __future__ import annotations

import re

from xiezhi.contracts.cell import CODE_LIKE, EMPTY_SPELLINGS, ODD, among, literal
from xiezhi.contracts.field import CODE_ENDINGS
from xiezhi.contracts.judgement import Judgement, Reading
from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.model import Field
from xiezhi.kernel.misread import MAYBE, MISREAD
from xiezhi.kernel.no_values import DITTO

_D = "[0-9０-９]"
_GAP = r"[ 　\x{00A0}]{0,2}"
"""What clerks put between the parts of an id. Not a dash: 990101-20240315-0012 is how offices number their own records."""
_DASH = r"[ 　\x{00A0}\-－]{0,2}"
_DAY = "(?:[0０][1-9１-９]|[1１][0-2０-２])(?:[0０][1-9１-９]|[12１２][0-9０-９]|[3３][01０１])"
_YEAR = f"(?:[1１][89８９]|[2２][0０]){_D}{{2}}"
_ID_18 = f"[1-9１-９]{_D}{{2}}{_GAP}{_D}{{3}}{_GAP}{_YEAR}{_GAP}{_DAY}{_GAP}{_D}{{3}}{_GAP}[0-9Xx０-９Ｘｘ]"
_ID_15 = f"[1-9１-９]{_D}{{7}}{_DAY}{_D}{{3}}"
_CARD_18 = f"[6６][2２]{_D}{{14,17}}"
_OLD_CARD = f"(?:[9９][5５][5５][89８９]|[4４][3３][6６][7７]|[4４][5５][6６][3３]|[6６][0０][1１][3３]){_D}{{12,15}}"
"""Given out before Union Pay's 62: 9558 and 9559, 4367, 4563, 6013. Not 51 to 55, which are provinces in many a number."""
_CARD = f"{_CARD_18}|{_OLD_CARD}|[6６][2２]{_D}{{2}}(?:{_GAP}{_D}{{4}}){{3}}(?:{_GAP}{_D}{{1,3}})?"
_NO_YEAR = f"(?:[03-9０３-９]{_D}|[1１][0-8０-８]|[2２][1-9１-９]){_D}{{2}}"
"""131-2024-0001 is a number of the year 2024."""
_MOBILE = f"[1１][3-9３-９](?:{_D}{{9}}|{_D}{_DASH}{_NO_YEAR}{_DASH}{_D}{{4}})"
_APART = "[^0-9A-Za-z０-９]"
_KEY_SHAPES = f"{_ID_18.replace(_GAP, '')}|{_CARD_18}"
"""Of a key only what no register numbers its records by: 15 or 11 digits, or parts with blanks, are numbers like others there."""
_SHAPES = f"{_ID_18}|{_CARD}|{_ID_15}|{_MOBILE}"

_MARKS = r"\s\p{Zs}.,/_·，、()（）\-－"
"""What else stands between the parts of a number that a program or a person took apart."""
_PART = r"[\s\p{Zs}.,/_·，、]{0,3}"
"""The same without the dash, as for `_GAP`."""
_BEFORE_2010 = f"(?:[1１][9９]{_D}|[2２][0０][0０]){_D}"
"""990101.20240315.0012 is a record of the year 2024."""
_PARTED_ID = (
    f"[1-9１-９]{_D}{{5}}{_PART}{_BEFORE_2010}{_PART}{_DAY}{_PART}{_D}{{3}}[0-9Xx０-９Ｘｘ]"
    f"|[1-9１-９]{_D}{{2}}(?:[,，]{_D}{{3}}){{5}}"
)
_PARTED_MOBILE = f"[1１][3-9３-９]{_D}(?:[)）\\-－ ]?{_D}{{8}}|[{_MARKS}]{{0,2}}{_NO_YEAR}[{_MARKS}]{{0,2}}{_D}{{4}})"
_ID_LABEL, _MOBILE_LABEL = "(?i:ID|SFZH?)[:：.]?", "(?i:TEL|PHONE|MOB|MOBILE)[:：.]?"
"""Not NO, DH or SJ before eleven digits: DH19031200015 is an order of 12 March 2019."""
_LETTERED_ID = f"[1-9１-９]{_D}{{5}}[1１][9９]{_D}{{2}}{_DAY}{_D}{{3}}[0-9Xx０-９Ｘｘ]"
"""With any letter before it, where P2025010050000100 is a record: nobody who was born in this century."""
_BESIDE = (
    f"(^|{_APART}|{_ID_LABEL})(?:{_PARTED_ID})([^0-9０-９]|$)",
    f"(^|{_APART}|{_MOBILE_LABEL})(?:[+＋]?86[- ]?)?(?:{_PARTED_MOBILE})([^0-9０-９]|$)",
    f"([A-Za-z]){_LETTERED_ID}([^0-9０-９]|$)",
)
"""Numbers beside which letters stand, or whose parts stand apart by points, commas or brackets. Of texts only, not of keys."""

_CUT = r"[1-9]([.][0-9]+)?[Ee][+][0-9]{1,3}"
"""A long number as a spreadsheet shows it once its end is lost: 2.0240315E+15."""

_DECIMAL = "^([0-9]+)[.]0+$"
"""A code of digits that a spreadsheet or a program took for a number, and wrote with decimals."""

_TOTAL = r"(?:本 ?[页月季年] ?|总 ?)?[合小总共累] ?计 ?(?:数|金额|人数|户数)? ?[:：]?"
_VOIDED = "作 ?废|废 ?弃|删 ?除|剔 ?除|退 ?回|样 ?例|示 ?例|范 ?例|举 ?例|例子"
_VOID = rf".*[(（](?:退货|退回|作废|冲销|红冲)[)）]|[(（【\[]? ?(?:此行|本行|本条|该条|该行|已|全部)? ?(?:{_VOIDED}) ?[)）】\]]?"
"""What a row says of itself where its name, number or code belongs: it is a total, or is not to count."""

REMOVED = "[号码已隐去]"
_MAYBE = f"(?:^|{_APART}|{_ID_LABEL}|{_MOBILE_LABEL}){_D}(?:[{_MARKS}]{{0,3}}{_D}){{10}}|[A-Za-z]{_D}{{6}}[1１][9９]{_D}"
"""Eleven digits that begin where an identity may: P2025010050000100 holds none, and keys like it are most of a register's."""
_WORDS = "|".join(map(re.escape, (*EMPTY_SPELLINGS, *DITTO)))
_NOT_PLAIN = f"{MAYBE}|{ODD}|{_MAYBE}|(?i:E[+][0-9]{{1,3}}$)|{_DECIMAL}|(?i:^(?:{CODE_LIKE}|{_WORDS}|{_TOTAL}|{_VOID})$)"


def judge(field: Field, raw: str, unit: Unit | None) -> Judgement:
    """Sound up to `maxLength` characters, else `text_too_long`. A key that holds an identity, and a required text that is one,
    are refused as `identity_in_text`; any other text loses it. A mark for the cell above is `ditto_mark`. What must be there and
    says 合计 or 作废 is a `total_row`, a `void_row`; what was read in another encoding than it was written in is `text_misread`.
    """
    short = f"length({raw}) <= {field.max_length}"
    return Judgement(
        plain=f"{short} AND NOT regexp_matches({raw}, {literal(_NOT_PLAIN)})",
        plain_value=raw,
        read=lambda text: _reading(field, text),
    )


def _reading(field: Field, text: str) -> Reading:
    if field.primary_key or field.name.endswith(CODE_ENDINGS):
        whole = f"regexp_replace({text}, {literal(_DECIMAL)}, '\\1')"
        return _without_identities(field, whole, f"CASE WHEN {whole} <> {text} THEN 'decimal_suffix' END")
    return _without_identities(field, text)


def _without_identities(field: Field, text: str, *repairs: str) -> Reading:
    needed = field.primary_key or field.required or field.names
    cut, total, void = (
        f"regexp_full_match({text}, {literal(pattern)})" if needed else "false" for pattern in (_CUT, _TOTAL, _VOID)
    )
    ditto = among(f"upper({text})", DITTO)
    if field.primary_key:
        refused, kept = _among(text, _KEY_SHAPES), text
    elif field.required:
        refused, kept = f"regexp_full_match({text}, {literal(f'({_SHAPES})')})", _without(text)
    else:
        refused, kept = "false", _without(text)
    misread = f"regexp_matches({text}, {literal(MISREAD)})"
    faults = (
        f"WHEN {misread} THEN 'text_misread' WHEN {ditto} THEN 'ditto_mark' WHEN {cut} THEN 'number_cut'"
        f" WHEN {refused} THEN 'identity_in_text' WHEN {total} THEN 'total_row' WHEN {void} THEN 'void_row'"
    )
    bad = f"{refused} OR {cut} OR {ditto} OR {total} OR {void} OR {misread}"
    return Reading(
        value=f"CASE WHEN length({text}) <= {field.max_length} AND NOT ({bad}) THEN {kept} END",
        fault=f"CASE {faults} ELSE 'text_too_long' END",
        repairs=(*repairs, f"CASE WHEN {kept} <> {text} THEN 'identity_removed' END"),
    )


def _among(text: str, shapes: str) -> str:
    return f"regexp_matches({text}, {literal(f'(?:^|{_APART})(?:{shapes})(?:$|{_APART})')})"


def _without(text: str) -> str:
    """The text without identities. Twice: two that stand next to each other share the mark between them."""
    pattern, into = literal(f"(^|{_APART})(?:{_SHAPES})($|{_APART})"), literal(rf"\1{REMOVED}\2")
    once = f"regexp_replace({text}, {pattern}, {into}, 'g')"
    found = f"regexp_replace({once}, {pattern}, {into}, 'g')"
    for beside in _BESIDE:
        found = f"regexp_replace({found}, {literal(beside)}, {into}, 'g')"
    return found
