"""What stands in a column of names and names nobody goes back, with a reason of its own; few rows and many are judged alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.core.intake.receiving import HEADER, Site, payment, write_csv

from xiezhi.intake.rows import filling, judge

NO_NAMES = {
    "张三等3人": "name_several",
    "张三、李四": "name_several",
    "户主": "placeholder",
    "20250102": "name_malformed",
    "GRAIN01": "name_malformed",
}


@pytest.mark.parametrize("few", [0, judge.FEW])
def test_nobody_is_called_so(few: int, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "FEW", few)
    monkeypatch.setattr(filling, "A_GLANCE", few)
    rows = [payment(at, 姓名=name) for at, name in enumerate((*NO_NAMES, "阿卜杜拉·买买提", "John Smith"))]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert (receipt.accepted, receipt.set_aside) == (2, len(NO_NAMES))
    told = {row: one.reason for one in receipt.reasons for row in [example.row for example in one.examples]}
    assert told == dict(enumerate(NO_NAMES.values(), start=2))


@pytest.mark.parametrize("name", [{"zh": "张三"}, [{"zh": "张三"}], ["张三", "李四"]])
def test_a_name_that_is_an_object_is_none(name: Any, site: Site, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(dict(zip(HEADER, payment(1), strict=True)) | {"姓名": name}, ensure_ascii=False), "utf-8")
    [receipt] = site.receive(path)
    assert [(one.column, one.reason) for one in receipt.reasons] == [(None, "value_nested")]
    [told] = site.receive(write_csv(tmp_path / "b.csv", [payment(2, 姓名=json.dumps(name, ensure_ascii=False))]))
    assert [(one.column, one.reason) for one in told.reasons] == [("name", "name_malformed")]
