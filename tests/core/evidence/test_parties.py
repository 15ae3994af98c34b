"""Who is a party of a hit, as its candidate tells; who stands in its rows is told by tests/web/alerts/test_recused.py."""

from __future__ import annotations

from xiezhi.evidence.parties import candidate_parties
from xiezhi.rules.measures import Measure

MEASURES = {
    "person": Measure(identity="citizen_id"),
    "owners": Measure(identity="citizen_id"),
    "company": Measure(identity="credit_code"),
    "tenderer": Measure(identity="party_id"),
    "account": Measure(identity="bank_account"),
    "amount": Measure(unit="fen"),
}


def test_every_person_and_organisation_among_the_values() -> None:
    candidate = {"person": 7, "owners": [3, None, 4], "company": 12, "tenderer": 5, "account": 9, "amount": 100, "other": 8}
    assert candidate_parties(candidate, MEASURES) == {
        "citizen_id:7",
        "citizen_id:3",
        "citizen_id:4",
        "credit_code:12",
        "party_id:5",
    }


def test_what_is_not_there_is_nobody() -> None:
    assert candidate_parties({"person": None, "owners": []}, MEASURES) == set()
    assert candidate_parties({"person": 7}, {}) == set()
