"""Receiving killed at any write, or at any moment, and begun again: the lake ends up as if nothing had happened."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.core.intake.loading.test_receive_repetition import PERSONS, person
from tests.core.intake.receiving import Site, payment, write_csv
from xiezhi.identity.keyring import Keyring
from xiezhi.kernel import faultpoints
from xiezhi.lake import retention

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.core.test_kill_intake"])

POINTS = sorted(
    name
    for name in faultpoints.KNOWN
    if name.startswith(("intake.", "lake.", "vault.numbers_")) and name != retention.ERASURE_COMMITTED
)


def receive_all(folder: Path, kill_at: str = "") -> None:
    """Receive everything in `folder/in`; dies where it is told to."""
    os.environ["XIEZHI_KILL_AT"] = kill_at
    site = Site(folder, Keyring.load(folder.parent / "site.key"))
    site.receive(folder / "in")
    site.close()


def state(folder: Path) -> dict[str, Any]:
    """Everything that a reader of the lake can see, without the moments at which it happened."""
    site = Site(folder, Keyring.load(folder.parent / "site.key"))
    paths, found = site.lake.paths, {name: site.rows(name) for name in site.lake.snapshot().tables}
    records = [(one.number, one.file, one.refused, one.state) for one in site.lake.deliveries()]
    receipts = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(paths.receipts.glob("*.json"))]
    for receipt in receipts:
        del receipt["received_at"]
    returned = {path.name: path.read_bytes() for path in paths.set_aside.iterdir()}
    files = [len(list(folder.iterdir())) for folder in (paths.originals, paths.receipts, paths.certificates)]
    with site.lake.writing() as writer:
        catalogued = {name: [path.name for path in writer.catalogue.files(name)] for name in writer.catalogue.tables()}
    site.close()
    return {
        "tables": found,
        "deliveries": records,
        "receipts": receipts,
        "returned": returned,
        "files": files,
        "catalogue": catalogued,
    }


def deliveries(folder: Path) -> Path:
    """Payments with faults, a register, the register again with a change, a file that is refused."""
    inbox = folder / "in"
    inbox.mkdir(parents=True)
    write_csv(inbox / "a.csv", [payment(1), payment(2, 身份证号="x"), payment(3, 补贴金额="1,000"), payment(3)])
    write_csv(inbox / "b.csv", [person(n) for n in range(1, 6)], header=PERSONS)
    write_csv(inbox / "c.csv", [person(2, status="死亡"), person(7), person(8, name="?")], header=PERSONS)
    (inbox / "d.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kill")
    Keyring.generate(folder / "site.key")
    return folder


@pytest.fixture(scope="module")
def undisturbed(ground: Path) -> dict[str, Any]:
    receive_all(deliveries(ground / "undisturbed"))
    found = state(ground / "undisturbed")
    assert [record[2:] for record in found["deliveries"]] == [(False, 1), (False, 2), (False, 3), (True, None)]
    return found


@pytest.fixture
def child(ground: Path) -> Iterator[Any]:
    """Starts a receiving process of its own on a folder; it is dead when the test ends."""
    started: list[Any] = []

    def start(folder: Path, kill_at: str = "") -> Any:
        process = FORKS.Process(target=receive_all, args=(folder, kill_at))
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_write(ground: Path, undisturbed: dict[str, Any], child: Any, point: str) -> None:
    folder = deliveries(ground / point)
    process = child(folder, f"{point}:{1 + POINTS.index(point) % 2}")
    process.join(60)
    assert process.exitcode == -signal.SIGKILL, f"{point} was not reached"
    receive_all(folder)
    assert state(folder) == undisturbed


@pytest.mark.parametrize("seed", range(2))
def test_killed_at_any_moment(ground: Path, undisturbed: dict[str, Any], child: Any, seed: int) -> None:
    folder = deliveries(ground / f"random{seed}")
    dice = random.Random(seed)
    for _ in range(3):
        process = child(folder)
        time.sleep(dice.uniform(0.05, 1.2))
        process.kill()
        process.join(60)
    receive_all(folder)
    assert state(folder) == undisturbed
