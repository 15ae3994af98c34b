"""Rows of a receipt, the file to mend, and recognising before receiving: on a lake received for real."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from xiezhi.kernel.errors import UserError
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import receive_delivery, recognise_files
from xiezhi.operations.receipt_rows import explain_words, find_returned_file, list_receipt_rows

HEADER = "低保证号,身份证号,姓名,低保类别,起始月份\n"
GOOD = "A1,99010619491231002X,王小明,城市,2025-01\n"
ITEMS = "项目代码,项目名称\n"


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of two deliveries: three faulty rows of five, and a broken file."""
    folder = tmp_path_factory.mktemp("operations")
    file = folder / "低保.csv"
    file.write_text(
        HEADER + GOOD + "A2,990106194912310021,李四,城市,2025-01\nA3,,赵五,火星,2025-01\nA4,99010619491231002x,孙六,城市,2025.1\n"
    )
    broken = folder / "broken.csv"
    broken.write_text("没有,这样,的表\n1,2,3\n")
    receive_delivery(CoreConfig(), [file, broken], folder / "lake")
    return folder / "lake"


def test_marks_come_in_the_order_of_the_file_and_filter(received: Path) -> None:
    found = list_receipt_rows(CoreConfig(), received, 1)
    assert found.total == len(found.rows) >= 4
    assert [row.row for row in found.rows] == sorted(row.row for row in found.rows)
    aside = list_receipt_rows(CoreConfig(), received, 1, outcome="set_aside")
    assert {row.outcome for row in aside.rows} == {"set_aside"}
    assert {row.row for row in aside.rows} == {3, 4}
    check = list_receipt_rows(CoreConfig(), received, 1, column="person", word="id_check_digit")
    assert [row.row for row in check.rows] == [3]
    assert check.rows[0].said.zh == "身份证号校验位不符"
    assert check.rows[0].mend.en == "check the citizen id"


def test_pages_of_marks_do_not_overlap_and_leave_nothing_out(received: Path) -> None:
    whole = list_receipt_rows(CoreConfig(), received, 1).rows
    pages = [list_receipt_rows(CoreConfig(), received, 1, offset=at, limit=2).rows for at in range(0, len(whole), 2)]
    assert tuple(row for page in pages for row in page) == whole


def test_the_returned_file_holds_the_set_aside_rows_and_a_refused_one_has_none(received: Path) -> None:
    path = find_returned_file(CoreConfig(), received, 1)
    assert path is not None
    assert path.read_text().count("\n") == 3, "a header and two rows"
    assert find_returned_file(CoreConfig(), received, 2) is None
    assert list_receipt_rows(CoreConfig(), received, 2).total == 0
    with pytest.raises(UserError):
        find_returned_file(CoreConfig(), received, 99)


def test_every_word_is_told_and_unknown_ones_are_left_out() -> None:
    assert set(explain_words(["required_empty", "trimmed", "no_such"])) == {"required_empty", "trimmed"}


def test_files_are_recognised_without_touching_the_lake(received: Path, tmp_path: Path) -> None:
    names = sorted(path.name for path in received.iterdir())
    plain = tmp_path / "低保.csv"
    plain.write_text(HEADER + GOOD)
    packed = tmp_path / "all.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner.csv", HEADER + GOOD)
        archive.writestr("odd.csv", "没有,这样,的表\n1,2,3\n")
    damaged = tmp_path / "damaged.xlsx"
    damaged.write_bytes(b"PK\x03\x04 no workbook")
    found = recognise_files(CoreConfig(), [plain, packed, damaged], tmp_path / "scratch")
    assert [(one.member, one.contract, one.department) for one in found] == [
        (None, "dibao_member", "civil_affairs"),
        ("inner.csv", "dibao_member", "civil_affairs"),
        ("odd.csv", None, None),
    ]
    assert not list((tmp_path / "scratch").iterdir())
    assert names == sorted(path.name for path in received.iterdir())
