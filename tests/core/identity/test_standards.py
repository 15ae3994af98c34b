"""Numbers and characters against what the standards say of them, in Python and in SQL: every place, every edge."""

from __future__ import annotations

import unicodedata
from calendar import monthrange
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.identity.conftest import GradeColumn
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity.citizen import check_digit
from xiezhi.identity.cleaning import bare, bare_sql
from xiezhi.identity.graded import Graded
from xiezhi.identity.grading import normal
from xiezhi.identity.nothing import is_nothing
from xiezhi.identity.organisation import check_character
from xiezhi.kernel import clock
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.invisible import INVISIBLE

ID, CODE, NAME, PHONE = IdentityKind.CITIZEN_ID, IdentityKind.CREDIT_CODE, IdentityKind.NAME, IdentityKind.PHONE
ACCOUNT = IdentityKind.BANK_ACCOUNT

CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015, table 1; the place in it is the character's value."""


def _id_sum(number: str) -> int:
    """GB 11643-1999, 4.2.3: the sum of digit times 2^(18-i), which is 1 modulo 11 for a sound number. X is 10."""
    return sum((10 if digit == "X" else int(digit)) * 2 ** (18 - place) for place, digit in enumerate(number, 1)) % 11


def _code_sum(code: str) -> int:
    """GB 32100-2015, annex A: the sum of value times 3^(i-1) over 17 characters, and the last; 0 modulo 31 for a sound code."""
    values = [CODE_CHARACTERS.index(character) for character in code]
    return (sum(value * 3 ** (place - 1) for place, value in enumerate(values[:17], 1)) + values[17]) % 31


def _ids(body: str) -> list[str]:
    return [body + last for last in "0123456789X" if _id_sum(body + last) == 1]


def _codes(body: str) -> list[str]:
    return [body + last for last in CODE_CHARACTERS if _code_sum(body + last) == 0]


def test_each_digit_of_a_citizen_id_weighs_what_the_standard_says() -> None:
    for place in range(17):
        for digit in "123456789":
            body = "0" * place + digit + "0" * (16 - place)
            assert [body + check_digit(body)] == _ids(body)


def test_each_character_of_a_credit_code_weighs_what_the_standard_says() -> None:
    for place in range(17):
        for character in CODE_CHARACTERS:
            body = "0" * place + character + "0" * (16 - place)
            assert [body + check_character(body)] == _codes(body)


@settings(max_examples=3, deadline=None)
@given(st.lists(st.from_regex("[1-9][0-9]{5}19[0-9]{2}(0[1-9]|1[0-2])[012][1-8][0-9]{3}", fullmatch=True), min_size=20))
def test_a_column_holds_ids_to_the_standards_sum(grade_column: GradeColumn, bodies: list[str]) -> None:
    delivered = [body + last for body in bodies for last in "0123456789X"]
    expected = [Graded(one, "sound", None) if _id_sum(one) == 1 else Graded(None, "id_check_digit", None) for one in delivered]
    assert grade_column(ID, delivered) == expected
    assert [normal(ID, one) for one in delivered] == expected


@settings(max_examples=5, deadline=None)
@given(
    st.lists(
        st.builds(
            "{}{}{}".format,
            st.text(CODE_CHARACTERS, min_size=2, max_size=2),
            st.from_regex("[0-9]{6}", fullmatch=True),
            st.text(CODE_CHARACTERS[1:], min_size=9, max_size=9),
        ),
        min_size=10,
    )
)
def test_a_column_holds_codes_to_the_standards_sum(grade_column: GradeColumn, bodies: list[str]) -> None:
    delivered = [body + last for body in bodies for last in CODE_CHARACTERS]
    graded = grade_column(CODE, delivered)
    assert [one.value for one in graded if one.grade == "sound"] == [one for body in bodies for one in _codes(body)]
    assert {one.grade for one in graded} == {"sound", "code_check_digit"}
    assert [normal(CODE, one) for one in delivered] == graded


def test_the_first_and_the_last_day_of_birth(grade_column: GradeColumn) -> None:
    """Half past midnight on the site's clock, when it is yesterday still in UTC."""
    expected = {"18491231": False, "18500101": True, "20260315": True, "20260316": False}
    delivered = [_ids(f"990106{day}123")[0] for day in expected]
    with clock.standing_at(datetime(2026, 3, 14, 16, 30, tzinfo=UTC)):
        for graded in (grade_column(ID, delivered), [normal(ID, one) for one in delivered]):
            assert [one.grade for one in graded] == ["sound" if born else "id_birth_impossible" for born in expected.values()]


