"""What the list of alerts costs when it is long: `python -m benchmarks.web_alerts`.

A million alerts whose hits stand on millions of delivered rows; the list, a search for two characters, one alert, its evidence
and the empty page are asked in turn, as a county officer, with row-level security on. The ratio of list to empty page means
something on any machine.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="xiezhi-bench-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ |= {
    "XIEZHI_HOME": str(HOME),
    "XIEZHI_MODE": "site",
    "XIEZHI_HTTPS": "no",
    "DJANGO_SETTINGS_MODULE": "xiezhi.web.config.settings",
}

import click  # noqa: E402
import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402
from tests.web.people import Commission, build_commission, signed_in  # noqa: E402

from benchmarks import long_lake  # noqa: E402
from benchmarks.machine import describe  # noqa: E402
from xiezhi.web.accounts.models import Unit  # noqa: E402
from xiezhi.web.accounts.roles import RoleCode  # noqa: E402
from xiezhi.web.accounts.viewer import system_scope  # noqa: E402
from xiezhi.web.alerts.models import Alert  # noqa: E402
from xiezhi.web.database import embedded, roles  # noqa: E402
from xiezhi.web.kit import search  # noqa: E402
from xiezhi.web.reveals.policies import PURPOSE_ENOUGH  # noqa: E402

SENTENCES = (
    "该人员死亡后仍发放补贴共计一百元",
    "该单位以公开招标以外的方式采购维修工程",
    "该人员在两所医院同日住院",
    "某业务员一人签单占全村九成",
    "村干部亲属的企业承接本村道路硬化工程",
    "两家投标人的保证金出自同一来源",
    "食堂采购单价明显高于同月中位价",
)
RARE = "龙岗"
FILL = """
INSERT INTO alerts_alert (fingerprint, number, rule, version, variant, title_zh, title_en, line, level, level_rank,
  hit_state, state, unit_id, unit_path, unit_label, placed_by, region,
  subject_kind, subject_key, subject_masked, counterpart_kind, counterpart_key,
  counterpart_masked, cadre_level, label, amount, sentence_zh, sentence_en, search, seal, run, first_run, raised_at, renewed_at,
  moved_at, outcome, reason, gone_zh, gone_en)
SELECT md5(n::text),
  '2026-' || lpad(n::text, 7, '0'), 'SUB-00' || n %% 9, 1, 'A',
  '身故后仍发放补贴', 'Paid after death', 'subsidy',
  (ARRAY['blue','yellow','orange','red'])[1 + n %% 4], n %% 4, 'new', 'open', u.ids[1 + n %% u.many],
  u.paths[1 + n %% u.many], '社会事务办公室', 'region', '', 'person', 'citizen_id:' || n / 3,
  '990101********' || lpad((n %% 9999)::text, 4, '0'),
  '', '', '', 0, n %% 2, n %% 500000, s.texts[1 + n %% s.many], 'sentence', to_tsvector('simple', s.grams[1 + n %% s.many]
  || CASE WHEN n %% 20000 = 0 THEN ' ' || %s ELSE '' END), md5(n::text) || md5(n::text), 1, 1,
  now() - n * interval '10 second', now(), now(), '', '', '', ''
FROM generate_series(1, %s) n, (SELECT %s::bigint[] ids, %s::text[] paths, %s many) u,
  (SELECT %s::text[] texts, %s::text[] grams, %s many) s
"""


@click.command()
@click.option("--alerts", default=1_000_000, show_default=True)
@click.option("--rounds", default=40, show_default=True, help="Answers of each kind.")
def main(alerts: int, rounds: int) -> None:
    setup_test_environment()
    lake = long_lake.build(HOME, alerts)
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with embedded.start(HOME / "postgres") as server:
        roles.prepare(server.url(), settings.DATABASE_NAME)
        call_command("migrate", database="owner", verbosity=0)
        call_command("createcachetable", database="owner", verbosity=0)
        commission = build_commission()
        _fill(alerts)
        held = {"machine": describe(), "alerts": alerts, "standing_rows": lake.standing}
        click.echo(json.dumps({**held, **_measured(commission, rounds)}, ensure_ascii=False, indent=1))
        connection.close()


def _fill(alerts: int) -> None:
    units = list(Unit.objects.filter(kind="village").order_by("path").values_list("pk", "path"))
    grams = [search.bigrams(f"{sentence} 社会事务办公室 身故后仍发放补贴") for sentence in SENTENCES]
    ids, paths = [pk for pk, _ in units], [path for _, path in units]
    with system_scope("bench"), connection.cursor() as cursor:
        cursor.execute(FILL, [search.query(RARE), alerts, ids, paths, len(units), list(SENTENCES), grams, len(SENTENCES)])
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE alerts_alert")


def _measured(commission: Commission, rounds: int) -> dict[str, object]:
    client = signed_in(commission.users[RoleCode.COUNTY_OFFICER])
    seen = commission.viewer(RoleCode.COUNTY_OFFICER).scope.paths
    numbers = _numbers(seen, rounds + 2)
    pages: dict[str, Callable[[int], str]] = {
        "empty": lambda turn: "/reveals/",
        "list": lambda turn: "/alerts/",
        "newest": lambda turn: "/alerts/?sort=-raised",
        "last page": lambda turn: "/alerts/?page=400",
        "two characters, frequent": lambda turn: "/alerts/?q=补贴",
        "two characters, rare": lambda turn: f"/alerts/?q={RARE}",
        "by subject": lambda turn: "/alerts/subjects/?level=red&line=subsidy",
        "one alert": lambda turn: f"/alerts/{numbers[turn]}/",
        "its evidence": lambda turn: f"/alerts/{numbers[turn]}/evidence/",
    }
    times: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(rounds + 2):
        for name, address in pages.items():
            took = _timed(client, address(turn))
            if turn > 1:
                times[name].append(took)
    asked = {name: _queries(client, address(0)) for name, address in pages.items()}
    p95 = {name: round(float(np.percentile(took, 95)) * 1000, 1) for name, took in times.items()}
    return {"p95_ms": p95, "list_to_empty": round(p95["list"] / p95["empty"], 2), "queries": asked}


def _numbers(paths: Sequence[str], many: int) -> list[str]:
    """Alerts in sight, another for each turn, whose data needs no purpose to be told."""
    with system_scope("bench"):
        found = Alert.objects.filter(unit_path__startswith=paths[0], label__lte=PURPOSE_ENOUGH).order_by("fingerprint")
        return list(found.values_list("number", flat=True)[:many])


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked.captured_queries)


def _timed(client: Client, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
