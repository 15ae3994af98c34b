"""Names of people and organisations: one spelling for what clerks write in many, and how well two spellings agree."""

from __future__ import annotations

import re

from xiezhi.identity.characters import COMMON, HAN, IN_OTHER_FORM, SIMPLIFIED
from xiezhi.identity.cleaning import half_width, half_width_sql, spaced_out, spaced_out_sql, text_sql, trimmed, trimmed_sql
from xiezhi.identity.expressions import (
    EMPTY,
    GradingSql,
    accept,
    cases,
    contains_match,
    graded,
    let,
    let_all,
    matches,
    refuse,
    repair_words,
    untouched,
)
from xiezhi.identity.graded import Graded
from xiezhi.identity.holder import PART_OF_NAME, TRADE
from xiezhi.identity.no_name import (
    DOUBTFUL,
    MALFORMED,
    SEVERAL,
    hidden,
    listed,
    malformed_sql,
    mixed,
    mixed_sql,
    no_name,
    several_sql,
)
from xiezhi.identity.no_person import REMARK
from xiezhi.identity.nothing import PLACEHOLDER, nothing_sql, says_nothing
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.misread import MAYBE, MISREAD

_HIDING = "?？�□*＊×✕✖○◯△▲■█◇"
_LATIN_MISREAD = "[À-ÿ][\u0080-\u009f\u00a1-\u00b6\u00b8-\u00bf‚-›€™Œœ…†‡ˆ‰Š‹ŽžŸ]"
UNREADABLE = f"[{_HIDING}\ue000-\uf8ff\U000f0000-\U0010fffd]|锟斤拷|{_LATIN_MISREAD}|{MISREAD}"
"""What remains of a rare character in a narrower encoding, private-use code points, marks over a hidden character, and text that
was read in another encoding than it was written in."""

DOTS = "•・∙⋅‧･●▪"
"""What is typed for the middle dot between the parts of a name; a full stop counts only between Chinese characters."""

ENDS = rf",;、。!|\-_—·{DOTS}"
"""Marks of a list or a sentence that were left before or behind a name in Chinese characters; a full stop only behind it."""

MARKS_BEFORE = rf"^[{ENDS} ]+([{HAN}])"
MARKS_BEHIND = rf"([{HAN}]|{REMARK})[{ENDS}. ]+$"

DOT_SPACED = rf" *([·{DOTS}]) *"
FULL_STOP = rf"([{HAN}]) ?[.。] ?([{HAN}])"
BETWEEN_HAN = rf"([{HAN}]) ([{HAN}])"

LINE_END = "[\n\r][ \t\n\r]*"
"""Blanks inside a name pad it; a line of its own has the next person, unless these are the lines of an organisation's name."""

_LISTED = listed(HAN, REMARK)
_HIDDEN = hidden(HAN)

_SIMPLIFY = str.maketrans("".join(SIMPLIFIED), "".join(SIMPLIFIED.values()))
_COMMON = str.maketrans("".join(COMMON), "".join(COMMON.values()))


def normal_name(text: str | None) -> Graded:
    """Grade and normalise one delivered name."""
    ends = trimmed(text or "")
    if not ends:
        return Graded(None, None, None)
    if re.search(UNREADABLE, ends) or re.fullmatch(_HIDDEN, half_width(ends)):
        return Graded(None, "name_unreadable", None)
    if _in_lines(ends):
        return Graded(None, SEVERAL, None)
    single = spaced_out(ends)
    halved = half_width(single)
    common = halved.translate(_COMMON)
    clean = _without_marks(common)
    plain = _without_remark(clean)
    dotted = _with_dots(plain)
    closed = _closed(dotted)
    value = closed.translate(_SIMPLIFY)
    fault = _no_name(common, value)
    if fault:
        return Graded(None, fault, None)
    steps = {
        "trimmed": ends != text or clean != common,
        "half_width": halved != single,
        "common_form": common != halved,
        "name_title": plain != clean,
        "name_dot": dotted != plain,
        "name_spacing": single != ends or closed != dotted,
        "traditional": value != closed,
    }
    repairs = ";".join(word for word, done in steps.items() if done) or None
    return Graded(value, "repaired" if repairs else "sound", repairs)


