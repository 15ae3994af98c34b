"""Who is meant: by id, by identifier, by name; one party has one number wherever it appears in a process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.core.intake.receiving import Site
from tests.core.intake.releasing import Delivered, award, bid, bids, lines, release

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
    "number-id": ([{"id": 7, "identifier": {"scheme": "XX-REG", "id": 711}}], offered(id="7"), won(identifier=identified("711"))),
}  # fmt: skip
NOTHING = identified("00000000")
TWO_PARTIES = {
    "number-and-id": ([], offered(identifier={"id": "7"}), won(id="7")),
    "other-ids": ([], offered(id="7"), won(id="8")),
    "same-name": ([{"id": "7", "name": "Firm"}, {"id": "8", "name": "Firm"}], offered(name="Firm"), won(id="8")),
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
