"""What is asked of an .xls besides its values: errors, numbers as they are shown, what is hidden or struck out."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlrd
import xlwt

from xiezhi.intake.workbooks.marks import Marks
from xiezhi.intake.workbooks.old_workbook import look_at


def style(code: str = "General", *, struck: bool = False) -> xlwt.XFStyle:
    return xlwt.easyxf(f"font: struck_out {'on' if struck else 'off'}", num_format_str=code)


def test_what_every_sheet_shows_hides_and_strikes_out(tmp_path: Path) -> None:
    made = xlwt.Workbook(encoding="utf-8")
    page = made.add_sheet("明细")
    for place, name in enumerate(("流水号", "持股比例", "金额", "单位")):
        page.write(1, 1 + place, name)
    page.write(2, 0, "", style(struck=True))  # blank cells, formatted all the same
    page.write(2, 1, 42, style("000000"))
    page.write(2, 2, 0.6, style("0%"))
    page.write(2, 3, 12345, style('0.00"万"'))
    page.write(2, 4, "民政局", style(struck=True))
    page.write(3, 1, "42A", style("000000"))
    page.write(3, 2, 0.6, style("0.00"))
    page.row(3).set_cell_error(3, 0x07)
    page.write(3, 4, 7, style("0", struck=True))
    page.write(4, 1, 43, style("000000"))
    page.write(4, 2, "", style(struck=True))
    page.row(4).set_cell_error(3, 0x2A)
    page.write(4, 4, 1_000_000_000_000_000, style('"P"0'))
    for row in (2, 4, 5, 9, 12):  # the last of the table is that of number 4
        page.row(row).hidden = True
    for column in (1, 3, 200):
        page.col(column).hidden = True
    page.col(2).width = 5_000
    other = made.add_sheet("续表")
    other.write(0, 0, 0.5, style("0%"))
    made.add_sheet("空")
    made.save(str(tmp_path / "a.xls"))
    assert look_at(tmp_path / "a.xls") == {
        "明细": Marks(
            hidden_rows=2,
            hidden_columns=[(2, 2), (4, 4), (201, 201)],
            struck=2,
            shown={
                2: {1: "000042", 2: "60%", 3: "12345(格式另有含义)"},
                3: {3: "#DIV/0!"},
                4: {1: "000043", 3: "#N/A"},
            },
        ),
        "续表": Marks(shown={0: {0: "50%"}}),
        "空": Marks(),
    }


def test_an_error_that_nobody_knows_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = xlwt.Workbook()
    made.add_sheet("一").row(0).set_cell_error(0, 0x17)
    made.save(str(tmp_path / "a.xls"))
    monkeypatch.delitem(xlrd.error_text_from_code, 0x17)
    assert look_at(tmp_path / "a.xls") == {"一": Marks(shown={0: {0: "#VALUE!"}})}


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4_000])
def test_what_the_library_cannot_read_is_not_looked_at(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(content)
    assert look_at(tmp_path / "a.xls") is None
