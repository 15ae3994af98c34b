"""Names of files and members: whatever bytes they are, their trouble is their own, and no terminal or page obeys them."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.core.intake.receiving import HEADER, Site, payment, write_csv

from xiezhi.cli import receive
from xiezhi.intake.receipts.names import readable_name

ODD = {
    "张三.csv".encode("gb18030"): "张三.csv",
    b"\xff\xfe.csv": "??.csv",
    "[bold red]甲[].csv".encode(): "[bold red]甲[].csv",
    b"a\x1b[31m\x07b.csv": "a�[31m�b.csv",
    b"a\nb.csv": "a�b.csv",
    "名\u202efdp.csv".encode(): "名�fdp.csv",
    b"<script>.csv": "<script>.csv",
}


@pytest.mark.parametrize(("name", "told"), ODD.items(), ids=map(repr, ODD))
def test_any_name_of_a_file_is_received_and_told(site: Site, tmp_path: Path, name: bytes, told: str) -> None:
    plain = write_csv(tmp_path / "plain.csv", [payment(1), payment(2, 补贴金额="x")])
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    plain.rename(path)
    [receipt] = site.receive(path)
    assert (receipt.file, receipt.accepted, receipt.set_aside) == (told, 1, 1)
    assert "<script>" not in site.lake.paths.receipt(1, "html").read_text("utf-8")
    assert len(list(site.lake.paths.set_aside.iterdir())) == 1
    path.write_bytes(b"")
    [refused] = site.receive(path)
    assert (refused.file, refused.refusal is not None) == (told, True)


def test_any_name_of_a_member_is_its_own_trouble(site: Site, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(1, 5):
            lines = [",".join(HEADER), ",".join(payment(number))]
            archive.writestr(f"PLACE{number}.csv", "\n".join(lines).encode())
    names = ["名单".encode("gb18030") + b"xx", b"[red]x", b"a\x07\x1b[1m", b"\xff\xff\xff\xff\xff\xff"]
    content = packed.getvalue()
    for number, name in enumerate(names, 1):
        content = content.replace(b"PLACE%d" % number, name)
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    receipts = {str(receipt.member): receipt for receipt in site.receive(path)}
    assert sum(receipt.accepted for receipt in receipts.values()) == 4
    assert {"名单xx.csv", "[red]x.csv", "a��[1m.csv"} <= set(receipts)


def test_the_terminal_shows_a_name_and_obeys_nothing_of_it(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "[bold red]甲[].csv", [payment(1)])
    ran = CliRunner().invoke(receive.command, [str(path), "--lake", str(tmp_path / "lake")])
    assert "[bold red]甲[].csv" in ran.output.replace("\n", "")


@given(st.binary(max_size=30))
def test_every_name_becomes_text_that_can_be_stored_and_shown(name: bytes) -> None:
    told = readable_name(os.fsdecode(name))
    assert told.encode("utf-8").decode("utf-8").isprintable() or not told
