"""The kinds of values that the lake never holds: each is replaced by a number of its own number space in the vault."""

from __future__ import annotations

from enum import StrEnum


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
