"""The city as delivered: the same bytes for a seed, every scene in place, nothing that could be anyone's."""

from __future__ import annotations

import csv
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from tests.core.city.conftest import City
from tests.core.city.delivered_files import header_of, rows_of
from xiezhi.city.build import build
from xiezhi.city.streams import registers
from xiezhi.city.tables import TABLES
from xiezhi.kernel.errors import UserError

CITY_RULES = [
    "SUB-001",
    "SUB-002",
    "SUB-003",
    "SUB-009",
    "SOC-013",
    "MED-047",
    "MED-049",
    "INS-217",
    "CAN-073",
    "BID-090",
    "VIL-110",
    "PRO-103",
]
FLAGS = ["R003", "R018", "R024", "R025", "R028", "R030", "R035", "R036", "R038", "R048", "R058"]


def test_the_same_seed_gives_the_same_bytes(city: City, tmp_path: Path) -> None:
    build(tmp_path / "again", persons=5_000, seed=7)
    assert _digests(tmp_path / "again") == _digests(city.folder)


def test_another_seed_gives_another_city(city: City, tmp_path: Path) -> None:
    build(tmp_path / "other", persons=5_000, seed=8)
    one, other = _digests(city.folder), _digests(tmp_path / "other")
    same = {path for path in one if one[path] == other.get(path)}
    assert {path.name for path in same} == {"补贴项目目录.csv", ".xiezhi-ignore"}


def test_every_department_has_a_folder_and_every_table_rows(city: City) -> None:
    folders = {path.name for path in city.folder.iterdir() if path.is_dir()}
    assert folders == {table.department for table in TABLES.values()}
    assert set(TABLES) | {"ocds_release"} == set(city.built.rows)
    assert all(rows > 10 for rows in city.built.rows.values())


def test_offices_write_in_their_own_formats(city: City) -> None:
    endings = {"".join(path.suffixes) for path in city.folder.glob("*/*")}
    assert {".csv", ".tsv", ".xlsx", ".jsonl", ".jsonl.gz"} <= endings
    raw = [path.read_bytes() for path in city.folder.glob("finance/*.csv")]
    assert any(data.startswith(b"\xef\xbb\xbf") for data in raw)
    assert any(_is_gb18030(data) for data in raw)


def test_each_rule_has_enough_of_each_variant_and_three_kinds_of_look_alike(city: City) -> None:
    planted, alike = Counter[tuple[str, str]](), defaultdict[str, set[str]](set)
    for line in _lines(city.folder / "truth.csv"):
        if line["role"] == "planted":
            planted[line["rule"], line["variant"]] += 1
        else:
            alike[line["rule"]].add(line["note"])
    assert {rule for rule, _ in planted} == {*CITY_RULES, *FLAGS}
    assert min(planted.values()) >= 5
    assert {variant for rule, variant in planted if rule in CITY_RULES} == {"A", "B", "D"}
    assert {variant for rule, variant in planted if rule == "R038"} == {"B", "E", "T"}
    for rule in (*CITY_RULES, *FLAGS):
        assert len(alike[rule]) >= (2 if rule == "R018" else 3), rule


def test_subjects_of_the_truth_are_delivered(city: City) -> None:
    delivered = "\n".join(
        ",".join(row) for path in sorted(city.folder.glob("*/*")) for row in rows_of(path) if "ocds" not in path.name
    )
    for line in _lines(city.folder / "truth.csv"):
        if line["subject_kind"] == "person":
            old = line["subject"][:6] + line["subject"][8:17]
            assert line["subject"] in delivered or old in delivered, line


def test_no_id_is_of_a_region_that_exists(city: City) -> None:
    shaped = re.compile(
        r"(?<![0-9A-Z])[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])[0-9]{3}[0-9X](?![0-9A-Z])"
    )
    for path in city.folder.glob("public_security/*"):
        found = [value for row in rows_of(path) for cell in row for value in shaped.findall(cell)]
        assert found
        assert {value[:4] for value in found} == {"9901"}


def test_payments_are_about_as_many_as_asked_for(tmp_path: Path) -> None:
    built = build(tmp_path / "paid", persons=6_000, seed=1, payments=60_000)
    assert built.rows["subsidy_payment"] == pytest.approx(60_000, rel=0.04)


@pytest.mark.parametrize("payments", [10, 6_000_000])
def test_a_number_of_payments_that_cannot_be_is_refused(tmp_path: Path, payments: int) -> None:
    with pytest.raises(UserError, match="XZ-CITY-02"):
        build(tmp_path / "never", persons=6_000, seed=1, payments=payments)


def test_nothing_is_written_over(city: City) -> None:
    with pytest.raises(UserError, match="XZ-CITY-03"):
        build(city.folder, persons=5_000, seed=7)


def test_memory_does_not_grow_with_the_city(tmp_path: Path) -> None:
    small, large = (_peak(tmp_path / str(persons), persons) for persons in (5_000, 25_000))
    assert large < 1.15 * small


def test_headers_differ_between_offices(city: City) -> None:
    headers = {tuple(header_of(path)) for path in city.folder.glob("finance/*2025*") if "财政统发" not in path.name}
    assert len(headers) == 3


def test_household_bands_do_not_touch() -> None:
    bands = sorted((registers.PAYROLL, registers.WELFARE, registers.DIBAO))
    assert all(one[1] <= other[0] for one, other in pairwise(bands))


def _peak(folder: Path, persons: int) -> int:
    """Kilobytes that a process of its own needed at most, working on 1,500 persons at a time."""
    program = (
        "import resource, pathlib, sys; from xiezhi.city import build, plan; build.BLOCK = plan.BLOCK = 1500;"
        "build.build(pathlib.Path(sys.argv[1]), persons=int(sys.argv[2]), seed=1);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    environment = os.environ | {"PYTHONPATH": "src"}
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder), str(persons)], capture_output=True, check=True, env=environment
    )
    return int(done.stdout)


def _digests(folder: Path) -> dict[Path, str]:
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()
    }


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _is_gb18030(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "惠民" in data.decode("gb18030")
    return False
