"""Releases whose words or awards say nothing: what rests on them is told as not computable, not as nothing found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.judging import judge
from tests.scenarios.situation import Situation, Situations

Release = dict[str, Any]
BUYER = {"id": "XX-BUYER-1", "name": "采购人1"}


def release(method: str = "open", statuses: Sequence[str] = ("valid", "valid"), *, awarded: bool = True) -> Release:
    """A tender of thirty days with bids of these statuses by firms of their own, of which the first won."""
    firms = [{"id": f"XX-TEST-{number}", "name": f"公司{number}"} for number in range(len(statuses))]
    parties = [firm | {"identifier": {"scheme": "XX-TEST", "id": firm["id"]}, "roles": ["tenderer"]} for firm in firms]
    bids = [
        {"id": f"b{n}", "status": status, "date": "2024-03-02T08:00:00Z", "tenderers": [firms[n]]}
        | {"value": {"amount": 1000 + n, "currency": "CNY"}}
        for n, status in enumerate(statuses)
    ]
    period = {"startDate": "2024-03-01T00:00:00Z", "endDate": "2024-03-31T00:00:00Z"}
    tender = {"id": "t", "status": "complete", "procurementMethod": method, "tenderPeriod": period}
    won = [{"id": "a", "status": "active", "suppliers": firms[:1]}] if awarded else []
    told = {"tag": ["compiled"], "initiationType": "tender", "buyer": BUYER, "parties": [BUYER | {"roles": ["buyer"]}, *parties]}
    return told | {"tender": tender, "bids": {"details": bids}, "awards": won}


def outcomes(code: str, releases: Sequence[Release], folder: Path) -> Mapping[str, int]:
    """Outcome → rows."""
    said = Situations(
        code, {}, tuple(Situation(f"s{n}", "not_computable", "", ({},), releases=(one,)) for n, one in enumerate(releases))
    )
    judged = judge(said, folder)
    assert not judged.hits
    return sum((Counter({row["outcome"]: row["rows"]}) for row in judged.coverage), Counter())


@pytest.mark.parametrize("code", ["R003", "R018"])
@pytest.mark.parametrize("word", ["公开招标", "Öffentlich"])
def test_a_method_that_ocds_has_not_may_be_competitive_or_not(code: str, word: str, tmp_path: Path) -> None:
    found = outcomes(code, [release(), release(word), release("direct")], tmp_path)
    assert found == {"evaluated": 1, "undetermined": 1, "outside": 1}


@pytest.mark.parametrize("code", ["R024", "R025", "R030", "R035", "R036", "R058"])
def test_a_bid_of_a_status_that_ocds_has_not_leaves_its_process_open(code: str, tmp_path: Path) -> None:
    known = [release(statuses=("valid", "valid", "disqualified"))]
    unknown = [release(statuses=("valid", "valid", "合格")), release(statuses=("rejected", "rejected"))]
    found = outcomes(code, known + unknown, tmp_path)
    assert (found.get("evaluated", 0) + found.get("undetermined", 0), found["value_missing"]) == (1, 2)


@pytest.mark.parametrize("code", ["R024", "R025", "R030", "R035", "R036", "R048", "R058"])
def test_without_any_award_it_is_not_computable(code: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="not_computable"):
        outcomes(code, [release(awarded=False)], tmp_path)


def test_a_single_bid_needs_no_award(tmp_path: Path) -> None:
    assert outcomes("R018", [release(awarded=False)], tmp_path) == {"evaluated": 1}


def bids_of(one: Release, *changes: Release) -> Release:
    """The same release with its bids changed in turn; what becomes None is left out."""
    for bid, change in zip(one["bids"]["details"], changes, strict=True):
        bid |= change
        for name in [name for name, value in bid.items() if value is None]:
            del bid[name]
    return one


LATE, DAY = {"date": "2024-04-02T08:00:00Z"}, {"date": "2024-03-31"}


def one_firm(one: Release) -> Release:
    """All bids are the winner's."""
    for bid in one["bids"]["details"]:
        bid["tenderers"] = one["awards"][0]["suppliers"]
    return one


def hour(one: Release) -> Release:
    """Bidding ends at an hour of its last day."""
    one["tender"]["tenderPeriod"]["endDate"] = "2024-03-31T09:00:00+08:00"
    return one


def still_open(one: Release) -> Release:
    one["tender"] |= {"status": "active", "tenderPeriod": {"endDate": "2099-01-01T09:00:00+08:00"}}
    return one


OPEN: dict[str, tuple[str, Release, str]] = {
    "one of no status may be the one in time": (
        "R030", one_firm(bids_of(release(), {"status": None}, LATE)), "value_missing",
    ),
    "one without a date may be the one in time": ("R030", one_firm(bids_of(release(), {"date": None}, LATE)), "undetermined"),
    "a day is not an hour": ("R030", hour(bids_of(release(), DAY, {})), "undetermined"),
    "one of no status may be the lowest": (
        "R036", bids_of(release(statuses=("valid", "disqualified", "")), {}, {"value": {"amount": 990, "currency": "CNY"}},
                        {"value": {"amount": 900, "currency": "CNY"}, "status": None}), "value_missing",
    ),
    "the lowest may be for the same lot": (
        "R036", bids_of(release(statuses=("valid", "disqualified", "valid")), {"relatedLots": ["1"]},
                        {"relatedLots": ["1"], "value": {"amount": 990, "currency": "CNY"}},
                        {"value": {"amount": 900, "currency": "CNY"}}), "undetermined",
    ),
    "one without a price may be the second": (
        "R058", bids_of(release(statuses=("valid",) * 3), {}, {}, {"value": None}), "undetermined",
    ),
    "the winner's own price": ("R058", bids_of(release(statuses=("valid",) * 3), {"value": None}, {}, {}), "undetermined"),
    "others may still come": ("R018", still_open(release(statuses=("valid",), awarded=False)), "undetermined"),
}  # fmt: skip
"""What is open → the rule, a release, and what coverage calls it."""


@pytest.mark.parametrize("what", OPEN)
def test_what_may_decide_leaves_a_process_open(what: str, tmp_path: Path) -> None:
    code, one, reason = OPEN[what]
    assert outcomes(code, [one], tmp_path) == {reason: 1}
