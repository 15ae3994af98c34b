"""`make quick`: the tests nearest to a change, and what did not fit into its time is said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.quick import ROOT, nearest_tests


@pytest.mark.parametrize(
    ("changed", "first", "among"),
    [
        ("src/xiezhi/kernel/masking.py", "tests/core/kernel/", "tests/core/kernel/test_masking.py"),
        ("src/xiezhi/web/alerts/presenters/sheet.py", "tests/web/alerts/", "tests/web/alerts/test_told.py"),
        ("src/xiezhi/web/alerts/templates/alerts/print.html", "tests/web/alerts/", "tests/web/alerts/test_told.py"),
        ("tests/core/lake/test_crash.py", "tests/core/lake/test_crash.py", "tests/core/lake/test_crash.py"),
        ("content/domains.yaml", "tests/content/", "tests/content/test_rules.py"),
    ],
)
def test_the_nearest_come_first(changed: str, first: str, among: str) -> None:
    found = nearest_tests([changed])
    assert found[0].startswith(first)
    assert among in found


def test_what_nothing_tests_finds_nothing() -> None:
    assert nearest_tests(["LICENSE", "docs/glossary.md"]) == []


def test_what_did_not_fit_into_the_time_is_counted(tmp_path: Path) -> None:
    (tmp_path / "test_three.py").write_text("def test_a(): pass\ndef test_b(): pass\ndef test_c(): pass\n")
    run = "import sys, pytest; from benchmarks.quick import Budget; sys.exit(pytest.main(sys.argv[1:], plugins=[Budget(0)]))"
    asked = [sys.executable, "-c", run, "-q", "-n0", "-p", "no:cacheprovider", "-p", "no:faulthandler", str(tmp_path)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "2 of 3 tests were NOT run" in done.stdout, done.stdout + done.stderr
    assert done.returncode != 0
