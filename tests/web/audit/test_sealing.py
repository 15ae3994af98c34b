"""Every event gets exactly one link, whoever writes meanwhile, and whenever the sealer dies."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from tests.web.audit.site import SOMEBODY, TESTED, TrailSite, write
from xiezhi.kernel.errors import IntegrityError, RetryableError, UserError
from xiezhi.web.audit import events, places
from xiezhi.web.audit.actions import sealing
from xiezhi.web.audit.checkpoints import parsed
from xiezhi.web.audit.faults import FaultKind
from xiezhi.web.audit.keys import public_key
from xiezhi.web.audit.record import record

WRITERS = 8
KILLS = 4


def every_event_has_one_link(site: TrailSite) -> int:
    ((events_written, links, linked, waiting),) = site.rows(
        "SELECT (SELECT count(*) FROM audit_event), (SELECT count(*) FROM audit_link), "
        "(SELECT count(*) FROM audit_event e JOIN audit_link l ON l.event_id = e.id), (SELECT count(*) FROM audit_pending)"
    )
    assert events_written == links == linked
    assert waiting == 0
    return int(links)


@contextmanager
def writers(number: int = WRITERS) -> Iterator[list[int]]:
    """Threads that write events in transactions of one to three, some of which are undone; counts what was committed."""
    stop, written = threading.Event(), [0] * number

    def work(mine: int) -> None:
        dice = random.Random(mine)
        while not stop.is_set():
            several = dice.randint(1, 3)
            with transaction.atomic():
                for n in range(several):
                    record(TESTED, by=SOMEBODY, on=f"thing:{mine}-{n}")
                time.sleep(dice.random() * 0.01)
                undone = dice.random() < 0.1
                transaction.set_rollback(undone)
            written[mine] += 0 if undone else several
        connections.close_all()

    threads = [threading.Thread(target=work, args=(mine,)) for mine in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield written
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_sealing_links_in_order_and_signs(fresh: TrailSite) -> None:
    write(5)
    done = sealing.seal(limit=2)
    assert done.links == 5
    assert done.last is not None
    assert (done.last.number, done.last.size) == (3, 5)
    assert fresh.rows("SELECT seq, event_id, batch FROM audit_link ORDER BY seq") == [
        (1, 1, 1),
        (2, 2, 1),
        (3, 3, 2),
        (4, 4, 2),
        (5, 5, 3),
    ]
    assert fresh.rows("SELECT number, first_seq, last_seq FROM audit_batch ORDER BY 1") == [(1, 1, 2), (2, 3, 4), (3, 5, 5)]
    key = public_key(places.keys())
    assert key is not None
    assert done.last.signed_by(key)
    assert fresh.verdict().sound


def test_nothing_to_seal_signs_nothing(fresh: TrailSite) -> None:
    assert sealing.seal() == sealing.Sealed(0, None)
    write()
    sealing.seal()
    before = fresh.checkpoints.read_bytes()
    assert sealing.seal().links == 0
    assert fresh.checkpoints.read_bytes() == before


def test_the_key_is_its_owners_only(fresh: TrailSite) -> None:
    write()
    sealing.seal()
    assert stat.S_IMODE((fresh.home / "keys" / "audit.key").stat().st_mode) == 0o600


def test_an_event_committed_late_is_not_missed(fresh: TrailSite) -> None:
    """Its id is lower than one already sealed: "all above the last" would pass it by."""
    begun, go_on = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            record(TESTED, by=SOMEBODY, on="thing:late")
            begun.set()
            go_on.wait()
        connections.close_all()

    thread = threading.Thread(target=late)
    thread.start()
    begun.wait()
    write()
    assert sealing.seal().links == 1
    go_on.set()
    thread.join()
    assert sealing.seal().links == 1
    assert fresh.rows("SELECT event_id FROM audit_link ORDER BY seq") == [(2,), (1,)]
    assert fresh.verdict().sound


def test_eight_writers_and_a_sealer(fresh: TrailSite) -> None:
    with writers() as written:
        until = time.monotonic() + 4
        while time.monotonic() < until:
            sealing.seal(limit=500)
            assert fresh.verdict().sound, "verified while writers and sealer are at work"
    sealing.seal()
    assert every_event_has_one_link(fresh) == sum(written)
    verdict = fresh.verdict()
    assert verdict.sound
    print(f"{WRITERS} writers, {sum(written)} events, {verdict.checkpoints} checkpoints")


def test_a_second_sealer_waits_its_turn(fresh: TrailSite) -> None:
    with sealing._only_sealer(), pytest.raises(RetryableError):
        sealing.seal()


def sealer(site: TrailSite, **environment: str) -> subprocess.Popen[bytes]:
    own = {
        **os.environ,
        "XIEZHI_HOME": str(site.home),
        "XIEZHI_DATABASE_URL": site.url(),
        "DJANGO_SETTINGS_MODULE": "xiezhi.web.config.settings",
        **environment,
    }
    return subprocess.Popen([sys.executable, "-m", "tests.web.audit.sealer_process"], env=own, stdout=subprocess.PIPE)


def started(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"


@pytest.mark.long
def test_a_sealer_killed_at_random_heals(fresh: TrailSite) -> None:
    dice = random.Random(9)
    with writers(2) as written:
        for _ in range(KILLS):
            process = sealer(fresh)
            started(process)
            time.sleep(dice.random() * 0.3)
            process.kill()
            process.wait()
    sealing.seal()
    assert every_event_has_one_link(fresh) == sum(written)
    verdict = fresh.verdict()
    assert (verdict.sound, verdict.size_signed) == (True, sum(written))
    print(f"{KILLS} kills at random, {sum(written)} events, {verdict.checkpoints} checkpoints")


@pytest.mark.parametrize("point", [sealing.LINKED, sealing.COMMITTED, sealing.SIGNED])
@pytest.mark.parametrize("time_round", [1, 2])
def test_a_sealer_killed_at_every_write_heals(fresh: TrailSite, point: str, time_round: int) -> None:
    write(20)
    process = sealer(fresh, XIEZHI_KILL_AT=f"{point}:{time_round}")
    assert process.wait(30) == -9
    assert fresh.verdict().sound
    sealing.seal()
    assert every_event_has_one_link(fresh) == 20
    verdict = fresh.verdict()
    assert (verdict.sound, verdict.size_signed) == (True, 20)


@pytest.mark.parametrize("left", [1, 40, -1])
def test_a_checkpoint_half_written_is_written_again(fresh: TrailSite, left: int) -> None:
    fresh.sealed(2, 3)
    whole = fresh.checkpoints.read_bytes()
    first, second = whole.splitlines(keepends=True)
    fresh.checkpoints.write_bytes(first + second[:left])
    assert FaultKind.UNFINISHED in fresh.verdict().counts
    assert fresh.verdict().sound
    sealing.seal()
    verdict = fresh.verdict()
    assert (verdict.sound, verdict.size_signed, set(verdict.counts)) == (True, 6, set())


def test_the_copy_follows_and_a_share_that_is_away_stops_nothing(fresh: TrailSite, settings: Any, tmp_path: Path) -> None:
    settings.XIEZHI_CHECKPOINT_COPY = tmp_path / "share"
    fresh.sealed(1, 2)
    copy = tmp_path / "share" / "checkpoints.jsonl"
    assert copy.read_bytes() == fresh.checkpoints.read_bytes()
    (tmp_path / "share").rename(tmp_path / "away")
    (tmp_path / "share").write_text("no folder")
    write()
    assert sealing.seal().copied is False
    (tmp_path / "share").unlink()
    (tmp_path / "away").rename(tmp_path / "share")
    with copy.open("ab") as handle:
        handle.write(b'{"half')
    write()
    assert sealing.seal().copied is True
    assert copy.read_bytes() == fresh.checkpoints.read_bytes()


def test_a_copy_that_says_otherwise_is_left_alone(fresh: TrailSite, settings: Any, tmp_path: Path) -> None:
    settings.XIEZHI_CHECKPOINT_COPY = tmp_path / "share"
    fresh.sealed(2, 2)
    copy = tmp_path / "share" / "checkpoints.jsonl"
    kept = copy.read_bytes()
    fresh.checkpoints.write_bytes(kept.splitlines(keepends=True)[0])
    assert FaultKind.CHECKPOINT_MISSING in fresh.verdict().counts
    write()
    assert sealing.seal().copied is False
    assert copy.read_bytes() == kept


def test_checkpoints_go_to_syslog_where_the_site_wants_it(
    fresh: TrailSite, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(sealing.syslog, "syslog", lambda priority, line: said.append(line))
    fresh.sealed(1, 1)
    assert said == []
    settings.XIEZHI_CHECKPOINT_SYSLOG = True
    fresh.sealed(1, 1)
    assert said == [f"xiezhi checkpoint {fresh.checkpoints.read_text().splitlines()[-1]}"]


def test_after_a_restored_backup_it_goes_on_with_a_reason(fresh: TrailSite) -> None:
    fresh.sealed(2, 3)
    with fresh.superuser() as admin:
        for table, key in (("audit_link", "seq"), ("audit_event", "id"), ("audit_batch", "first_seq")):
            admin.execute(f"DELETE FROM {table} WHERE {key} > 3")
    with pytest.raises(IntegrityError):
        sealing.seal()
    with pytest.raises(UserError):
        sealing.resume(why=" ", by=SOMEBODY)
    sealing.resume(why="从备份恢复", by=SOMEBODY)
    write(2)
    assert sealing.seal().links == 3, "two events, and that of resuming"
    verdict = fresh.verdict()
    assert (verdict.sound, set(verdict.counts)) == (True, {FaultKind.BREAK})
    assert fresh.rows("SELECT why FROM audit_event WHERE kind = %s", events.RESUMED.code) == [("从备份恢复",)]


def test_checkpoints_follow_each_other(fresh: TrailSite) -> None:
    fresh.sealed(4, 1)
    lines = fresh.checkpoints.read_bytes().splitlines()
    found = [parsed(line) for line in lines]
    assert [one.number for one in found if one] == [1, 2, 3, 4]
    assert [one.previous for one in found[1:] if one] == [one.digest for one in found[:-1] if one]
