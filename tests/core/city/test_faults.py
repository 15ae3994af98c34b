"""faults.csv points at the cells that are faulty, and says of each what a sound receiver makes of it."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

from tests.core.city.conftest import City
from tests.core.city.delivered_files import header_of, rows_of
from xiezhi.city.faults import FAMILIES
from xiezhi.identity.grading import normal
from xiezhi.kernel.identity_kind import IdentityKind

IDENTITY = {
    "id": IdentityKind.CITIZEN_ID,
    "name": IdentityKind.NAME,
    "company": IdentityKind.CREDIT_CODE,
    "account": IdentityKind.BANK_ACCOUNT,
}
BY_NAME = {family.name: family for family in FAMILIES}

Fault = dict[str, str]


@pytest.fixture(scope="module")
def faults(city: City) -> list[Fault]:
    with (city.folder / "faults.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def cells(city: City, faults: list[Fault]) -> dict[int, str]:
    """The delivered text of each cell that faults.csv names, by place in the list."""
    read = cache(rows_of)
    heads = cache(header_of)
    found = {}
    for place, fault in enumerate(faults):
        if fault["column"]:
            path = city.folder / fault["file"]
            row = read(path)[int(fault["row"]) - 1]
            found[place] = row[heads(path).index(fault["column"])]
    return found


def test_each_damaged_identity_is_graded_as_told(faults: list[Fault], cells: dict[int, str]) -> None:
    seen = Counter[str]()
    for place, cell in cells.items():
        fault = faults[place]
        kind = IDENTITY.get(BY_NAME[fault["family"]].kind)
        if kind is None:
            continue
        graded = normal(kind, cell)
        seen[fault["family"]] += 1
        if fault["outcome"] == "repaired":
            assert (graded.value is not None, graded.repairs) == (True, fault["word"]), (fault, cell)
        elif fault["word"] == "required_empty":
            assert cell == ""
        else:
            assert (graded.value, graded.grade) == (None, fault["word"]), (fault, cell)
    assert len(seen) > 15


def test_other_damaged_cells_are_not_what_the_office_usually_writes(faults: list[Fault], cells: dict[int, str]) -> None:
    usual = {"date": r"\d{4}-\d\d-\d\d", "month": r"\d{4}-\d\d", "money": r"-?\d+\.\d\d", "region": r"\d{12}", "code": r"[^?].*"}
    for place, cell in cells.items():
        family = BY_NAME[faults[place]["family"]]
        if family.kind in usual and family.name not in ("date_impossible", "month_impossible"):
            assert not re.fullmatch(usual[family.kind], cell), (faults[place], cell)


def test_every_family_occurs(faults: list[Fault]) -> None:
    told = {fault["family"] for fault in faults}
    assert {family.name for family in FAMILIES} <= told
    assert {
        "row_title",
        "row_total",
        "row_blank",
        "row_shifted",
        "row_short",
        "row_repeated",
        "row_overlap",
        "file_repeated",
    } <= told


def test_outcomes_and_words_are_those_of_receipts(faults: list[Fault]) -> None:
    assert {fault["outcome"] for fault in faults} == {"repaired", "set_aside", "duplicate", "ignored", "graded", "left_out"}
    assert all(bool(fault["word"]) == (fault["outcome"] in ("repaired", "set_aside", "graded", "left_out")) for fault in faults)


def test_rows_out_of_shape_are_where_they_are_said_to_be(city: City, faults: list[Fault]) -> None:
    read = cache(rows_of)
    for fault in faults:
        if not fault["family"].startswith("row_"):
            continue
        rows, place = read(city.folder / fault["file"]), int(fault["row"]) - 1
        row, width = rows[place], len(header_of(city.folder / fault["file"]))
        match fault["family"]:
            case "row_blank":
                assert not any(row)
            case "row_total":
                assert row[0] == "合计"
                assert place == len(rows) - 1
            case "row_subtotal":
                assert row[0] == "小计"
            case "row_shifted":
                assert (row[0], len(row)) == ("", width + 1)
            case "row_short":
                assert len(row) < width
            case "row_repeated":
                assert row == rows[place - 1]


def test_total_rows_add_up(city: City) -> None:
    path = next(city.folder.glob("finance/岚溯县202501*"))
    rows = rows_of(path)
    column = header_of(path).index("发放金额")
    assert float(rows[-1][column]) > 10_000


def test_overlapping_rows_stand_in_the_month_before(city: City, faults: list[Fault]) -> None:
    wanted = defaultdict[str, list[int]](list)
    for fault in faults:
        if fault["family"] == "row_overlap" and fault["file"].startswith("finance"):
            wanted[fault["file"]].append(int(fault["row"]))
    assert len(wanted) == 11
    for file, places in wanted.items():
        month = int(file.split("2025")[1][:2])
        before = {tuple(row) for row in rows_of(city.folder / file.replace(f"2025{month:02d}", f"2025{month - 1:02d}"))}
        rows = rows_of(city.folder / file)
        assert all(tuple(rows[place - 1]) in before for place in places)


def test_rows_that_matter_are_never_lost(city: City, faults: list[Fault]) -> None:
    """No planted or look-alike person loses a row to a fault that cannot be repaired."""
    with (city.folder / "truth.csv").open(encoding="utf-8", newline="") as handle:
        cast = {line["subject"] for line in csv.DictReader(handle) if line["subject_kind"] == "person"}
    read = cache(rows_of)
    for fault in faults:
        if fault["outcome"] == "set_aside" and fault["column"]:
            assert not cast & set(read(city.folder / fault["file"])[int(fault["row"]) - 1]), fault


def test_a_repeated_file_is_the_same_file(city: City, faults: list[Fault]) -> None:
    (again,) = (fault["file"] for fault in faults if fault["family"] == "file_repeated")
    assert (city.folder / again).read_bytes() == (city.folder / Path(again.replace("(重新报送)", ""))).read_bytes()
