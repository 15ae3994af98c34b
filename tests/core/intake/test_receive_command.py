"""`xiezhi receive`, `deliveries`, `erase`, `expire`: what a shell sees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.core.intake.receiving import citizen, payment, write_csv

from xiezhi.cli import deliveries, receive, retention
from xiezhi.kernel.errors import UserError
from xiezhi.lake.lake import Lake


def call(command: Any, *arguments: object) -> tuple[int, Any, str]:
    done = CliRunner().invoke(command, [str(argument) for argument in arguments], catch_exceptions=True)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, json.loads(done.stdout) if done.stdout.startswith("[") else done.stdout, done.stderr


def test_from_the_first_delivery_to_its_erasure(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    write_csv(tmp_path / "a.csv", [payment(1), payment(2), payment(3, 身份证号="")])
    code, receipts, said = call(receive.command, tmp_path / "a.csv", "--lake", lake, "--format", "json", "--memory", "512MB")
    assert (code, "site.key" in said) == (0, True)
    wanted = {"delivery", "file", "contract", "delivered", "accepted", "repaired", "set_aside", "duplicate", "refused", "reasons"}
    assert wanted <= receipts[0].keys()
    assert receipts[0]["reasons"][0]["reason"] == "required_empty"
    (tmp_path / "b.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    code, table, said = call(receive.command, tmp_path / "a.csv", tmp_path / "b.csv", "--lake", lake)
    assert (code, "site.key" in said) == (3, False)
    assert "整件拒收" in table.replace("\n", "").replace(" ", "") or "b.csv" in table
    _, listed, _ = call(deliveries.command, "--lake", lake, "--format", "json")
    assert [(one["delivery"], one["refused"], one["state"]) for one in listed] == [(1, False, 1), (2, True, None)]
    _, certificates, _ = call(retention.erase, "person", citizen(1), "--lake", lake, "--purpose", "court", "--format", "json")
    assert certificates[0]["rows"] == {"subsidy_payment": 1}
    with pytest.raises(UserError, match="XZ-VAULT-05"):
        call(retention.erase, "person", citizen(1), "--lake", lake, "--purpose", "court")
    _, certificates, _ = call(retention.erase, "delivery", 1, "--lake", lake, "--purpose", "mistake", "--format", "json")
    assert certificates[0]["rows"] == {"subsidy_payment": 1, "subsidy_payment__set_aside": 1}
    with Lake.open(lake) as opened:
        assert opened.snapshot().tables["subsidy_payment"].rows == 0
        assert list(opened.paths.originals.iterdir()) == []
    assert call(retention.expire, "--lake", lake)[0] == 0


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert call(receive.command, tmp_path / "nothing.csv", "--lake", tmp_path / "lake")[0] == 2
