"""Two neighbouring characters of a text always find it."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from xiezhi.web.kit.search import LONGEST, bigrams, query

LETTERS = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from("abcXYZ0189ＡＢ１２")
TEXTS = st.text(LETTERS, min_size=2, max_size=40)


def found(asked: str, stored: str) -> bool:
    """What `to_tsvector('simple', stored) @@ to_tsquery('simple', asked)` decides."""
    words = set(bigrams(stored).split())
    return all(word in words for word in query(asked).split(" & "))


@given(TEXTS, st.data())
@example("青石县民政局", None)
def test_any_two_neighbours_find_the_text(text: str, data: st.DataObject | None) -> None:
    at = data.draw(st.integers(0, len(text) - 2)) if data else 3
    assert found(text[at : at + 2], text)


@given(TEXTS, st.data())
def test_any_part_finds_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    assert found(text[start : data.draw(st.integers(start + 1, len(text)))], text)


@given(TEXTS, TEXTS)
def test_what_is_not_there_is_not_found(text: str, other: str) -> None:
    pair = other[:2]
    if pair.casefold() not in text.casefold() and pair.isascii() == text.isascii() and not pair.isascii():
        assert not found(pair, text) or query(pair) in query(text)


def test_width_and_case_make_no_difference() -> None:
    assert found("ａｂ", "合同AB-12")
    assert found("ab 12", "合同ＡＢ－１２")


def test_a_pair_does_not_reach_over_punctuation() -> None:
    assert not found("县云", "青石县、云岭镇")
    assert found("青石 云岭", "青石县、云岭镇")


def test_nothing_to_look_for_asks_nothing() -> None:
    assert query(" ,。! ") == ""
    assert query("") == ""


@given(st.text(max_size=LONGEST * 2))
def test_no_input_breaks_the_syntax_of_a_tsquery(text: str) -> None:
    assert all(word.isascii() and word.isalnum() for word in query(text).split(" & ") if word)
    assert all(word.isascii() and word.isalnum() for word in bigrams(text).split())
