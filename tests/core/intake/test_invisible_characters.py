"""Characters that nobody sees: a key, a code or a name is the same with and without them, and in another form."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.intake.receiving import HEADER, Site, citizen, payment, write_csv

UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180e\u200b\u200f\u202a\u202e\u2060\u2064\u206f\u3164\ufe00\ufe0f\ufeff"
    "\uffa0\U000e0101"
)


@pytest.mark.parametrize("column", ["流水号", "补贴项目编码", "村代码", "发放日期", "补贴金额", "身份证号", "姓名", "银行账号"])
def test_a_cell_is_the_same_with_an_invisible_character(column: str, site: Site, tmp_path: Path) -> None:
    place = HEADER.index(column)
    plain = payment(1)
    spoilt = []
    for char in UNSEEN:
        cells = payment(1)
        cells[place] = cells[place][:2] + char + cells[place][2:]
        spoilt.append(cells)
    site.receive(write_csv(tmp_path / "a.csv", [plain]))
    [receipt] = site.receive(write_csv(tmp_path / "b.csv", spoilt))
    assert (receipt.set_aside, receipt.repaired, receipt.duplicate) == (0, len(UNSEEN), len(UNSEEN))
    assert len(site.rows("subsidy_payment")) == 1


@pytest.mark.parametrize(("written", "meant"), [
    ("赵⼀", "赵一"), ("王\uf90a", "王金"), ("⽅小明", "方小明"), ("李\U0002f80a", "李僧"),
    ("⾺小明", "马小明"), ("⽅ 明", "方明"),
])  # fmt: skip
def test_a_name_in_radicals_or_compatibility_forms_is_the_name(written: str, meant: str, site: Site, tmp_path: Path) -> None:
    rows = [payment(1, 姓名=meant, 收款人姓名=meant), payment(2, 身份证号=citizen(1), 姓名=written, 收款人姓名=meant)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert receipt.set_aside == 0
    assert ("name", "common_form") in {(one.column, one.repair) for one in receipt.repairs}
    one, other = site.rows("subsidy_payment", "name")
    assert one == other


def test_a_header_with_invisible_characters_is_the_header(site: Site, tmp_path: Path) -> None:
    header = [name[:1] + UNSEEN[place] + name[1:] for place, name in enumerate(HEADER)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1)], header=header))
    assert (receipt.refused, receipt.accepted) == (False, 1)
