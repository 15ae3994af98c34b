"""Names that departments give their files: what a file system cannot hold is cut, and the ending stays."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from xiezhi.web.deliveries.policies.files import LONGEST_NAME, safe_name


@given(st.text(min_size=1, max_size=400))
def test_every_name_fits_and_stays_a_name(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode("utf-8", "ignore")) <= LONGEST_NAME
    assert "/" not in safe
    assert safe not in {".", ".."}


def test_a_long_chinese_name_keeps_its_ending(tmp_path: Path) -> None:
    for letter in "长𠀀":
        safe = safe_name(letter * 100 + ".xlsx")
        assert safe.endswith(f"{letter}.xlsx")
        (tmp_path / safe).touch()


def test_a_short_name_stays_as_it_is() -> None:
    assert safe_name("2025年1月惠民补贴发放明细(岚溯县).csv") == "2025年1月惠民补贴发放明细(岚溯县).csv"
