"""Sealing: links for the events that have none yet, then a signed checkpoint outside the database.

One sealer at a time, on one machine: a file lock beside the checkpoints. Events are linked in the order of their ids among
those that wait; writers never wait for it. Every batch of links is followed by its checkpoint before the next batch begins, so
at most one batch is ever without: the one that a crash cut short, and the next sealing checks and signs that one first. The
sealer never signs over a trail that is not what the last checkpoint says: it stops, and whoever looks finds out why.
"""

from __future__ import annotations

import fcntl
import logging
import os
import syslog
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max

from xiezhi.kernel import clock
from xiezhi.kernel.errors import RetryableError, UserError
from xiezhi.kernel.faultpoints import declare, reach
from xiezhi.web.audit import events, places, reading
from xiezhi.web.audit.chain import GENESIS, digest_of
from xiezhi.web.audit.checkpoints import Checkpoint, parsed, signed
from xiezhi.web.audit.faults import broken_trail
from xiezhi.web.audit.keys import SigningKey, signing_key
from xiezhi.web.audit.models import AuditBatch, AuditLink, AuditPending
from xiezhi.web.audit.record import Actor, record
from xiezhi.web.database.context import TRAIL, set_context

LIMIT = 20_000
"""Events linked in one transaction."""

LOCK = 0x78_7A_73_65_61_6C
log = logging.getLogger("xiezhi.audit")

LINKED = declare("audit.linked", "the links of a batch are written, their transaction is not committed")
COMMITTED = declare("audit.committed", "a batch of links is committed, its checkpoint is not written")
SIGNED = declare("audit.signed", "a checkpoint is written, its copy is not")


@dataclass(frozen=True)
class Sealed:
    """What a sealing did. `copied` False: the second folder could not be written, or tells a different story."""

    links: int
    last: Checkpoint | None
    copied: bool = True


def seal(*, limit: int = LIMIT) -> Sealed:
    """Link and sign all that waits. Call it outside a transaction.

    Raises RetryableError while another sealer works, IntegrityError where the trail is not what the last checkpoint says.
    """
    with _only_sealer():
        last = _healed(_last())
        done = 0
        while linked := _link(last, limit):
            reach(COMMITTED)
            done += linked
            last = _sign(last, _key(last))
            if linked < limit:
                # What came in meanwhile is for the next time: a sealer that chased busy writers would never end.
                break
        return Sealed(done, last, _copied())


def resume(*, why: str, by: Actor) -> Checkpoint:
    """Go on from the trail as it now is, though the last checkpoint says otherwise: after a backup was restored, for instance.

    The reason is signed into the checkpoint and stays visible to every verification.
    """
    if not why.strip():
        raise UserError(
            "XZ-AUDIT-05", zh="须说明理由", en="a reason is needed", todo_zh="写明为何断裂", todo_en="say why the trail broke"
        )
    with _only_sealer():
        last = _last()
        with transaction.atomic(durable=True):
            record(events.RESUMED, by=by, on="trail", why=why, after={"after_checkpoint": last.number if last else 0})
        return _sign(last, _key(last), broken=why)


