"""Phones, bank accounts, vehicle plates, party ids and addresses: what is recognised, and its one spelling."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from xiezhi.identity.cleaning import MASKED, bare, bare_sql, half_width, half_width_sql, trimmed, trimmed_sql
from xiezhi.identity.expressions import (
    EMPTY,
    GradingSql,
    accept,
    cases,
    contains_match,
    graded,
    let_all,
    matches,
    refuse,
    repair_words,
    untouched,
)
from xiezhi.identity.graded import Graded
from xiezhi.kernel.identity_kind import IdentityKind

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"


@dataclass(frozen=True)
class Shape:
    """What a kind of value looks like once it is cleaned.

    `plain`: at once sound. `sound`: sound after cleaning. `drop`: characters of no meaning. `prefix`: left out at the front.
    `suffix`: left out at the end, with its own repair word. `malformed` None: every text is sound.
    """

    plain: str
    sound: str
    malformed: str | None
    masked: str | None = None
    drop: str = ""
    prefix: str = ""
    suffix: str = ""
    inner_blanks: bool = False


SHAPES = {
    IdentityKind.PHONE: Shape(
        plain="1[3-9][0-9]{9}",
        sound="1[3-9][0-9]{9}|0[1-9][0-9]{8,10}",
        malformed="phone_malformed",
        drop="[-()—]",
        prefix=r"(\+|00)?86",
    ),
    IdentityKind.BANK_ACCOUNT: Shape(
        plain="[0-9]{9,32}",
        sound="[0-9]{9,32}",
        malformed="account_malformed",
        masked="account_masked",
        drop="-",
        suffix=r"\.0+",
    ),
    IdentityKind.VEHICLE_PLATE: Shape(
        plain=f"[{PROVINCES}][A-Z][A-HJ-NP-Z0-9]{{5,6}}",
        sound=f"[{PROVINCES}][A-Z][A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳]",
        malformed="plate_malformed",
        drop="[-·•.]",
    ),
    IdentityKind.PARTY_ID: Shape(plain="[0-9A-Za-z]([!-~]*[0-9A-Za-z])?", sound=".*", malformed=None, inner_blanks=True),
    IdentityKind.ADDRESS: Shape(plain="[一-鿿0-9]+", sound=".*", malformed=None),
}
"""Phones: MIIT numbering plan, mobile or area code and 7 to 8 digits. Accounts: 9 to 32 digits, no check sum (few banks of a
city use Luhn for passbooks). Plates: GA 36-2018. Party ids are opaque and keep their letters' case."""

RAISED = {IdentityKind.VEHICLE_PLATE}
HALVED = set(SHAPES) - {IdentityKind.PARTY_ID}


def normal_contact(kind: IdentityKind, text: str | None) -> Graded:
    """Grade and normalise one delivered value of a kind in SHAPES."""
    shape = SHAPES[kind]
    cleaned = (trimmed if shape.inner_blanks else bare)(text or "")
    if not cleaned:
        return Graded(None, None, None)
    if shape.masked and re.search(MASKED, cleaned):
        return Graded(None, shape.masked, None)
    halved = half_width(cleaned) if kind in HALVED else cleaned
    raised = halved.upper() if kind in RAISED else halved
    cut = re.sub(shape.suffix + r"\Z", "", raised) if shape.suffix else raised
    value = _core(shape, cut)
    if shape.malformed and not re.fullmatch(shape.sound, value):
        return Graded(None, shape.malformed, None)
    steps = {
        "trimmed": cleaned != text or value != cut,
        "half_width": halved != cleaned,
        "upper_x": raised != halved,
        "decimal_suffix": cut != raised,
    }
    repairs = ";".join(word for word, done in steps.items() if done) or None
    return Graded(value, "repaired" if repairs else "sound", repairs)


def grading_of(kind: IdentityKind) -> Callable[[str], GradingSql]:
    """The function that grades a column of one kind in SHAPES."""
    return lambda raw: graded(_outcome(kind, raw), matches(raw, SHAPES[kind].plain))


def _core(shape: Shape, text: str) -> str:
    dropped = re.sub(shape.drop, "", text) if shape.drop else text
    return re.sub(rf"\A({shape.prefix})", "", dropped) if shape.prefix and len(dropped) > 12 else dropped


def _core_sql(shape: Shape, text: str) -> str:
    dropped = f"regexp_replace({text}, '{shape.drop}', '', 'g')" if shape.drop else text
    if not shape.prefix:
        return dropped
    return cases((f"length({dropped}) > 12", rf"regexp_replace({dropped}, '\A({shape.prefix})', '')"), otherwise=dropped)


def _outcome(kind: IdentityKind, raw: str) -> str:
    shape = SHAPES[kind]
    cleaned = (trimmed_sql if shape.inner_blanks else bare_sql)(raw)
    halved = half_width_sql("cleaned") if kind in HALVED else "cleaned"
    steps = {
        "cleaned": cleaned,
        "halved": halved,
        "raised": "upper(halved)" if kind in RAISED else "halved",
        "cut": rf"regexp_replace(raised, '{shape.suffix}\z', '')" if shape.suffix else "raised",
        "core": _core_sql(shape, "cut"),
    }
    repairs = repair_words(
        (f"cleaned <> {raw} OR core <> cut", "trimmed"),
        ("halved <> cleaned", "half_width"),
        ("raised <> halved", "upper_x"),
        ("cut <> raised", "decimal_suffix"),
    )
    branches = [("cleaned = ''", EMPTY)]
    if shape.masked:
        branches.append((contains_match("cleaned", MASKED), refuse(shape.masked)))
    if shape.malformed:
        branches.append((f"NOT {matches('core', shape.sound)}", refuse(shape.malformed)))
    slow = let_all(steps, cases(*branches, otherwise=accept("core", repairs)))
    return cases((matches(raw, shape.plain), untouched(raw)), (f"{raw} IS NULL OR {raw} = ''", EMPTY), otherwise=slow)