def grading(raw: str) -> GradingSql:
    """Value, grade and repairs of a column of delivered names. A few Chinese characters, all simplified, are sound at once."""
    spoilt = f"[{''.join(SIMPLIFIED)}]|{MAYBE}|{DOUBTFUL}"
    sound = f"{matches(raw, '[一-鿿]{2,24}')} AND NOT {contains_match(raw, spoilt)}"
    return graded(cases((sound, untouched(raw)), (f"{raw} IS NULL OR {raw} = ''", EMPTY), otherwise=_spoilt(raw)), sound)


def agreement(one: str, other: str) -> str:
    """`same`, `close` or `different` for two normalised names; NULL where either is.

    Close: one character more, less or other in names of three and more (in a name of two it would be the half of it), or one
    is a part of the other before or after a middle dot (阿依古丽 and 阿依古丽·买买提).
    """
    part = " OR ".join(
        f"starts_with({long}, {short} || '·') OR ends_with({long}, '·' || {short})"
        for long, short in ((one, other), (other, one))
    )
    return cases(
        (f"{one} = {other}", "'same'"),
        (f"{one} IS NULL OR {other} IS NULL", "CAST(NULL AS VARCHAR)"),
        (f"{part} OR {_one_edit(one, other)}", "'close'"),
        otherwise="'different'",
    )


def _one_edit(one: str, other: str) -> str:
    """Levenshtein distance 1 in characters (DuckDB's own counts bytes): cut at the first place where it may be, tails agree."""
    here = f"left({one}, i) = left({other}, i)"
    tails = " OR ".join(f"substring({one}, i + {a}) = substring({other}, i + {b})" for a, b in ((2, 2), (2, 1), (1, 2)))
    places = f"range(0, greatest(length({one}), length({other})))"
    near = f"list_bool_or(list_transform({places}, lambda i: {here} AND ({tails})))"
    return f"(abs(length({one}) - length({other})) <= 1 AND greatest(length({one}), length({other})) >= 3 AND {near})"


def _no_name(common: str, value: str) -> str | None:
    """The grade of what is nobody's name, with its remark in brackets (张三(等3人)) or without: 户主(本人)."""
    if says_nothing(IdentityKind.NAME, value.upper()):
        return PLACEHOLDER
    found = {no_name(name, _LISTED, TRADE) for name in (common, value)}
    return SEVERAL if SEVERAL in found else MALFORMED if found - {None} or mixed(value, TRADE) else None


def _in_lines(ends: str) -> bool:
    parted = half_width(spaced_out(re.sub(LINE_END, "/", ends)))
    return bool(re.search(LINE_END, ends)) and no_name(parted, _LISTED, TRADE) == SEVERAL


def _without_marks(name: str) -> str:
    return re.sub(MARKS_BEHIND, r"\1", re.sub(MARKS_BEFORE, r"\1", name))


def _without_remark(name: str) -> str:
    found = re.fullmatch(rf"([{HAN}·{DOTS} .]{{2,}}?) ?({REMARK})", name)
    return found[1] if found and not re.search(PART_OF_NAME, found[2]) else name


def _with_dots(name: str) -> str:
    """Full stops twice, since matches may not overlap: 阿.买.提."""
    dotted = re.sub(FULL_STOP, r"\1·\2", re.sub(f"[{DOTS}]", "·", name))
    return re.sub(FULL_STOP, r"\1·\2", dotted)


def _closed(name: str) -> str:
    """Without spaces around dots and between Chinese characters; twice, since matches may not overlap."""
    close = re.sub(DOT_SPACED, r"\1", name)
    return re.sub(BETWEEN_HAN, r"\1\2", re.sub(BETWEEN_HAN, r"\1\2", close))


