"""What stands in a column of names and is nobody's: several persons in one cell, numbers, days, amounts, codes, JSON.

Each pattern is spelled once, for Python and RE2; it is held against a name in half width, its runs of blanks one space each.
"""

from __future__ import annotations

import re

from xiezhi.identity.expressions import contains_match, matches
from xiezhi.identity.no_person import (
    CLEAN,
    IN_CHARACTERS,
    JOINED,
    MIXED,
    NO_MIXTURE,
    NOBODY,
    PADDED,
    REMARK,
    SIDE_BY_SIDE,
    SYMBOL,
)

SEVERAL, MALFORMED = "name_several", "name_malformed"
"""The grades: several persons, or no name at all."""

_COUNT = "[0-9一二三四五六七八九十百两几数]{1,4}"
AND_OTHERS = rf".+等 ?(?:{_COUNT} ?[人户名位口家]|[人户])[)\]】〕]?"
"""张三等3人. A name may end in 等 (李平等)."""

_FIRM = rf".*[^分支子]公司(?: ?{REMARK})?"
FIRMS = rf"{_FIRM} ?[ 、,/;|+&\\和与及] ?{_FIRM}"
"""红星公司、蓝天公司: two firms, whatever words of organisations are in it. A branch behind its company is no second one."""

CONSORTIUM = "联合体"

_COUNTED = "[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分]"
_NUMERAL = "[〇零一二三四五六七八九十]"
NO_NAME = "|".join(
    (
        r"[￥¥$+\-]*[0-9][0-9 .,:/\-+%￥¥年月日号时分秒元圆角万千百十亿整人户名笔次岁组]*",
        rf"{_COUNTED}+整",
        rf"{_NUMERAL}{{2,4}}年{_NUMERAL}{{1,3}}月(?:{_NUMERAL}{{1,3}}日)?",
        r"[A-Z0-9_\-/.#+]*[0-9][A-Z0-9_\-/.#+]*",
        r"\{.*|\[ ?[\[{\"].*",
    )
)
"""Digits, days, amounts in figures and in words, codes of capitals and digits, JSON. Capitals alone may be a foreigner."""

MARKUP = "&#?[A-Za-z0-9]+;|<[A-Za-z/!]|_x[0-9A-Fa-f]{4}_|:"
"""Of pages and files of a spreadsheet; and a label before the name (户主:张三). No name holds any of it."""

DOUBTFUL = f"等.{{0,4}}[人户名位口家]$|整$|年.+月|某|锟|公司[和与及]|{IN_CHARACTERS}"
"""Occurs in whatever of these is Chinese characters only."""


def hidden(letters: str) -> str:
    """王某, 王XX, 王X强: part of a short name is hidden behind 某 or X. `letters`: a character class."""
    return f"[{letters}]{{1,2}} ?(?:某{{1,2}}|[Xx]{{1,3}}) ?[{letters}]{{0,2}}"


def listed(letters: str, remark: str) -> str:
    """张三、李四: parts of `letters` (a character class), each with a `remark` in brackets or none.

    Blanks do not part them: names are padded with blanks. A comma between Latin words may stand inside one name.
    """
    one = f"[{letters}·]{{1,15}}(?:{remark})?"
    return rf"{one}(?: ?[、/,;|+&\\] ?{one})+"


def no_organisation(names: str) -> str | None:
    """The grade of a text that cannot be the name of one organisation, in half width, its runs of blanks one space each.

    Shops may be called 85度C, 90后奶茶 or 某某人家: only what no name is of anybody is refused.
    """
    if re.fullmatch(AND_OTHERS, names) or _firms(names):
        return SEVERAL
    return MALFORMED if re.fullmatch(NO_NAME, names) or re.search(f"{MARKUP}|{SYMBOL}", names) else None


def no_organisation_sql(name: str) -> str:
    """The same over an expression."""
    several = f"({matches(name, AND_OTHERS)} OR {_firms_sql(name)})"
    malformed = f"({matches(name, NO_NAME)} OR {contains_match(name, f'{MARKUP}|{SYMBOL}')})"
    return f"CASE WHEN {several} THEN '{SEVERAL}' WHEN {malformed} THEN '{MALFORMED}' END"


def no_name(names: str, list_of_names: str, trade: str) -> str | None:
    """The grade of a text that is no name of one person or organisation; None for a name.

    `trade`: words of organisations, whose registered names may list what they do (化肥、农药经营部).
    """
    of_organisation = re.search(trade, names)
    if re.fullmatch(AND_OTHERS, names) or _firms(names) or (_several(names, list_of_names) and not of_organisation):
        return SEVERAL
    if re.fullmatch(NO_NAME, names) or re.search(f"{MARKUP}|{SYMBOL}", names):
        return MALFORMED
    return MALFORMED if re.fullmatch(NOBODY, names) and not of_organisation else None


def _firms(names: str) -> bool:
    return bool(re.fullmatch(FIRMS, names)) and CONSORTIUM not in names


def _several(names: str, list_of_names: str) -> bool:
    side_by_side = re.fullmatch(SIDE_BY_SIDE, names) and not re.fullmatch(PADDED, names)
    return bool(side_by_side or re.fullmatch(f"{list_of_names}|{JOINED}", names))


def mixed(name: str, trade: str) -> bool:
    """Whether a normalised name, short as a person's, holds what is no part of one."""
    short = re.fullmatch(MIXED, name) and not re.fullmatch(CLEAN, name)
    return bool(short) and not re.search(f"{trade}|{NO_MIXTURE}", name)


def mixed_sql(name: str, trade: str) -> str:
    """Condition: the same over an expression."""
    short = f"{matches(name, MIXED)} AND NOT {matches(name, CLEAN)}"
    return f"({short} AND NOT {contains_match(name, f'{trade}|{NO_MIXTURE}')})"


def several_sql(name: str, list_of_names: str, trade: str) -> str:
    """Condition: the same as SEVERAL over an expression."""
    side_by_side = f"({matches(name, SIDE_BY_SIDE)} AND NOT {matches(name, PADDED)})"
    listed_or_beside = f"({matches(name, f'{list_of_names}|{JOINED}')} OR {side_by_side})"
    listed = f"({listed_or_beside} AND NOT {contains_match(name, trade)})"
    return f"({matches(name, AND_OTHERS)} OR {_firms_sql(name)} OR {listed})"


def _firms_sql(name: str) -> str:
    return f"({matches(name, FIRMS)} AND NOT {contains_match(name, CONSORTIUM)})"


def malformed_sql(name: str, trade: str) -> str:
    """Condition: the same as MALFORMED over an expression, where it is not SEVERAL."""
    nobody = f"({matches(name, NOBODY)} AND NOT {contains_match(name, trade)})"
    return f"({matches(name, NO_NAME)} OR {contains_match(name, f'{MARKUP}|{SYMBOL}')} OR {nobody})"
