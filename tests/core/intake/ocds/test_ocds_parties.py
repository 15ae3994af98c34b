"""Who is meant: by id, by identifier, by name; one party has one number wherever it appears in a process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.core.intake.receiving import Site
from tests.core.intake.releasing import Delivered, award, bid, bids, lines, release, tender

from xiezhi.identity.keyring import Keyring


def identified(number: str, scheme: str = "XX-REG") -> dict[str, str]:
    return {"scheme": scheme, "id": number}


def offered(**tenderer: Any) -> dict[str, Any]:
    return bid("1", tenderers=[tenderer])


def won(**supplier: Any) -> list[dict[str, Any]]:
    return [award("a", suppliers=[supplier])]


ONE_PARTY = {
    "id-and-parties": ([{"id": "7", "identifier": identified("711")}], offered(id="7"), won(id="7")),
    "id-then-identifier": ([{"id": "7", "identifier": identified("711")}], offered(id="7"), won(identifier=identified("711"))),
    "identifier-then-id": ([], offered(id="7", identifier=identified("711")), won(id="7")),
    "id-that-is-the-identifier": ([], offered(id="XX-REG-711"), won(identifier=identified("711"))),
    "prefixed-identifier": ([], offered(identifier=identified("XX-REG-711")), won(identifier=identified("711"))),
    "name-then-id": ([{"id": "7", "name": "Firm Seven"}], offered(name="Firm Seven"), won(id="7")),
    "name-in-other-widths": ([{"id": "7", "name": "Firm  Seven"}], offered(name="Ｆｉｒｍ Seven "), won(id="7")),
    "name-twice": ([], offered(name="Firm Seven"), won(name="Firm Seven")),
    "name-of-a-supplier": ([], offered(name="Firm Seven"), won(id="7", name="Firm Seven")),
    "identifier-without-scheme": (
        [{"id": "7", "identifier": {"id": "711"}}], offered(identifier={"id": "711"}), won(id="7")),
    "id-of-nothing": ([{"id": "7", "name": "Firm Seven"}], offered(id="N/A", name="Firm Seven"), won(id="7")),
    "other-case": ([], offered(identifier=identified("7ab11")), won(identifier=identified("7AB11"))),
    "blanks-inside": ([], offered(identifier=identified("711 002")), won(identifier=identified("711002"))),
    "other-width": ([], offered(identifier=identified("７１１")), won(identifier=identified("711"))),
    "scheme-in-other-case": ([], offered(identifier=identified("711", "xx-reg")), won(identifier=identified("711"))),
    "id-in-other-case": ([], offered(id="xx-reg-7ab"), won(identifier=identified("7AB"))),
    "number-in-other-case": ([], offered(identifier={"id": "7ab"}), won(identifier={"id": "7AB"})),
    "dashed-credit-code": (
        [], offered(identifier=identified("99990101-MA00000A-1X", "CN-USCC")), won(id="CN-USCC-99990101MA00000A1X")),
    "number-id": ([{"id": 7, "identifier": {"scheme": "XX-REG", "id": 711}}], offered(id="7"), won(identifier=identified("711"))),
}  # fmt: skip
NOTHING = identified("00000000")
STATED: dict[str, tuple[dict[str, Any], list[dict[str, Any]], int | None]] = {
    "the-number": ({"numberOfTenderers": 4, "tenderers": [{"id": "7"}]}, [{"measure": "bidders", "value": 9}], 4),
    "the-list": ({"tenderers": [{"id": "7"}, {"id": "8"}, {"id": "7"}]}, [{"measure": "bidders", "value": 9}], 2),
    "one-firm-in-two-spellings": (
        {"tenderers": [{"identifier": identified("7a")}, {"identifier": identified("7A")}, {"id": "-"}]}, [], 1),
    "the-bidders": ({}, [{"measure": "bids", "value": 5}, {"measure": "bidders", "value": 3}], 3),
    "the-bids": ({}, [{"measure": "bids", "value": "5"}], 5),
    "those-of-one-lot": ({}, [{"measure": "bids", "value": 5, "relatedLot": "L1"}], None),
    "another-measure": ({}, [{"measure": "disqualifiedBids", "value": 5}], None),
    "a-list-that-names-nobody": ({"tenderers": [{"id": "-"}]}, [{"measure": "bids", "value": 0}], 0),
    "of-no-number-nothing": ({"tenderers": []}, [], None),
}  # fmt: skip
"""What is published of the tenderers, and how many that states."""

TWO_PARTIES = {
    "number-and-id": ([], offered(identifier={"id": "7"}), won(id="7")),
    "other-ids": ([], offered(id="7"), won(id="8")),
    "same-name": ([{"id": "7", "name": "Firm"}, {"id": "8", "name": "Firm"}], offered(name="Firm"), won(id="8")),
    "own-ids-of-other-case": ([], offered(id="a7"), won(id="A7")),
    "dashes-of-another-register": ([], offered(identifier=identified("71-1")), won(identifier=identified("711"))),
    "other-schemes": ([], offered(identifier=identified("1", "XX-REG")), won(identifier=identified("1", "XX-VAT"))),
    "placeholder": (
        [{"id": "7", "name": "A", "identifier": NOTHING}, {"id": "8", "name": "B", "identifier": NOTHING}],
        offered(id="7"), won(id="8")),
    "shared-identifier": (
        [{"id": "7", "name": "A", "identifier": identified("711")}, {"id": "8", "name": "B", "identifier": identified("711")}],
        offered(id="7"), won(id="8")),
}  # fmt: skip


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Delivered]:
    folder = tmp_path_factory.mktemp("parties")
    site = Site(folder, Keyring.fresh())
    situations = {**ONE_PARTY, **TWO_PARTIES}
    first = [release(ocid, parties=parties, bids=bids(offer)) for ocid, (parties, offer, _) in situations.items()]
    second = [release(ocid, 2, 2, "award", awards=awards) for ocid, (_, _, awards) in situations.items()]
    other = [
        release("name-elsewhere", bids=bids(offered(name="Firm Seven"))),
        release("contradicted", parties=[{"id": "7", "identifier": identified("1")}, {"id": "7", "identifier": identified("2")}],
                bids=bids(offered(id="7")), awards=won(id="7")),
        release("nobody", bids=bids(offered(id="-", name="无"))),
        release("namesakes", parties=[{"id": "7", "name": "Firm"}, {"id": "8", "name": "Firm"}], bids=bids(offered(name="Firm")),
                awards=[award("a", "7", "8")]),
        release("other-process", bids=bids(offered(identifier=identified("711")))),
        *(release(ocid, tender=tender(**said), bids={**bids(bid("1", "A")), "statistics": [
            {"id": str(place), **one} for place, one in enumerate(counted)]}) for ocid, (said, counted, _) in STATED.items()),
    ]  # fmt: skip
    yield Delivered(site, [lines(folder / f"{n}.jsonl", block) for n, block in enumerate((first, second, other))])
    site.close()


@pytest.mark.parametrize("ocid", ONE_PARTY)
def test_one_party_has_one_number(ocid: str, lake: Delivered) -> None:
    assert len(lake.firms(ocid)["1"] | lake.suppliers(ocid)["a"]) == 1
    assert None not in lake.firms(ocid)["1"]


@pytest.mark.parametrize("ocid", TWO_PARTIES)
def test_two_parties_have_two(ocid: str, lake: Delivered) -> None:
    assert len(lake.firms(ocid)["1"] | lake.suppliers(ocid)["a"]) == 2


@pytest.mark.parametrize("ocid", STATED)
def test_how_many_tendered_is_what_is_published_of_it(ocid: str, lake: Delivered) -> None:
    """One bid of a tender whose list names three is no single bid."""
    assert lake.tender(ocid)["number_of_tenderers"] == STATED[ocid][2]


def test_a_name_alone_is_a_party_of_its_process_only(lake: Delivered) -> None:
    assert not lake.firms("name-elsewhere")["1"] & lake.firms("name-twice")["1"]
    assert ("ocds_bid_tenderer.tenderer", "party_by_name") in lake.said(1, 3)


def test_an_identifier_is_known_across_processes(lake: Delivered) -> None:
    assert lake.firms("other-process")["1"] == lake.firms("id-then-identifier")["1"] == lake.suppliers("identifier-then-id")["a"]


def test_a_party_that_contradicts_itself_is_known_by_its_id(lake: Delivered) -> None:
    assert lake.firms("contradicted")["1"] == lake.suppliers("contradicted")["a"] == lake.firms("other-ids")["1"]
    assert ("parties", "party_contradicted") in lake.said(2, 3)


def test_nobody_is_nobody(lake: Delivered) -> None:
    assert lake.firms("nobody") == {"1": {None}}
    assert ("ocds_bid_tenderer.tenderer", "party_unnamed") in lake.said(3, 3)


def test_a_name_that_two_bear_is_neither(lake: Delivered) -> None:
    assert len(lake.suppliers("namesakes")["a"]) == 2
    assert not lake.firms("namesakes")["1"] & lake.suppliers("namesakes")["a"]