@contextmanager
def _only_sealer() -> Iterator[None]:
    """Hold the file lock. It ends with the process, however that ends."""
    file = places.checkpoint_file()
    file.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(file.folder / ".sealer", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
        file.mend()
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise RetryableError(
            "XZ-AUDIT-04",
            zh="另一进程正在封存审计链",
            en="another process is sealing the trail",
            todo_zh="稍后再试",
            todo_en="try again in a moment",
        ) from error


def _last() -> Checkpoint | None:
    """The last checkpoint, its signature verified; None where nothing was ever signed."""
    line = places.checkpoint_file().last_line()
    if line is None:
        return None
    last = parsed(line)
    if last is None or not last.signed_by(_key(last).public):
        raise broken_trail("最后一个检查点被改动", "the last checkpoint was altered")
    return last


def _key(last: Checkpoint | None) -> SigningKey:
    return signing_key(places.keys(), may_make=last is None)


def _healed(last: Checkpoint | None) -> Checkpoint | None:
    """Sign the batch that a crash left without a checkpoint, if its links are right and nothing else is amiss."""
    with reading.reading_the_trail():
        size = reading.size()
        known, digest = (last.size, bytes.fromhex(last.root)) if last else (0, GENESIS)
        if AuditLink.objects.filter(seq__gt=known).values("batch").distinct().count() > 1:
            raise broken_trail("检查点文件被截短或删除", "the file of checkpoints was cut short or removed")
        for row in reading.links(known, size):
            if row.event is None or row.previous != digest or digest_of(digest, row.event) != row.digest:
                raise broken_trail(f"第 {row.seq} 环与其事件不符", f"link {row.seq} and its event differ")
            digest = row.digest
    return _sign(last, _key(last)) if size > known else last


def _compare(last: Checkpoint | None) -> None:
    """Raise IntegrityError where the chain is not what the last checkpoint says."""
    if last is None or last.size == 0:
        return
    link = AuditLink.objects.filter(seq=last.size).first()
    if link is None:
        raise broken_trail(
            f"检查点 {last.number} 有 {last.size} 环，现已不足", f"checkpoint {last.number} saw {last.size} links; fewer are left"
        )
    if bytes(link.digest).hex() != last.root:
        raise broken_trail(f"链与检查点 {last.number} 不符", f"the chain is not the one of checkpoint {last.number}")


def _link(last: Checkpoint | None, limit: int) -> int:
    """One batch of links, in one transaction; how many."""
    with transaction.atomic(durable=True):
        set_context(connection, {TRAIL: "read"})
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        _compare(last)
        seq, digest = (last.size, bytes.fromhex(last.root)) if last and last.size else (0, GENESIS)
        waiting = reading.waiting(limit)
        if not waiting:
            return 0
        number = (AuditBatch.objects.aggregate(Max("number"))["number__max"] or 0) + 1
        batch = AuditBatch(number=number, first_seq=seq + 1, last_seq=seq + len(waiting), sealed_at=clock.now())
        rows = []
        for event in waiting:
            seq, previous = seq + 1, digest
            digest = digest_of(previous, event)
            rows.append((seq, event["id"], digest, previous))
        batch.root = digest
        _write(batch, rows)
        reach(LINKED)
        return len(rows)


def _write(batch: AuditBatch, rows: list[tuple[int, int, bytes, bytes]]) -> None:
    numbers, ids, digests, before = (list(column) for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_link (seq, event_id, digest, previous, batch) "
            "SELECT *, %s FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[], %s::bytea[])",
            [batch.number, numbers, ids, digests, before],
        )
    batch.save(force_insert=True)
    AuditPending.objects.filter(event_id__in=ids).delete()


def _sign(last: Checkpoint | None, key: SigningKey, broken: str = "") -> Checkpoint:
    """Write the checkpoint of the chain as it is, outside."""
    with reading.reading_the_trail():
        head = AuditLink.objects.order_by("-seq").first()
    size, root = (head.seq, bytes(head.digest)) if head else (0, GENESIS)
    checkpoint = signed(key, last, size=size, root=root, at=clock.now(), broken=broken)
    places.checkpoint_file().append(checkpoint)
    reach(SIGNED)
    if places.to_syslog():
        syslog.syslog(syslog.LOG_AUTHPRIV | syslog.LOG_NOTICE, f"xiezhi checkpoint {checkpoint.line().decode()}")
    return checkpoint


def _copied() -> bool:
    """Bring the second folder up to date. A share that is away does not stop the sealing: it follows when it is back."""
    copy, own = places.checkpoint_copy(), places.checkpoint_file()
    if copy is None or not own.path.exists():
        return True
    try:
        if copy.follow(own):
            return True
        log.error("checkpoint copy tells a different story", extra={"folder": str(copy.folder)})
    except OSError as error:
        log.warning("checkpoint copy cannot be written: %s", error)
    return False
