"""What the trail costs, and how fast it is proven: `python -m benchmarks.trail`.

Each transaction adds a row to a table; the same with an event beside it; the same while a sealer is at work. One writer and
eight take turns in one run, on a private PostgreSQL, so the ratios mean something on any machine.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="xiezhi-bench-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ |= {"XIEZHI_HOME": str(HOME), "DJANGO_SETTINGS_MODULE": "xiezhi.web.config.settings"}

import click  # noqa: E402
import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402

from benchmarks.machine import describe  # noqa: E402
from benchmarks.measure import medians  # noqa: E402
from xiezhi.web.audit import reading  # noqa: E402
from xiezhi.web.audit.actions import sealing  # noqa: E402
from xiezhi.web.audit.export import export  # noqa: E402
from xiezhi.web.audit.kinds import declare  # noqa: E402
from xiezhi.web.audit.offline import verify_export  # noqa: E402
from xiezhi.web.audit.online import verify_site  # noqa: E402
from xiezhi.web.audit.record import System, record  # noqa: E402
from xiezhi.web.database import embedded, roles  # noqa: E402

DONE = declare("bench.done", zh="测量", en="Measured")
SOMEBODY = System(username="bench", display_name="测量", role="system", unit_name="第一监督检查室")

FILL = """
INSERT INTO audit_event (at, kind, outcome, user_id, username, display_name, post_id, role, unit_name, on_kind, on_id, on_label,
    unit_path, why, before, after, details, ip, request_id)
SELECT now() - interval '1 day' + n * interval '1 millisecond', 'alert.dismissed', 'done', n %% 50, 'user' || n %% 50, '张三',
    n %% 60,
    'supervising_officer', '第一监督检查室', 'alerts.alert', n::text, 'AL-2026-' || n, '0001.0003.', '经核实同名不同人,予以驳回',
    '{"state":"raised"}', '{"reason":"same name","state":"dismissed"}', '{}', '10.0.0.1', md5(n::text)
FROM generate_series(1, %s) n
"""


@click.command()
@click.option("--writes", default=400, show_default=True, help="Transactions of each writer.")
@click.option("--events", default=200_000, show_default=True, help="Length of the trail that is verified.")
def main(writes: int, events: int) -> None:
    with embedded.start(HOME / "postgres") as server:
        roles.prepare(server.url(), settings.DATABASE_NAME)
        call_command("migrate", database="owner", verbosity=0)
        with connections["owner"].cursor() as cursor:
            cursor.execute("CREATE TABLE bench_thing (id bigint GENERATED ALWAYS AS IDENTITY, said text)")
        report = {"machine": describe(), "writing": {n: _writing(n, writes) for n in (1, 8)}, "proving": _proving(events)}
        connections.close_all()
    click.echo(json.dumps(report, ensure_ascii=False, indent=1))


def _writing(writers: int, each: int) -> dict[str, float]:
    """Transactions a second, bare and with an event, and what the event costs."""
    tasks: dict[str, Callable[[], object]] = {
        "bare": lambda: _all(writers, each, _bare),
        "with_event": lambda: _all(writers, each, _told),
        "with_event_and_sealer": lambda: _beside_a_sealer(lambda: _all(writers, each, _told)),
    }
    seconds = medians(tasks)
    rates = {name: round(writers * each / taken) for name, taken in seconds.items()}
    return {**rates, "event_ratio": round(seconds["with_event"] / seconds["bare"], 2),
            "sealer_ratio": round(seconds["with_event_and_sealer"] / seconds["with_event"], 2)}  # fmt: skip


def _proving(events: int) -> dict[str, float]:
    """Rows a second of sealing, verifying in place, exporting and verifying the export."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FILL, [events])
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    begin = time.perf_counter()
    links = sealing.seal().links
    while sealing.seal().links:
        pass
    sealing_took = time.perf_counter() - begin
    file = HOME / "trail.jsonl"
    tasks: dict[str, Callable[[], object]] = {
        "read": _read,
        "verify": lambda: _sound(verify_site().sound),
        "export": lambda: export(file),
        "verify_export": lambda: _sound(verify_export(file)[0].sound),
    }
    seconds, total = medians(tasks), verify_site().links
    rates = {name: round(total / taken) for name, taken in seconds.items()}
    ratio = round(seconds["verify"] / seconds["read"], 2)
    return {"links": total, "seal": round(links / sealing_took), **rates, "verify_to_read": ratio}


def _read() -> None:
    """The yardstick: every row fetched, nothing computed."""
    with reading.reading_the_trail():
        for _row in reading.links(0, reading.size()):
            pass


def _sound(sound: bool) -> None:
    assert sound


def _all(writers: int, each: int, write: Callable[[], None]) -> None:
    def work() -> None:
        for _ in range(each):
            with transaction.atomic():
                write()
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _bare() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_thing (said) VALUES ('x')")


def _told() -> None:
    _bare()
    record(DONE, by=SOMEBODY, on="thing:1", why="核实", before={"state": "raised"}, after={"state": "done"})


def _beside_a_sealer(work: Callable[[], None]) -> None:
    with _sealer():
        work()


@contextmanager
def _sealer() -> Iterator[None]:
    stop = threading.Event()

    def seal() -> None:
        while not stop.wait(0.2):
            sealing.seal()
        connections.close_all()

    thread = threading.Thread(target=seal)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


if __name__ == "__main__":
    main()
