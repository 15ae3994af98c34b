"""The kinds of values that the lake never holds: each is replaced by a number of its own number space."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class IdentityKind(StrEnum):
    """What a sensitive value is. The words are those of contracts (`identity:`), of the vault and of the command line."""

    CITIZEN_ID = "citizen_id"
    CREDIT_CODE = "credit_code"
    PARTY_ID = "party_id"
    NAME = "name"
    PHONE = "phone"
    BANK_ACCOUNT = "bank_account"
    VEHICLE_PLATE = "vehicle_plate"
    ADDRESS = "address"


class Graded(NamedTuple):
    """What became of one delivered value; the words are those of `expressions.GradingSql`."""

    value: str | None
    grade: str | None
    repairs: str | None
