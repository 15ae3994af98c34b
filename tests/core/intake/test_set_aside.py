"""Rows set aside stay countable beside their table until their key is delivered again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.intake.receiving import Site, citizen, payment, write_csv

from xiezhi.identity.keyring import Keyring


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, Keyring.fresh())
    yield made
    made.close()


ASIDE = "subsidy_payment__set_aside"


def test_a_row_set_aside_is_kept_as_far_as_it_could_be_read(site: Site, tmp_path: Path) -> None:
    site.receive(write_csv(tmp_path / "a.csv", [payment(1), payment(2, 补贴金额="一百")]))
    (row,) = site.rows(ASIDE, "payment_id, person IS NOT NULL AS known, amount, agency, benefit_month::VARCHAR AS month, _row")
    assert (row["known"], row["amount"], row["month"], row["_row"]) == (True, None, "2021-03-01", 3)


def test_an_unsound_id_is_no_number_there_either(site: Site, tmp_path: Path) -> None:
    site.receive(
        write_csv(
            tmp_path / "a.csv", [payment(1), payment(2, 身份证号=citizen(2)[:-1] + ("1" if citizen(2)[-1] != "1" else "2"))]
        )
    )
    (row,) = site.rows(ASIDE, "person, agency IS NOT NULL AS placed")
    assert row == {"person": None, "placed": True}


def test_a_mended_row_is_missed_no_more(site: Site, tmp_path: Path) -> None:
    site.receive(write_csv(tmp_path / "a.csv", [payment(1), payment(2, 补贴金额="一百"), payment(3, 补贴金额="二百")]))
    site.receive(write_csv(tmp_path / "b.csv", [payment(2)]))
    assert [row["_row"] for row in site.rows(ASIDE, "_row")] == [4]


def test_a_row_that_is_set_aside_again_is_counted_once(site: Site, tmp_path: Path) -> None:
    site.receive(write_csv(tmp_path / "a.csv", [payment(1), payment(2, 补贴金额="一百")]))
    site.receive(write_csv(tmp_path / "b.csv", [payment(2, 补贴金额="二百")]))
    assert [row["_delivery"] for row in site.rows(ASIDE, "_delivery")] == [2]
