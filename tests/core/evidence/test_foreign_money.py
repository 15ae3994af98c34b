"""Amounts and moments of procurement published abroad: in their own currency, on the site's clock, from file to terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from tests.core.intake.receiving import Site, contracts
from xiezhi.cli.evidence import command
from xiezhi.evidence.bundle import Evidence, open_evidence
from xiezhi.evidence.page import page
from xiezhi.identity.keyring import Keyring
from xiezhi.kernel.progress import Silent
from xiezhi.operations.config import shipped_content
from xiezhi.rules.loader import Content, load_content
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.execute import Settings, execute
from xiezhi.runs.plan import make_plan
from xiezhi.runs.record import RunFolders

RULES = ("R028", "R030")
"""Identical prices, and a bid that came late and won."""


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content([shipped_content()])


def release(currency: str | None) -> dict[str, Any]:
    """A process whose winner bid at 23:59 UTC on 31 January, six hours after the deadline; both bid 12,345.67."""
    value = {"amount": 12345.67} | ({"currency": currency} if currency else {})
    bid = {"status": "valid", "date": "2026-01-31T23:59:00Z", "value": value}
    return {
        "ocid": "ocds-x-1",
        "id": "r1",
        "date": "2026-02-20T00:00:00Z",
        "tag": ["compiled"],
        "buyer": {"id": "org-buyer", "name": "买方"},
        "tender": {
            "id": "t",
            "status": "complete",
            "procurementMethod": "open",
            "tenderPeriod": {"startDate": "2026-01-01T00:00:00Z", "endDate": "2026-01-31T17:59:00Z"},
        },
        "bids": {"details": [bid | {"id": f"b{n}", "tenderers": [{"id": f"org-{n}", "name": f"甲{n}"}]} for n in (1, 2)]},
        "awards": [
            {"id": "a", "status": "active", "date": "2026-02-15T00:00:00Z", "value": value, "suppliers": [{"id": "org-1"}]}
        ],
    }


@pytest.fixture(scope="module", params=["USD", "CNY"])
def currency(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, content: Content, currency: str) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp(currency)
    made = Site(folder, Keyring.fresh())
    file = folder / "a.jsonl"
    file.write_text(json.dumps(release(currency), ensure_ascii=False), "utf-8")
    made.receive(file, contract="ocds_release")
    plan = make_plan(content, made.lake.snapshot(), codes=RULES)
    execute(plan, RunFolders(made.lake.paths.runs), Settings(), Silent())
    yield made
    made.close()


def opened(site: Site, content: Content, rule: str) -> Evidence:
    (row,) = [row for row in hit_rows(RunFolders(site.lake.paths.runs), 1) if row["rule"] == rule]
    return open_evidence(site.lake, content, contracts(), str(row["fingerprint"]))


def cells(evidence: Evidence, table: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in evidence.rows:
        for cell in row.shown if row.table == table else ():
            found.setdefault(cell.column, set()).add(cell.value.zh)
    return found


def test_delivered_rows_are_shown_in_their_currency_and_on_the_sites_clock(site: Site, content: Content, currency: str) -> None:
    rows = cells(opened(site, content, "R028"), "ocds_bid")
    assert rows["amount"] == {"12,345.67元" if currency == "CNY" else "12,345.67 USD"}
    assert rows["bid_date"] == {"2026-02-01 07:59"}


def test_a_sentence_says_local_time_and_not_that_it_is_utc(site: Site, content: Content) -> None:
    said = opened(site, content, "R030").sentence
    assert "2026-02-01 01:59" in said.zh
    assert "2026-02-01 07:59" in said.zh
    assert "UTC" not in said.zh + said.en


@pytest.mark.parametrize("language", ["zh", "en"])
def test_page_and_terminal_agree(
    site: Site, content: Content, currency: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = opened(site, content, "R028")
    html = page(evidence, language)
    monkeypatch.setenv("XIEZHI_LANG", language)
    told = CliRunner().invoke(command, [evidence.hit.fingerprint, "--lake", str(site.lake.paths.root)])
    assert told.exit_code == 0, told.output
    amount = "12,345.67 USD" if currency == "USD" else "12,345.67元" if language == "zh" else "12,345.67 yuan"
    for text in (html, " ".join(told.output.split())):
        assert amount in text
        assert "2026-02-01 07:59" in text
        assert "1234567" not in text
        assert "True" not in text
        assert "False" not in text
