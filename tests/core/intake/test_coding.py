"""Columns of few distinct texts are coded as they stream by; of too many they are text after all."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pytest

from xiezhi.intake import coding
from xiezhi.intake.coding import Coder, TooManyCodes


def batch(texts: Sequence[str]) -> pa.RecordBatch:
    return pa.record_batch([pa.array(texts, pa.string())], names=["c0"])


def test_a_column_that_repeats_itself_is_coded() -> None:
    coder = Coder(["c0"], iter([batch(["甲", "乙", "甲", "乙"]), batch(["乙", "丙"])]))
    codes = [block.column("c0").to_pylist() for block in coder.encode()]
    assert coder.coded == {"c0": ["甲", "乙", "丙"]}
    assert codes == [[0, 1, 0, 1], [1, 2]]


def test_a_column_that_hardly_repeats_itself_stays_text() -> None:
    coder = Coder(["c0"], iter([batch(["甲", "乙", "丙", "甲"])]))
    assert [block.column("c0").to_pylist() for block in coder.encode()] == [["甲", "乙", "丙", "甲"]]
    assert coder.coded == {}


def test_a_column_may_have_as_many_codes_as_allowed_and_not_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "MOST_CODES", 2)
    coder = Coder(["c0"], iter([batch(["甲", "甲"]), batch(["乙", "甲"]), batch(["丙", "甲"])]))
    encoded = coder.encode()
    assert [next(encoded).column("c0").to_pylist() for _ in range(2)] == [[0, 0], [1, 0]]
    with pytest.raises(TooManyCodes, match="c0"):
        next(encoded)
    assert coder.give_up("c0") == ["甲", "乙"]
    assert [block.column("c0").to_pylist() for block in coder.encode()] == [["丙", "甲"]]
