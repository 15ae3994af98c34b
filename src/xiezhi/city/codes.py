"""Identity numbers of people and organisations that can belong to no one, computed for whole columns at once.

Region prefix 99 is assigned neither by GB/T 2260 (provinces end at 82, Taiwan residents use 83) nor to the numbers of foreign
permanent residents, which begin 9 + a province code: 990… would be province 90, which does not exist.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiezhi.identity import citizen, organisation

Digits = NDArray[np.uint8]
"""ASCII, one row a value."""

REGION_PREFIX = "9901"
"""The fictional city; its counties are 990101, 990102, 990103."""

ACCOUNT_PREFIX = "6299990"
"""No bank issues cards under this number."""

_ZERO = ord("0")
_ID_WEIGHTS = np.array(citizen.WEIGHTS, dtype=np.int64)
_ID_CHECKS = np.frombuffer(citizen.CHECK_CHARACTERS.encode(), dtype=np.uint8)
_CODE_ALPHABET = np.frombuffer(organisation.ALPHABET.encode(), dtype=np.uint8)
_CODE_VALUES = np.zeros(128, dtype=np.int64)
_CODE_VALUES[_CODE_ALPHABET] = np.arange(31)
_CODE_WEIGHTS = np.array(organisation.WEIGHTS, dtype=np.int64)
_LEGACY_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
"""GB 11714-1997, the nine-character organisation code inside a credit code."""


def digits(values: Any, width: int) -> Digits:
    """Whole numbers with leading zeros, as ASCII rows of `width`."""
    rest = np.asarray(values, dtype=np.int64).copy()
    out = np.empty((rest.size, width), dtype=np.uint8)
    for place in range(width - 1, -1, -1):
        rest, digit = np.divmod(rest, 10)
        out[:, place] = digit + _ZERO
    return out


def text(value: str, rows: int) -> Digits:
    """The same ASCII text on every row."""
    return np.broadcast_to(np.frombuffer(value.encode(), dtype=np.uint8), (rows, len(value)))


def citizen_ids(region: Any, birth: Any, sequence: Any) -> Digits:
    """18-character ids from six-digit regions, birth dates as yyyymmdd and sequences below 1000 (odd: male)."""
    body = np.hstack([digits(region, 6), digits(birth, 8), digits(sequence, 3)])
    check = _ID_CHECKS[((body.astype(np.int64) - _ZERO) @ _ID_WEIGHTS) % 11]
    return np.hstack([body, check[:, None]])


def credit_codes(kind: str, number: Any) -> Digits:
    """Unified social credit codes of the city. `kind`: the first two characters (91 enterprise, 11 organ, 12 institution)."""
    number = np.asarray(number, dtype=np.int64)
    organisation_body = digits(number, 8)
    remainder = 11 - ((organisation_body.astype(np.int64) - _ZERO) @ _LEGACY_WEIGHTS) % 11
    legacy_check = np.where(remainder == 10, ord("X"), np.where(remainder == 11, _ZERO, remainder + _ZERO)).astype(np.uint8)
    body = np.hstack([text(kind + REGION_PREFIX + "00", number.size), organisation_body, legacy_check[:, None]])
    check = _CODE_ALPHABET[-(_CODE_VALUES[body] @ _CODE_WEIGHTS) % 31]
    return np.hstack([body, check[:, None]])


def accounts(number: Any) -> Digits:
    """19-digit account numbers that satisfy the card check sum (ISO/IEC 7812-1, Luhn)."""
    number = np.asarray(number, dtype=np.int64)
    body = np.hstack([text(ACCOUNT_PREFIX, number.size), digits(number, 11)])
    values = body.astype(np.int64) - _ZERO
    doubled = values[:, ::-1].copy()
    doubled[:, ::2] *= 2
    doubled = np.where(doubled > 9, doubled - 9, doubled)
    check = (-doubled.sum(axis=1) % 10 + _ZERO).astype(np.uint8)
    return np.hstack([body, check[:, None]])


def strings(rows: Digits) -> list[str]:
    """Each ASCII row as a Python string."""
    width = rows.shape[1]
    joined = np.ascontiguousarray(rows).tobytes().decode("ascii")
    return [joined[start : start + width] for start in range(0, len(joined), width)]
