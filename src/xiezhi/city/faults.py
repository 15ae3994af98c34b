"""The ways in which delivered cells and rows go wrong, each with what a sound receiver makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from xiezhi.city import names
from xiezhi.identity.citizen import check_digit

Damage = Callable[[str, int], str | None]
"""Value and a number of chance → the damaged value, or None where this fault cannot befall this value."""

_FULL_WIDTH = {ord(char): ord(char) + 0xFEE0 for char in "0123456789X"}
_EXCEL_EPOCH = date(1899, 12, 30).toordinal()


@dataclass(frozen=True)
class Family:
    """One fault of one kind of field. `outcome` is repaired, set_aside, or graded: the row stays, the value becomes empty."""

    name: str
    kind: str
    outcome: str
    word: str
    damage: Damage


def _old_id(value: str, _: int) -> str | None:
    return value[:6] + value[8:17] if value[6:8] == "19" else None


def _spaced(value: str, chance: int) -> str:
    forms = (
        f" {value}",
        f"{value}\t",
        f"{value[:6]} {value[6:14]} {value[14:]}",
        f"{value}\u200b",
        f"'{value}",
        f"\u3000{value}",
    )
    return forms[chance % len(forms)]


def _impossible_birth(value: str, _: int) -> str:
    body = f"{value[:10]}1399"[:14] + value[14:17]
    return body + check_digit(body)


def _wrong_check(value: str, chance: int) -> str:
    return value[:17] + "0123456789"[(int(check_digit(value[:17]).replace("X", "0")) + 1 + chance % 8) % 10]


def _placeholder(_: str, chance: int) -> str:
    return ("111111111111111111", "000000000000000000", "999999999999999999")[chance % 3]


def _masked(value: str, chance: int) -> str:
    return value[:6] + "********" + value[14:] if chance % 2 else value[:4] + "**********" + value[14:]


def _name_spaced(value: str, chance: int) -> str | None:
    return (" ", "\u3000")[chance % 2].join(value) if len(value) == 2 else None


def _name_dot(value: str, chance: int) -> str | None:
    return value.replace("·", "•・"[chance % 2]) if "·" in value else None


def _traditional(value: str, _: int) -> str | None:
    changed = "".join(names.TRADITIONAL.get(char, char) for char in value)
    return changed if changed != value else None


def _grouped(value: str, _: int) -> str | None:
    return f"{float(value):,.2f}" if len(value) > 6 and value[0] != "-" else None


def _dotted(value: str, _: int) -> str:
    day = date.fromisoformat(value)
    return f"{day.year}.{day.month}.{day.day}"


def _chinese(value: str, _: int) -> str:
    day = date.fromisoformat(value)
    return f"{day.year}年{day.month}月{day.day}日"


FAMILIES = (
    Family("id_15", "id", "repaired", "id_15_to_18", _old_id),
    Family("id_lower_x", "id", "repaired", "upper_x", lambda value, _: value.lower() if value[-1] == "X" else None),
    Family("id_full_width", "id", "repaired", "half_width", lambda value, _: value.translate(_FULL_WIDTH)),
    Family("id_spaced", "id", "repaired", "trimmed", _spaced),
    Family("id_decimal", "id", "repaired", "decimal_suffix", lambda value, _: f"{value}.0" if value.isdigit() else None),
    Family("id_scientific", "id", "set_aside", "id_scientific", lambda value, _: f"{value[0]}.{value[1:6]}E+17"),
    Family("id_masked", "id", "set_aside", "id_masked", _masked),
    Family("id_placeholder", "id", "set_aside", "id_placeholder", _placeholder),
    Family("id_wrong_check", "id", "set_aside", "id_check_digit", _wrong_check),
    Family("id_birth", "id", "set_aside", "id_birth_impossible", _impossible_birth),
    Family("id_short", "id", "set_aside", "id_malformed", lambda value, _: value[:16]),
    Family("id_empty", "id", "set_aside", "required_empty", lambda value, _: ""),
    Family("name_spaced", "name", "repaired", "name_spacing", _name_spaced),
    Family("name_dot", "name", "repaired", "name_dot", _name_dot),
    Family("name_title", "name", "repaired", "name_title", lambda value, _: f"{value}(户主)"),
    Family("name_traditional", "name", "repaired", "traditional", _traditional),
    Family("date_dotted", "date", "repaired", "date_format", _dotted),
    Family("date_compact", "date", "repaired", "date_format", lambda value, _: value.replace("-", "")),
    Family("date_chinese", "date", "repaired", "date_format", _chinese),
    Family("date_timed", "date", "repaired", "date_format", lambda value, _: f"{value} 00:00:00"),
    Family(
        "date_serial",
        "date",
        "repaired",
        "date_serial",
        lambda value, _: str(date.fromisoformat(value).toordinal() - _EXCEL_EPOCH),
    ),
    Family("date_impossible", "date", "set_aside", "date_impossible", lambda value, _: f"{value[:4]}-02-30"),
    Family("date_malformed", "date", "set_aside", "date_malformed", lambda value, _: "待定"),
    Family("month_dotted", "month", "repaired", "date_format", lambda value, _: f"{value[:4]}.{int(value[5:])}"),
    Family("month_chinese", "month", "repaired", "date_format", lambda value, _: f"{value[:4]}年{int(value[5:])}月"),
    Family("month_impossible", "month", "set_aside", "date_impossible", lambda value, _: f"{value[:4]}-13"),
    Family("amount_grouped", "money", "repaired", "amount_format", _grouped),
    Family("amount_sign", "money", "repaired", "amount_format", lambda value, _: f"￥{value}"),
    Family("amount_words", "money", "set_aside", "amount_malformed", lambda value, _: "壹佰元整"),
    Family("code_unknown", "code", "set_aside", "code_unknown", lambda value, _: f"?{value}"),
    Family("region_short", "region", "set_aside", "region_malformed", lambda value, _: value[:7]),
    Family("account_masked", "account", "graded", "account_masked", lambda value, _: f"{value[:4]}***********{value[-4:]}"),
    Family(
        "account_spaced",
        "account",
        "repaired",
        "trimmed",
        lambda value, _: " ".join(value[start : start + 4] for start in range(0, 19, 4)),
    ),
    Family(
        "company_wrong_check",
        "company",
        "set_aside",
        "code_check_digit",
        lambda value, _: value[:17] + ("A" if value[17] != "A" else "B"),
    ),
    Family("company_spaced", "company", "repaired", "trimmed", lambda value, _: f" {value} "),
)


def families_for(kind: str) -> tuple[Family, ...]:
    """The faults that befall a kind of field."""
    return tuple(family for family in FAMILIES if family.kind == kind)
