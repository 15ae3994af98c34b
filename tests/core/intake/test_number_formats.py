"""Which formats of a workbook show numbers otherwise than it keeps them, however its styles are written."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from xiezhi.intake.number_formats import Styles, changing_styles


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