def _spoilt(raw: str) -> str:
    """The slow way. Here regular expressions inside one another cost less than naming each step."""
    ends = trimmed_sql(raw)
    single = spaced_out_sql(ends)
    halved = half_width_sql(single)
    seen = f"{{'ends': {ends}, 'single': {single}, 'halved': {halved}}}"
    dotted = f"regexp_replace(plain, '[{DOTS}]', '·', 'g')"
    for _ in range(2):
        dotted = rf"regexp_replace({dotted}, '{FULL_STOP}', '\1·\2', 'g')"
    simple = f"translate(closed, {text_sql(''.join(SIMPLIFIED))}, {text_sql(''.join(SIMPLIFIED.values()))})"
    repairs = repair_words(
        (f"seen.ends <> {raw} OR clean <> common", "trimmed"),
        ("seen.halved <> seen.single", "half_width"),
        ("common <> seen.halved", "common_form"),
        ("plain <> clean", "name_title"),
        ("dotted <> plain", "name_dot"),
        ("seen.single <> seen.ends OR closed <> dotted", "name_spacing"),
        ("simple <> closed", "traditional"),
    )
    several = " OR ".join(several_sql(name, _LISTED, TRADE) for name in ("common", "simple"))
    malformed = " OR ".join(malformed_sql(name, TRADE) for name in ("common", "simple"))
    outcome = cases(
        (nothing_sql(IdentityKind.NAME, "upper(simple)"), refuse(PLACEHOLDER)),
        (several, refuse(SEVERAL)),
        (f"{malformed} OR {mixed_sql('simple', TRADE)}", refuse(MALFORMED)),
        otherwise=accept("simple", repairs),
    )
    verdict = let("simple", simple, outcome)
    names = {"seen": seen, "common": _common_sql("seen.halved"), "clean": _marks_sql("common"), "plain": _remark_sql("clean")}
    steps = let_all(names | {"dotted": dotted, "closed": _closed_sql("dotted")}, verdict)
    unreadable = f"{contains_match(ends, UNREADABLE)} OR {matches(half_width_sql(ends), _HIDDEN)}"
    return cases(
        (f"{ends} = ''", EMPTY),
        (unreadable, refuse("name_unreadable")),
        (_in_lines_sql(ends), refuse(SEVERAL)),
        otherwise=steps,
    )


def _in_lines_sql(ends: str) -> str:
    parted = half_width_sql(spaced_out_sql(f"regexp_replace({ends}, '{LINE_END}', '/', 'g')"))
    return f"{contains_match(ends, LINE_END)} AND {several_sql(parted, _LISTED, TRADE)}"


def _common_sql(name: str) -> str:
    common = f"translate({name}, {text_sql(''.join(COMMON))}, {text_sql(''.join(COMMON.values()))})"
    return cases((contains_match(name, IN_OTHER_FORM), common), otherwise=name)


def _marks_sql(name: str) -> str:
    before = f"regexp_replace({name}, '{MARKS_BEFORE}', '{chr(92)}1')"
    return f"regexp_replace({before}, '{MARKS_BEHIND}', '{chr(92)}1')"


def _remark_sql(halved: str) -> str:
    titled = matches(halved, rf"[{HAN}·{DOTS} .]{{2,}} ?{REMARK}")
    kept = contains_match(f"regexp_extract({halved}, '{REMARK}$')", PART_OF_NAME)
    return cases((f"{titled} AND NOT {kept}", f"regexp_replace({halved}, ' ?{REMARK}$', '')"), otherwise=halved)


def _closed_sql(name: str) -> str:
    close = rf"regexp_replace({name}, '{DOT_SPACED}', '\1', 'g')"
    for _ in range(2):
        close = rf"regexp_replace({close}, '{BETWEEN_HAN}', '\1\2', 'g')"
    return close
