"""Not one delivered identity leaves in clear: no page, file, log line, event, notice or table, unless somebody reveals it."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.web.lakes import personal_values
from tests.web.matrix.asking import Answer, answered, ask, ask_as_machine, undone
from tests.web.matrix.routes import DECLARED
from tests.web.matrix.walk import Route, routes
from tests.web.matrix.world import Person, World
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.alerts.actions.raising import raise_alerts
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.config.logs import logging as configured
from xiezhi.web.deliveries import gateway
from xiezhi.web.deliveries.models import Upload

CITIZEN, ACCOUNT, PHONE = "990101199003078519", "6217001234567890123", "13812345678"
PLANTED = (CITIZEN, ACCOUNT, PHONE)
QUERIES = ("q={}", "subject={}", "username={}", "who={}", "kind=accounts.user&id={}", "dataset={}", "unit={}")
GETS = [route for route in routes() if route.name in DECLARED and "GET" in DECLARED[route.name].methods]
READERS = (RoleCode.CITY_LEADER, RoleCode.CONDUCT_OFFICER, RoleCode.DATA_ANALYST, RoleCode.DEPARTMENT_CONTACT, RoleCode.AUDITOR,
           RoleCode.CASE_SUPERVISOR, RoleCode.VILLAGE_LIAISON, RoleCode.SYSTEM_ADMINISTRATOR)  # fmt: skip


def leaks(text: str, values: frozenset[str]) -> list[str]:
    """Delivered values that stand in the text; whatever else has the shape of one."""
    return [*Answer(200, text).identities(), *(value for value in values if value in text)][:5]


@pytest.fixture(scope="module")
def values(city: Path) -> frozenset[str]:
    found = personal_values(city / "delivered")
    assert len(found) > 3000
    return found


def test_the_detector_detects(world: World, values: frozenset[str]) -> None:
    """Where identities are meant to be seen they are found: else a silent detector would prove anything."""
    returned = next(thing for thing in world.things["delivery"] if thing.unit == "civil")
    analyst, officer = world.people[RoleCode.DATA_ANALYST], world.people[RoleCode.CONDUCT_OFFICER]
    assert leaks(ask(analyst, "POST", f"/deliveries/{returned.given['number']}/returned/").text, values)
    opened = next(thing for thing in world.things["reveal"] if thing.case == "own open")
    assert leaks(ask(officer, "POST", f"/reveals/{opened.given['request_id']}/open/").text, values)
    assert all(leaks(f"<td>{planted}</td>", frozenset()) for planted in PLANTED)


@pytest.mark.parametrize("role", READERS)
def test_no_page_shows_one(role: RoleCode, world: World, values: frozenset[str]) -> None:
    """Every route that answers a GET, on the first thing in sight of its kind."""
    person, wrong, pages = world.people[role], [], 0
    for route in GETS:
        door = DECLARED[route.name]
        if door.machine or (door.asks not in ("public", "signed in") and door.asks not in person.permissions):
            continue
        answer = ask(person, "GET", _address(route, person, world))
        pages += 1
        if found := leaks(answer.text, values):
            wrong.append(f"{route.name}: {found}")
    assert wrong == []
    assert pages > 20


def _address(route: Route, person: Person, world: World) -> str:
    things = world.things.get(DECLARED[route.name].of, [])
    seen = next((thing for thing in things if person.sees(thing)), None)
    return route.path(**(seen.given if seen else {}))


def test_no_evidence_shows_one(world: World, values: frozenset[str]) -> None:
    person, wrong = world.people[RoleCode.CITY_LEADER], []
    for thing in world.things["alert"]:
        if person.sees(thing):
            address = f"/alerts/{thing.row.number}/evidence/"
            answer = ask(person, "POST", address, {"purpose": "核查线索"})
            assert answer.status == 200, address
            if found := leaks(answer.text, values):
                wrong.append(f"{thing.row.rule}: {found}")
    assert wrong == []


BIRTH = re.compile(r"(?<!\d)(?:19\d|200)\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)")


def test_no_evidence_shows_a_birthday(world: World) -> None:
    """With a masked citizen id beside it, a day of birth makes the id whole but for three digits."""
    person, found = world.people[RoleCode.CITY_LEADER], []
    for thing in world.things["alert"]:
        if person.sees(thing):
            text = ask(person, "POST", f"/alerts/{thing.row.number}/evidence/", {"purpose": "核查线索"}).text
            found += [f"{thing.row.rule}: {day}" for day in set(BIRTH.findall(text))]
    assert found == []


def test_no_page_shows_one_of_what_is_about_to_be_sent(world: World, values: frozenset[str], city: Path, tmp_path: Path) -> None:
    """Every delivered file as it would be shown before it is sent, as it is and with its columns shifted."""
    upload = next(thing for thing in world.things["upload"] if thing.unit == "civil")
    contact, wrong, shown = world.people[RoleCode.DEPARTMENT_CONTACT], [], 0
    files = [path for path in (city / "delivered").rglob("*") if path.parent != city / "delivered" and path.is_file()]
    for path in [*files, *_shifted(files, tmp_path)]:
        found = gateway.preview(path, tmp_path / "scratch", contract=None, most=50)
        with undone():
            with system_scope("test_canaries"):
                Upload.objects.filter(pk=upload.row.pk).update(state="ready", preview=found)
            text = answered(contact.client.get(f"/deliveries/uploads/{upload.given['batch']}/")).text
        shown += "前几行（已遮盖）" in text
        if leaked := leaks(text + json.dumps(found, ensure_ascii=False), values):
            wrong.append(f"{path.name}: {leaked}")
    assert wrong == []
    assert shown > len(files), "both the sound and the shifted ones show rows"


def _shifted(files: list[Path], folder: Path) -> Iterator[Path]:
    """The separated ones with what stands below the header one and two columns to the right."""
    for path in files:
        if path.suffix not in (".csv", ".tsv"):
            continue
        try:
            lines = path.read_bytes().decode("utf-8-sig").splitlines()[:9]
        except UnicodeDecodeError:
            lines = path.read_bytes().decode("gb18030").splitlines()[:9]
        between = max(",\t;|", key=lines[0].count)
        rows = [line.split(between) for line in lines]
        for places in (1, 2):
            made = folder / f"{places}-{path.name}"
            below = [row[-places:] + row[:-places] for row in rows[1:]]
            made.write_text("\n".join(between.join(row) for row in [rows[0], *below]) + "\n", encoding="utf-8")
            yield made


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_export_holds_one(form: str, world: World, values: frozenset[str]) -> None:
    with undone():
        client = world.people[RoleCode.CONDUCT_OFFICER].client
        asked = client.post("/alerts/export/", {"format": form, "why": "季度分析"})
        assert leaks(answered(client.get(asked["Location"])).text, values) == []
        taken = answered(world.people[RoleCode.AUDITOR].client.get("/trail/list.csv"))
        assert taken.status == 200
        assert leaks(taken.text, values) == []


def test_no_machine_is_given_one(world: World, values: frozenset[str]) -> None:
    addresses = ["/api/v1/alerts?limit=200", "/api/v1/deliveries?limit=200", "/api/v1/datasets", "/api/v1/rules"]
    for kind, path in (("alert", "/api/v1/alerts/{number}"), ("delivery", "/api/v1/deliveries/{number}/receipt")):
        addresses += [path.format(**thing.given) for thing in world.things[kind]]
    for address in addresses:
        answer = ask_as_machine(world.secrets[""], "GET", address)
        assert answer.status in (200, 404), address
        assert leaks(json.dumps(json.loads(answer.text), ensure_ascii=False), values) == [], address


def test_no_table_keeps_one(world: World, values: frozenset[str]) -> None:
    """The whole database as text, freshly raised alerts too: names, notices, events, jobs, uploads, sessions."""
    with undone(), system_scope("test_canaries", trail=True), connection.cursor() as cursor:
        raise_alerts()
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{table}\" AS t")
            text = str(cursor.fetchone()[0])
            found[table] = leaks(text, values)
    assert {table: those for table, those in found.items() if those} == {}
    assert len(found) > 30


def test_what_is_typed_into_an_address_reaches_neither_log_nor_trail(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """People paste identities into search fields and addresses; the page may show them their own words, nothing else keeps them."""
    person = world.people[RoleCode.AUDITOR]
    officer = world.people[RoleCode.CONDUCT_OFFICER]
    lines, wrong = _logged(), []
    with undone():
        for planted in PLANTED:
            for route in GETS:
                if DECLARED[route.name].machine:
                    continue
                for one in (person, officer):
                    _fetch(one.client, route, planted)
        with system_scope("test_canaries", trail=True):
            rows = list(AuditEvent.objects.values("kind", "why", "details", "before", "after", "on_id", "on_label"))
        for row in rows:
            wrong += [f"{row['kind']}: {found}" for found in leaks(json.dumps(row, ensure_ascii=False), frozenset())]
    said = lines.stop()
    assert wrong == []
    assert len(rows) > 50
    assert "Not Found" in said, "the log was read at all"
    assert leaks(said, frozenset()) == []


def _fetch(client: Client, route: Route, planted: str) -> None:
    strings = {name: planted for name, value in route.nobody if value == "nobody"}
    if strings:
        client.get(route.path(**strings))
    elif route.name.endswith((":list", ":subjects", ":person", ":thing", ":register", ":fields", ":queue")):
        for query in QUERIES:
            client.get(f"{route.path()}?{query.format(planted)}")


class _Kept(logging.Handler):
    """Everything logged, as the site's own formatter writes it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        told: dict[str, Any] = dict(configured()["formatters"]["json"])
        self.setFormatter(told.pop("()")(**told))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def stop(self) -> str:
        logging.getLogger().removeHandler(self)
        logging.getLogger("django.request").disabled = True
        return "\n".join(self.lines)


def _logged() -> _Kept:
    kept = _Kept()
    logging.getLogger("django.request").disabled = False
    logging.getLogger().addHandler(kept)
    return kept