@pytest.mark.parametrize("year", [1900, 1999, 2000, 2024])
def test_each_month_ends_where_it_does(grade_column: GradeColumn, year: int) -> None:
    """1900 had no 29 February, 2000 had one."""
    lengths = [monthrange(year, month)[1] for month in range(1, 13)]
    ends = [f"{year}{month:02}{length}" for month, length in enumerate(lengths, 1)]
    after = [f"{year}{month:02}{length + 1}" for month, length in enumerate(lengths, 1)]
    nowhere = [f"{year}0010", f"{year}1310", f"{year}0600"]
    delivered = [_ids(f"990106{day}123")[0] for day in ends + after + nowhere]
    expected = ["sound"] * len(ends) + ["id_birth_impossible"] * (len(after) + len(nowhere))
    assert [one.grade for one in grade_column(ID, delivered)] == expected
    assert [normal(ID, one).grade for one in delivered] == expected


def test_blanks_are_those_of_unicode_and_whatever_is_invisible(engine: DuckDB) -> None:
    """White_Space (PropList), which Python knows but for four separators that it adds."""
    codes = [code for code in (*range(0x20000), *range(0xE0000, 0xE1000)) if not 0xD800 <= code <= 0xDFFF]
    blank = {code for code in codes if chr(code).isspace()} - {0x1C, 0x1D, 0x1E, 0x1F}
    blank |= {code for low, high in INVISIBLE for code in range(low, high + 1)}
    written = [f"a{chr(code)}b" for code in codes]
    engine.register("written", pa.table({"code": codes, "raw": written}))
    bared = [row["bared"] for row in engine.rows(f"SELECT {bare_sql('raw')} AS bared FROM written ORDER BY code")]
    assert {code for code, text in zip(codes, bared, strict=True) if text == "ab"} == blank
    assert [bare(text) for text in written] == bared


def test_a_character_in_another_form_is_the_one_that_it_stands_for(grade_column: GradeColumn) -> None:
    """Every radical and compatibility ideograph that Unicode gives a character (NFKC)."""
    forms = {
        chr(code): unicodedata.normalize("NFKC", chr(code))
        for code in range(0x2E80, 0x30000)
        if any(word in unicodedata.name(chr(code), "") for word in ("RADICAL", "COMPATIBILITY IDEOGRAPH"))
    }
    forms = {one: form for one, form in forms.items() if one != form}
    told = {0x2EF3: 0x9F9F, 0x2F00: 0x4E00, 0x2FD5: 0x9FA0, 0xF900: 0x8C48, 0xFAD9: 0x9F8E, 0x2F800: 0x4E3D, 0x2FA1D: 0x2A600}
    assert {chr(one): chr(form) for one, form in told.items()}.items() <= forms.items()
    graded = grade_column(NAME, [f"王{one}伟" for one in forms])
    assert [one.value for one in graded] == [normal(NAME, f"王{form}伟").value for form in forms.values()]
    assert all("common_form" in (one.repairs or "") for one in graded)
    assert [normal(NAME, f"王{one}伟") for one in forms] == graded


@pytest.mark.parametrize(
    ("kind", "text", "grade"),
    [
        (PHONE, "12345", "phone_malformed"),
        (PHONE, "123456", "placeholder"),
        (PHONE, "987654", "placeholder"),
        (PHONE, "1", "placeholder"),
        (PHONE, "860101234567", "phone_malformed"),
        (PHONE, "8601012345678", "repaired"),
        (ACCOUNT, "12345", "account_malformed"),
        (ACCOUNT, "123456", "placeholder"),
        (ACCOUNT, "62170012", "account_malformed"),
        (ACCOUNT, "621700123", "sound"),
        (ACCOUNT, "62170" * 6 + "12", "sound"),
        (ACCOUNT, "62170" * 6 + "123", "account_malformed"),
    ],
)
def test_a_number_is_as_long_as_it_must_be(grade_column: GradeColumn, kind: IdentityKind, text: str, grade: str) -> None:
    """Six digits counted up fill a cell, five may be a number; a country's 86 stands before eleven digits, no fewer."""
    assert normal(kind, text).grade == grade
    assert grade_column(kind, [text]) == [normal(kind, text)]


def test_an_empty_cell_says_nothing_at_all() -> None:
    """It is no placeholder: nobody wrote one."""
    for kind in IdentityKind:
        assert is_nothing(kind, " \u3000'") is False
        assert normal(kind, " \u3000'") == Graded(None, None, None)
