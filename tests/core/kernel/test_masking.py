"""A masked value never shows more than its kind allows, whatever was typed into the field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi.kernel.masking import MaskedKind, by_shape, discreet, masked

ANY = st.text(min_size=1, max_size=60).map(str.strip).filter(bool)
MOST_SHOWN = {MaskedKind.CITIZEN_ID: 10, MaskedKind.PHONE: 7, MaskedKind.ACCOUNT: 4, MaskedKind.NAME: 1, MaskedKind.PLATE: 4}


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("citizen_id", "990105199003071234", "990105********1234"),
        ("citizen_id", "990105900307123", "990105*****7123"),
        ("citizen_id", "99010590030712", "*" * 14),
        ("phone", "13812345678", "138****5678"),
        ("phone", "037112345678", "037*****5678"),
        ("phone", "0371234567", "******4567"),
        ("phone", "62345678", "****5678"),
        ("phone", "6234567", "***4567"),
        ("phone", "623456", "******"),
        ("account", "6217001234567890123", "********0123"),
        ("account", "621700123456", "********3456"),
        ("account", "62170012345", "********"),
        ("bank_account", "6217001234567890123", "********0123"),
        ("name", "王建国", "王**"),
        ("name", "欧阳春兰", "欧***"),
        ("name", "王五", "王*"),
        ("name", "王", "*"),
        ("plate", "豫A12345", "豫A***45"),
        ("plate", "豫A1234", "*" * 6),
        ("vehicle_plate", "豫AD12345", "豫A****45"),
        ("address", "河南省郑州市金水区文化路12号院3号楼", "河南省郑州市金水区******"),
        ("address", "广西壮族自治区南宁市青秀区民族大道1号", "广西壮族自治区南宁市青秀区******"),
        ("address", "青石县云岭镇石桥村三组", "******"),
        ("address", "北京市", "******"),
        ("email", "lihua@example.cn", "l****@example.cn"),
        ("email", "lee@example.cn", "l****@example.cn"),
        ("email", "li@example.cn", "****@example.cn"),
        ("email", "no address", "******"),
        ("credit_code", "91410100MA4577549X", "9141**********549X"),
        ("credit_code", "91410100MA4577", "9141******4577"),
        ("credit_code", "91410100MA457", "*" * 13),
        ("party_id", "CN-USCC-91410100", "CN-USC*****10100"),
        ("party_id", "CN-USCC-910100", "CN-USC***10100"),
        ("party_id", "CN-USCC-91010", "*" * 13),
        ("birth_date", "1949-10-01", "1949-**-**"),
        ("birth_date", "unknown", "******"),
        ("secret", "open sesame", "******"),
        ("a kind nobody declared", "990105199003071234", "******"),
        ("name", None, ""),
        ("name", "  ", ""),
    ],
)
def test_each_kind_shows_what_practice_shows(kind: str, value: str | None, shown: str) -> None:
    assert masked(value, kind) == shown


@given(ANY, st.sampled_from(sorted(MOST_SHOWN)))
def test_never_more_characters_than_the_kind_allows(value: str, kind: MaskedKind) -> None:
    text = masked(value, kind)
    assert len(text.replace("*", "")) <= MOST_SHOWN[kind]
    assert "*" in text


@given(ANY, st.sampled_from(list(MaskedKind)))
def test_a_value_is_never_shown_whole(value: str, kind: MaskedKind) -> None:
    assert masked(value, kind) != value or set(value) == {"*"}


@given(st.integers(10**5, 10**6 - 1), st.dates(), st.integers(0, 999), st.sampled_from("0123456789X"))
def test_a_citizen_id_never_shows_the_day_of_birth(region: int, born: object, sequence: int, check: str) -> None:
    birth = str(born).replace("-", "")
    shown = masked(f"{region}{birth}{sequence:03d}{check}", MaskedKind.CITIZEN_ID)
    assert shown[6:14] == "********"


@given(st.text("0123456789", min_size=4, max_size=40), st.text("路号楼室村组栋", min_size=1, max_size=6))
def test_an_address_shows_no_house_number(number: str, street: str) -> None:
    assert not any(character.isdigit() for character in masked(f"河南省郑州市金水区{street}{number}号", MaskedKind.ADDRESS))


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("birth_date", "1949-10-01", "1949-**-**"),
        ("person_birth_date", "1949-10-01", "1949-**-**"),
        ("birth_day", "1949-10-01", "1949-**-**"),
        ("birth_dates_known", 3, 3),
        ("rebirth_date", "1949-10-01", "1949-10-01"),
        ("birth_date", None, None),
        ("pay_date", "2024-10-01", "2024-10-01"),
    ],
)
def test_beside_a_masked_identity_no_day_of_birth_stands(column: str, value: object, shown: object) -> None:
    assert discreet(column, value) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("990105199003071234", "99…4"),
        ("99010519900307123X", "99…X"),
        ("9901 0519 9003 0712 34", "99…4"),
        ("身份证990105199003071234,电话138-1234-5678", "身份证99…4,电话13…8"),
        ("91990100MA0000007X", "91…X"),
        ("91990100ma0000007x", "91…x"),
        ("豫A·99887", "豫A****87"),
        ("E12345678", "E1…8"),
        ("zhang.san@example.org", "z****@example.org"),
        ("王小明", "王**"),
        ("欧阳丽娜", "欧***"),
        ("阿依古丽·买买提", "阿*******"),
        ("甲省乙市丙区幸福路9号2单元301室", "甲省乙市丙区******"),
        ("幸福村三组十二号院子东边", "******"),
        ("框架协议采购", "框架协议采购"),
        ("编外", "编外"),
        ("ELD80", "ELD80"),
        ("2021-13-45", "2021-13-45"),
        ("1234567890123.50", "1234567890123.50"),
        ("1.13911112222", "1.…2"),
        ("13812345678.5", "13…5"),
        ("990101.193612200084", "99…4"),
        ("0.123456", "0.123456"),
        ("1,234,567.89", "1,234,567.89"),
        ("990101001", "990101001"),
        ("", ""),
    ],
)
def test_a_text_of_unknown_kind_is_masked_by_its_shape(text: str, shown: str) -> None:
    assert by_shape(text) == shown


HIDDEN = ("990101199003077715", "13812345678", "诸葛亮明", "孙悟空", "LIANGMING")


@pytest.mark.parametrize(
    "written",
    [
        "９９０１０１１９９００３０７７７１５",
        "9901\u200b0119900307\u20607715",
        "990101.19900307/7715",
        "990101_1990\u00a00307 7715",
        "(138)1234-5678",
        "九九零一零一一九九零零三零七七七一五",
        "诸葛 亮明",
        "诸葛亮明（户主）",
        "诸葛亮明、孙悟空",
        "诸葛\u200b亮明",
        "经办人:诸葛亮明 990101199003077715",
        "SUN LIANGMING",
        "孙悟空 诸葛亮明",
        "户主 诸葛亮明",
        "电话13812345678.",
        "13812345678.0",
        "138\u22121234\u22125678",
        "990,101,199,003,077,715",
        "990101|19900307|7715",
        "138*1234*5678",
        "138\u2800123\u280045678",
        "138\u3164123\u316445678",
        "١٣٨١٢٣٤٥٦٧٨",
        "壹叁捌壹贰叁肆伍陆柒捌",
        "Sun Liangming",
    ],
)
def test_however_it_is_written_it_is_not_shown(written: str) -> None:
    shown = by_shape(written)
    assert shown != written
    narrow = "".join(char for char in shown if char.isalnum())
    assert not [value for value in HIDDEN if value in narrow], shown
    assert sum(char.isdecimal() for char in narrow) <= 3


@pytest.mark.parametrize(
    "plain",
    [
        "2024-03-15",
        "2024-03-15 10:20:30",
        "2024-03-15 10:20:30+08:00",
        "9,999,999,999.99",
        "1,234,567.89",
        "GRAIN01",
        "Grain subsidy",
        "Open tender",
        "AREA CODE",
        "补贴金额(万元)",
        "单位：万元",
        "水利局、财政局",
        "2024/02/30 08:00:00",
        "民政局",
        "危房改造补助（第二批）",
        "急诊",
    ],
)
def test_ordinary_words_and_amounts_are_shown_as_they_stand(plain: str) -> None:
    assert by_shape(plain) == plain
