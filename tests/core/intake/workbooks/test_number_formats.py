"""Which formats of a workbook show numbers otherwise than it keeps them, however its styles are written."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from xiezhi.intake.workbooks.number_formats import Styles, changing_styles, number_text, show_of, written_out


def styles(xml: str | None) -> Styles:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        if xml is not None:
            archive.writestr("xl/styles.xml", xml)
        return changing_styles(archive)


def test_a_workbook_without_styles_shows_every_number_as_it_is() -> None:
    assert styles(None) == {}


@pytest.mark.parametrize("attributes", [
    'numFmtId="164" formatCode="000000"', "numFmtId='164' formatCode='000000'", "formatCode = '000000' numFmtId = \"164\"",
])  # fmt: skip
def test_a_format_is_found_in_either_quotes(attributes: str) -> None:
    used = '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
    found = styles(f"<styleSheet><numFmts><numFmt {attributes}/></numFmts>{used}</styleSheet>")
    assert {place: show("42") for place, show in found.items()} == {1: "000042"}


def test_a_format_without_a_code_shows_nothing_otherwise() -> None:
    assert styles('<numFmt numFmtId="164"/><cellXfs><xf numFmtId="164"/></cellXfs>') == {}


def shown(found: Styles, number: str = "42") -> dict[int, str | None]:
    """What each style shows of a number."""
    return {place: show(number) for place, show in found.items()}


def used(*formats: str) -> str:
    return f"<cellXfs>{''.join(f'<xf {one}/>' for one in formats)}</cellXfs>"


@pytest.mark.parametrize("name", ["xl/styles.xml", "XL/Styles.xml", "xl\\styles.xml"])
def test_the_part_of_styles_is_found_however_it_is_named(name: str) -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("xl/theme/styles.xml", used('numFmtId="10"', 'numFmtId="10"'))
        archive.writestr(name, used('numFmtId="0"', 'numFmtId="9"'))
        assert shown(changing_styles(archive)) == {1: "4200%"}


def test_styles_are_numbered_as_they_stand_whether_they_name_a_format_or_not() -> None:
    formats = '<numFmt numFmtId="164" formatCode="0.00"/><numFmt numFmtId="165" formatCode="&quot;P&quot;00000"/>'
    cells = used('numFmtId="0"', 'fontId="1"', 'numFmtId="165"', 'numFmtId="164"', 'fontId="2" numFmtId="9"', 'numFmtId="10"')
    of_names = "<cellStyleXfs><xf numFmtId='165'/></cellStyleXfs>"
    found = styles(f"<styleSheet><numFmts>{formats}</numFmts>{of_names}{cells}</styleSheet>")
    assert shown(found) == {2: "P00042", 4: "4200%", 5: "4200%"}


@pytest.mark.parametrize("xml", [
    "<styleSheet/>", '<numFmt numFmtId="164" formatCode="000"/>', '<numFmt formatCode="000"/>' + used('fontId="1"'),
    '<numFmt numFmtId="164" formatCode=""/>' + used('numFmtId="164"'),
])  # fmt: skip
def test_a_format_that_no_style_uses_shows_nothing_otherwise(xml: str) -> None:
    assert styles(xml) == {}


CHANGING: Styles = {2: lambda number: f"{number}%", 3: lambda _: None, 4: lambda number: number.rjust(6, "0")}


@pytest.mark.parametrize(("cell", "expected"), [
    ('<c r="B2" s="2"><v>60</v></c>', '<c r="B2" s="2" t="str"><v>60%</v></c>'),
    ('<c r="B2" s="4" t="n"><v>42</v></c>', '<c r="B2" s="4" t="str"><v>000042</v></c>'),
    ("<c t='n' s='4' r='B2'><v>42</v></c>", "<c s='4' r='B2' t=\"str\"><v>000042</v></c>"),
    ('<c r="B2" s="4"><f>40+2</f><v>42</v></c>', '<c r="B2" s="4" t="str"><f>40+2</f><v>000042</v></c>'),
    ('<c r="B2" s="2"><f t="shared" si="0"/><v>-1.5E-3</v></c>',
     '<c r="B2" s="2" t="str"><f t="shared" si="0"/><v>-1.5E-3%</v></c>'),
    ('<x:c r="B2" s="4"><x:v>42</x:v></x:c>', '<x:c r="B2" s="4" t="str"><x:v>000042</x:v></x:c>'),
])  # fmt: skip
def test_a_number_of_a_changing_style_becomes_the_text_that_is_shown(cell: str, expected: str) -> None:
    around = '<row r="2"><c r="A2" s="1"><v>7</v></c>{}<c r="C2" s="1"><v>8</v></c></row>'
    assert written_out(around.format(cell).encode(), CHANGING).decode() == around.format(expected)


@pytest.mark.parametrize("cell", [
    '<c r="A2"><v>42</v></c>', '<c r="A2" s="1"><v>42</v></c>', '<c r="A2" s="3"><v>42</v></c>', '<c r="A2" s="2"/>',
    '<c r="A2" s="2" t="s"><v>42</v></c>', '<c r="A2" s="2" t="str"><v>42</v></c>', '<c r="A2" s="2" t="b"><v>1</v></c>',
    '<c r="A2" s="2" t="e"><v>#N/A</v></c>', '<c r="A2" s="2" t="inlineStr"><is><t>42</t></is></c>',
])  # fmt: skip
def test_what_is_no_number_of_a_changing_style_stands_as_it_is(cell: str) -> None:
    assert written_out(cell.encode(), CHANGING).decode() == cell


@pytest.mark.parametrize(("value", "text"), [
    (12.0, "12"), (42, "42"), (-3.10, "-3.1"), (0.1 + 0.2, "0.3"), (120.50, "120.5"), (1e-5, "0.00001"), (0.0, "0"),
    (-0.5, "-0.5"),
    (999_999_999_999_999, "999999999999999"), (-999_999_999_999_999, "-999999999999999"), (12345.678, "12345.678"),
    (1_000_000_000_000_000, "1E+15"), (-1_000_000_000_000_000, "-1E+15"), (1_234_567_890_123_456, "1.23456789012346E+15"),
    (9_999_999_999_999_998, "1E+16"), (990101199001011234, "9.90101199001011E+17"), (1.5e123, "1.5E+123"),
])  # fmt: skip
def test_a_number_is_written_as_a_person_sees_it(value: float, text: str) -> None:
    assert number_text(value) == text


UNCLEAR = "12345(格式另有含义)"


@pytest.mark.parametrize(("code", "number", "expected"), [
    ("000000", "42", "000042"), ("00", "7", "07"), ('"P"00000', "42", "P00042"), ('"P"0', "42", "P42"), ("0000_ ", "42", "0042"),
    ("0000;-0000", "42", "0042"), ("000", "1234", None), ("000", "123", None), ("000", "-42", None), ("000", "4.5", None),
    ("0%", "0.6", "60%"), ("0.00%", "0.1234", "12.34%"), ("0%", "0.07", "7%"), ("0%", "0.070000000000000007", "7%"),
    ("0%", "1", "100%"), ("0%", "10", "1000%"), ("0%", "0", "0%"), ("0%", "-0.5", "-50%"), ("0%;-0", "1.5", "150%"),
    ('0"%"', "60", "60%"),
    ('"P"', "12345", UNCLEAR), ('"万元"', "12345", UNCLEAR), ("0;0%", "-0.5", "-0.5(格式另有含义)"),
    ("#,##0,", "12345", UNCLEAR), ("0.0,,", "12345", UNCLEAR), ('0.00"万"', "12345", UNCLEAR), ('#,##0,"千元"', "12345", UNCLEAR),
    ("[$$-409]#,##0.00", "12345", UNCLEAR), ("0\\万", "12345", UNCLEAR), ('?"吨"', "12345", UNCLEAR),
])  # fmt: skip
def test_a_format_shows_a_number_by_other_digits(code: str, number: str, expected: str | None) -> None:
    show = show_of(code)
    assert show is not None
    assert show(number) == expected


@pytest.mark.parametrize("code", [
    "0", "General", "", "@", "#,##0", "0.00", "0.00E+00", '0"号"', "[Red]0", '0.00"元"', '0"千克"', ",", "0;-0%",
    "yyyy-mm-dd;@", '[$-804]yyyy"年"m"月"d"日";@',
])  # fmt: skip
def test_a_format_that_shows_a_number_by_its_own_digits_changes_nothing(code: str) -> None:
    assert show_of(code) is None


@pytest.mark.parametrize("code", [
    "-0", '"-"0', "[Red]-0.00", "(0.00)", '0.00"元/亩"', '0.00"/亩"', '0"元/人·月"', '0"（已退）"', '"退"0', '"补"0', '"≈"0',
    '0"以上"', '"合计："0', '"作废"', '[>100]"高";0', ";;;",
])  # fmt: skip
def test_what_a_format_says_beside_the_digits_is_not_passed_over(code: str) -> None:
    """123.5 that is shown as -123.5, as 123.5（已退） or as 作废 is no payment of 123.5."""
    show = show_of(code)
    assert show
    assert show("123.5") == "123.5(格式另有含义)"


@pytest.mark.parametrize("code", ["0.00;0.00", "0;0", '#,##0"元";#,##0"元"'])
def test_a_minus_that_a_format_hides_is_not_brought_back(code: str) -> None:
    show = show_of(code)
    assert show
    assert (show("123.5"), show("-123.5")) == (None, "-123.5(格式另有含义)")


@pytest.mark.parametrize("code", [
    "0.00", "General", "@", "#,##0.00", "_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)",
    '_ "￥"* #,##0.00_ ;_ "￥"* -#,##0.00_ ',
    "0.00E+00", "# ?/?", "yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "mm:ss.0", "[h]:mm:ss", "000-00000000", '#,##0.00"元"',
    "0.00_);[Red](0.00)",
    "0.00;[Red]0.00", "0.00_);[红色]\\(0.00\\)", '0"公斤"', "[$￥-804]#,##0.00", "[DBNum2][$-804]0", '#,##0;-#,##0;"-"', '0" 人"',
])  # fmt: skip
def test_a_format_that_says_nothing_new_leaves_the_number(code: str) -> None:
    show = show_of(code)
    assert show is None or (show("123.5"), show("-123.5")) == (None, None)
