"""Rows set aside stay countable beside their table until their key is delivered again."""

from __future__ import annotations

from pathlib import Path

from tests.core.intake import receiving
from tests.core.intake.receiving import Site, citizen, payment, write_csv

HEADER = (*receiving.HEADER, "原行号", "退回原因")


def back(site: Site) -> list[tuple[int, int, str, str, int]]:
    """Who brought what of whose rows."""
    records = site.lake.deliveries()
    every = [(one.number, said) for one in records for said in one.receipt["mendings"]]
    return [(by, said["delivery"], said["mended"], said["again"], said["unread"]) for by, said in every]


def test_mended_rows_are_told_by_their_key_and_each_once(site: Site, tmp_path: Path) -> None:
    wrong = [payment(number, 补贴金额="一百") for number in (2, 3, 4, 5)]
    (first,) = site.receive(write_csv(tmp_path / "a.csv", [payment(1), *wrong]))
    assert (first.set_aside, first.unkeyed) == (4, 0)
    site.receive(write_csv(tmp_path / "b.csv", [payment(2), payment(3), payment(5, 补贴金额="二百")]))
    site.receive(write_csv(tmp_path / "c.csv", [payment(2), payment(5), payment(9)]))
    assert back(site) == [(2, 1, "3-4", "6", 0), (3, 2, "4", "", 0)], "what went on to the second is the second's"


def test_without_a_readable_key_only_the_file_that_went_back_tells(site: Site, tmp_path: Path) -> None:
    site.receive(write_csv(tmp_path / "a.csv", [payment(1), payment(2, 流水号=""), payment(3, 流水号="")]))
    assert site.lake.deliveries()[0].receipt["unkeyed"] == 2
    site.receive(write_csv(tmp_path / "mended.csv", [payment(2)]))
    assert back(site) == [], "it may be the same row, and nobody can know"
    rows = [[*payment(2, 补贴金额="12"), "3", "必填"], [*payment(3, 流水号=""), "4", "必填"], [*payment(7), "99", "x"]]
    site.receive(write_csv(tmp_path / "00000001-a.csv", rows, header=HEADER))
    assert back(site) == [(3, 1, "", "3-4", 2)], "row 3 is held with another amount, and no row 99 was set aside"
    site.receive(write_csv(tmp_path / "00000001-b.csv", [[*payment(3), "4", "必填"]], header=HEADER))
    assert back(site) == [(3, 1, "", "3-4", 2)], "the row is the third's by now"
    site.receive(write_csv(tmp_path / "00000003-a.csv", [[*payment(4), "3", "必填"]], header=HEADER))
    assert back(site)[1:] == [(5, 3, "3", "", 1)]


def test_the_number_of_a_row_says_nothing_in_a_file_of_another_name_or_table(site: Site, tmp_path: Path) -> None:
    site.receive(write_csv(tmp_path / "a.csv", [payment(1), payment(2, 流水号="")]))
    site.receive(write_csv(tmp_path / "b.csv", [[*payment(2), "3", "必填"]], header=HEADER))
    site.receive(write_csv(tmp_path / "00000009-b.csv", [[*payment(3), "3", "必填"]], header=HEADER))
    assert back(site) == []


ASIDE = "subsidy_payment__set_aside"


def test_the_delivery_that_a_file_names_is_right_whatever_the_file_is_called(site: Site, tmp_path: Path) -> None:
    """Two rows without a number of their own: nothing but what went back says which they were."""
    site.receive(write_csv(tmp_path / "a.csv", [payment(1), payment(2, 流水号=""), payment(3, 流水号="")]))
    header = (*receiving.HEADER, "原交付号", "原行号", "退回原因")
    rows = [[*payment(2), "1", "3", "必填"], [*payment(3), "一", "4", "必填"], [*payment(4), "9", "4", "必填"]]
    site.receive(write_csv(tmp_path / "00000009-b.csv", rows, header=header))
    assert back(site) == [(2, 1, "3", "", 1)], "no delivery is called 一, and 9 is none of this lake's"
    assert [(row["_delivery"], row["_row"]) for row in site.rows(ASIDE, "_delivery, _row")] == [(1, 4)]


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
