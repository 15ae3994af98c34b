"""Columns of few distinct texts are coded as they stream by; of too many they are text after all."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pytest

from xiezhi.intake.rows import coding
from xiezhi.intake.rows.coding import Coder, TooManyCodes


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


@pytest.mark.parametrize(
    ("texts", "coded"),
    [
        ([], False),
        (["甲"], True),  # one row repeats itself as far as it can
        (["甲", "乙"], False),
        (["甲", "乙", "甲"], False),
        (["甲", "乙", "甲", "乙"], True),
        (["甲", "乙", "丙", "甲", "乙", "甲"], True),
        (["甲", "乙", "丙", "丁", "甲", "乙"], False),
    ],
)
def test_a_column_is_coded_where_half_of_its_first_texts_are_different_at_most(texts: list[str], coded: bool) -> None:
    coder = Coder(["c0"], iter([batch(texts), batch(["戊", "戊"])]))
    list(coder.encode())
    assert coder.coded == ({"c0": [*dict.fromkeys(texts), "戊"]} if coded else {})


def test_each_column_is_coded_or_not_for_itself_and_the_schema_says_which() -> None:
    first = pa.record_batch(
        [pa.array(["甲", "甲"]), pa.array(["P1", "P2"]), pa.array([2, 3], pa.int64())], names=["c0", "c1", "_row"]
    )
    coder = Coder(["c0", "c1"], iter([first]))
    schema = coder.schema(["c0", "c1"])
    assert schema == pa.schema([("c0", pa.int32()), ("c1", pa.string()), ("_row", pa.int64())])
    [encoded] = coder.encode()
    assert (encoded.schema, encoded.to_pydict()) == (schema, {"c0": [0, 0], "c1": ["P1", "P2"], "_row": [2, 3]})


def test_a_column_that_was_given_up_is_text_from_there_on() -> None:
    coder = Coder(["c0"], iter([batch(["甲", "甲"])]))
    assert coder.give_up("c0") == []
    assert (coder.coded, coder.schema(["c0"]).field("c0").type) == ({}, pa.string())
    assert [block.column("c0").to_pylist() for block in coder.encode()] == [["甲", "甲"]]


def test_where_no_rows_come_nothing_is_coded() -> None:
    coder = Coder(["c0"], iter([]))
    assert (coder.coded, list(coder.encode())) == ({}, [])
