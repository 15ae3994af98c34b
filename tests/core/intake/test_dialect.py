"""Which character separates the cells of a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiezhi.intake.dialect import find_delimiter
from xiezhi.intake.encoding import Utf8File


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("姓名,金额\n张三,1\n", ","),
        ("姓名;金额,元;月份\n张三;1,5;1\n李四;2,5;2\n", ";"),
        ("姓名|金额;元|月份\n张三|1;5|1\n李四|2;5|2\n", "|"),
        ("姓名;金额\n张三;1,5\n李四;2\n", ";"),
    ],
)
def test_of_two_characters_that_every_row_has_the_one_of_more_columns_separates(
    text: str, delimiter: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    assert find_delimiter(Utf8File(path, 0, path.stat().st_size, "utf-8")) == delimiter
