"""Events never carry an identity in clear. This notices the numbers by which one would slip in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from xiezhi.kernel.errors import UserError

# Neither part of a longer word, such as a digest, nor of a number with a fraction.
_BEGIN, _END = r"(?<![0-9A-Za-z])(?<!\d\.)", r"(?![0-9A-Za-z])(?!\.\d)"
_CITIZEN = re.compile(rf"{_BEGIN}[1-9]\d{{5}}[ \-]?\d{{8}}[ \-]?\d{{3}}[0-9Xx]{_END}")
_CARDS = r"62\d{14,17}|[45]\d{15}|[456]\d{3}(?:[ \-]\d{4}){3}(?:[ \-]?\d{1,3})?"
_ACCOUNT = re.compile(f"{_BEGIN}(?:{_CARDS}){_END}")
_LONG = re.compile(rf"{_BEGIN}(?<!-)\d{{11,19}}[Xx]?{_END}(?!-)")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECKS = "10X98765432"


def identities_in(text: str) -> list[str]:
    """The citizen ids and bank card numbers in a text, by their check digits; in any width, in groups or not."""
    plain = text.translate(_FULL_WIDTH)
    citizens = (found for found in _CITIZEN.findall(plain) if _is_citizen(_bare(found)))
    accounts = (found for found in _ACCOUNT.findall(plain) if _is_account(_bare(found)))
    return list(dict.fromkeys((*citizens, *accounts)))


def without_identities(text: str) -> str:
    """The text with each such number struck out: for what a stranger wrote, such as an address typed into a browser.

    Phones too, and numbers with a digit mistyped: whatever is as long, unless it is part of a longer word such as a UUID.
    """
    plain = text.translate(_FULL_WIDTH)
    for number in identities_in(plain):
        plain = plain.replace(number, "*" * len(number))
    return _LONG.sub(lambda found: "*" * len(found[0]), plain)


def _bare(number: str) -> str:
    return number.replace(" ", "").replace("-", "")


def _is_citizen(number: str) -> bool:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return number[6:8] in ("18", "19", "20") and number[17].upper() == _CHECKS[total % 11]


def _is_account(number: str) -> bool:
    """The check of bank cards (Luhn)."""
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def refuse_identities(**parts: Any) -> None:
    """Raise UserError if a text anywhere in `parts` holds a citizen id or a bank account number. Says where, never which."""
    for name, value in parts.items():
        for text in _texts(value):
            if len(text) >= 16 and identities_in(text):
                raise UserError(
                    "XZ-AUDIT-01",
                    zh=f"审计事件的 {name} 中含有公民身份号码或银行账号",
                    en=f"the event's {name} holds a citizen id or a bank account number",
                    todo_zh="用编号代替号码；事由中不写号码",
                    todo_en="name the subject by its number in the lake; keep such numbers out of the reason",
                )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(key)
            yield from _texts(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _texts(inner)
