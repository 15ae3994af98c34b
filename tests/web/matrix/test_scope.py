"""Route × person × thing: what lies outside a person's sight is not there, whichever address is tried.

What a person sees is held twice. So everything here is asked twice: of the querysets with row-level security opened wide,
and of row-level security with every `seen_by` let through. Each alone must be enough.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.matrix.asking import Answer, answered, ask, ask_as_machine, undone
from tests.web.matrix.routes import DECLARED, Door
from tests.web.matrix.walk import routes
from tests.web.matrix.world import Person, Thing, World
from tests.web.walls import WALLS, leave
from xiezhi.web.accounts.roles import RoleCode

BY_NAME = {route.name: route for route in routes()}
ADDRESSED = [name for name, door in DECLARED.items() if door.of in ("alert", "delivery", "upload") and not door.machine]
OWNED = [
    name for name, door in DECLARED.items() if door.of in ("view", "export", "notice", "job", "trail job") and not door.machine
]
OF_MACHINES = [name for name, door in DECLARED.items() if door.machine and door.of]
LISTS = {
    "/alerts/?size=100": "alert",
    "/deliveries/?size=100": "delivery",
}
"""Pages that show the whole of what is in sight, and what of."""
PAGES = (
    "/",
    "/alerts/subjects/?size=100",
    "/deliveries/calendar/",
    "/deliveries/quality/",
    "/deliveries/upload/",
    "/reveals/",
    "/reveals/register/",
    "/notices/",
    "/jobs/",
    "/trail/verification/",
)
"""Pages without a thing in their address, which may show, or count, what is not to be seen."""
DIFFERENT = ("county_officer", "department_contact", "stationed_officer", "one line", "recused", "not cleared")
CHANGING = re.compile(
    r'csrfmiddlewaretoken" value="\w+|csrf[\w-]*="?[\w:]+|nonce="[^"]+"|\d\d:\d\d(?::\d\d)?|<code>[0-9a-f]{32}</code>|ticket=[\w:%-]+'
    r'|<img class="watermark"[^>]*>'
)
STRANGERS = ("city_leader", "case_supervisor", "auditor", "second auditor", "system_administrator", "two posts", "no post")
WHOLE = ("alerts:one", "deliveries:batch")
IN_CLEAR = "delivery.upload"
"""Whoever delivers gets the rows that were set aside as they were sent."""
SLOW = ("alerts:evidence", "alerts:why", "alerts:replay")
"""These read the lake: one person is enough to show that they open at all."""


@pytest.fixture(params=WALLS)
def wall(request: pytest.FixtureRequest, world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    leave(request.param, monkeypatch)
    return str(request.param)


def _known(person: Person, door: Door) -> bool:
    return person.signs_in and (door.asks == "signed in" or door.asks in person.permissions)


def _tried(world: World, person: Person, name: str) -> list[Thing]:
    """Every thing of a kind at its own page; at the other addresses one in sight and one outside for each limit."""
    things = world.things[DECLARED[name].of]
    if name in WHOLE:
        return things
    seen = [thing for thing in things if person.sees(thing)]
    if name in SLOW and person.name != RoleCode.CONDUCT_OFFICER:
        seen = []
    return [*seen[:1], *{person.why_not(thing): thing for thing in things if not person.sees(thing)}.values()]


@pytest.mark.parametrize("name", ADDRESSED)
def test_a_thing_outside_ones_sight_is_not_there(name: str, wall: str, world: World) -> None:
    door, wrong = DECLARED[name], []
    for person in world.people.values():
        if not _known(person, door):
            continue
        for thing in _tried(world, person, name):
            for method in door.methods:
                for given, also in _addresses(thing, door, seen=person.sees(thing)):
                    answer = ask(person, method, BY_NAME[name].path(**given))
                    said = _wrong(answer, person, thing, also, world)
                    if said:
                        wrong.append(f"{name} {method} of {thing.case!r} as {person.name}: {said}")
    assert wrong == []


def _addresses(thing: Thing, door: Door, *, seen: bool) -> list[tuple[dict[str, Any], str]]:
    """An address that names its act: each act on what is in sight, one on what is not."""
    if door.moves:
        moves = door.moves if seen else [door.moves[len(thing.case) % len(door.moves)]]
        return [({**thing.given, "move": move}, also) for move, also in moves]
    return [(thing.given, door.also)]


def _wrong(answer: Answer, person: Person, thing: Thing, also: str, world: World) -> str:
    leaked = answer.foreign(person, world) or ([] if also == IN_CLEAR else answer.identities())
    if leaked:
        return f"shows {leaked}"
    if not person.sees(thing):
        return "" if answer.status == 404 else f"answered {answer.status}, though it is out of sight"
    if also and also not in person.permissions:
        return "" if answer.status == 403 else f"answered {answer.status} without {also}"
    return f"answered {answer.status}, though it is in sight" if answer.status in (403, 404) or answer.status >= 500 else ""


@pytest.mark.parametrize("page", LISTS)
def test_a_list_shows_all_that_is_in_sight_and_nothing_else(page: str, wall: str, world: World) -> None:
    wrong = []
    for person in world.people.values():
        answer = ask(person, "GET", page)
        seen = {thing.mark for thing in world.things[LISTS[page]] if person.sees(thing)} if answer.status == 200 else set()
        shown = {thing.mark for thing in world.things[LISTS[page]] if thing.mark in answer.text}
        if shown != seen:
            wrong.append(f"{person.name}: too much {sorted(shown - seen)}, too little {sorted(seen - shown)}")
    assert wrong == []


@pytest.mark.parametrize("page", LISTS)
def test_without_either_wall_a_list_shows_what_is_out_of_sight(page: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or else one of the two was never taken down, and the tests that do so prove nothing."""
    for wall in WALLS:
        leave(wall, monkeypatch)
    shown = []
    for person in world.people.values():
        answer = ask(person, "GET", page)
        shown += [thing for thing in world.things[LISTS[page]] if thing.mark in answer.text and not person.sees(thing)]
    assert shown


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_what_is_out_of_sight(page: str, wall: str, world: World) -> None:
    wrong = []
    for person in (one for one in world.people.values() if one.sight.units or one.role is RoleCode.AUDITOR):
        answer = ask(person, "GET", page)
        leaked = [*answer.identities(), *(answer.foreign(person, world) if person.sight.units or "register" not in page else [])]
        if leaked or answer.status >= 500:
            wrong.append(f"{person.name}: {answer.status} {leaked}")
    assert wrong == []


@pytest.mark.parametrize("page", PAGES)
def test_each_wall_alone_gives_the_same_page(page: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the letter, so that counts, sums and choices of filters are compared as well."""
    wrong = []
    for name in (*DIFFERENT, RoleCode.CITY_LEADER, RoleCode.AUDITOR):
        person = world.people[name]
        whole = _still(ask(person, "GET", page).text)
        for wall in WALLS:
            with monkeypatch.context() as planted:
                leave(wall, planted)
                other = _still(ask(person, "GET", page).text)
                if other != whole:
                    differing = [
                        f"{a.strip()} | {b.strip()}" for a, b in zip(whole.split("\n"), other.split("\n"), strict=False) if a != b
                    ]
                    wrong.append(f"{wall} give {name} another page: {differing[:1]}")
    assert wrong == []


def _still(text: str) -> str:
    """Without what is new in every answer."""
    return CHANGING.sub("", text)


def test_figures_count_what_is_in_sight(wall: str, world: World) -> None:
    """A count tells of what it counts: red open alerts on the workbench are those that the list shows."""
    wrong = []
    for person in world.people.values():
        if "alert.read" not in person.permissions or not person.signs_in or "workbench.open" not in person.permissions:
            continue
        seen = sum(person.sees(thing) for thing in world.things["alert"])
        page = ask(person, "GET", "/").text
        listed = ask(person, "GET", "/alerts/?level=red&state=open").text
        if f'data-figure="{seen}"' not in page and f">{seen}<" not in page:
            wrong.append(f"{person.name}: the workbench does not say {seen}")
        if f"共 {seen} 条" not in listed.replace("\n", "") and seen:
            wrong.append(f"{person.name}: the list does not say {seen}")
    assert wrong == []


@pytest.mark.parametrize("name", OWNED)
def test_what_is_ones_own_is_nobody_elses(name: str, wall: str, world: World) -> None:
    door, wrong = DECLARED[name], []
    owners = {thing.owner for thing in world.things[door.of]}
    for person in (world.people[one] for one in sorted({*owners, *STRANGERS})):
        if not _known(person, door):
            continue
        for thing in world.things[door.of]:
            for method in door.methods:
                answer = ask(person, method, BY_NAME[name].path(**thing.given))
                mine = person.name == thing.owner
                watched = door.of == "job" and method == "GET" and thing.watch in person.permissions
                if not mine and not watched and answer.status != 404:
                    wrong.append(f"{name} {method} of {thing.owner}'s as {person.name}: {answer.status}")
                if mine and answer.status in (403, 404) and name != "trail:fetch":
                    wrong.append(f"{name} {method} of one's own as {person.name}: {answer.status}")
    assert wrong == []


def test_reveals_are_for_their_asker_and_whoever_approves(wall: str, world: World) -> None:
    wrong = []
    one, decide, opening = (BY_NAME[f"reveals:{name}"] for name in ("one", "decide", "open"))
    for person in world.people.values():
        if not person.signs_in or not {"reveal.request", "reveal.approve"} & person.permissions:
            continue
        for thing in world.things["reveal"]:
            mine, approves = person.name == thing.asker, "reveal.approve" in person.permissions
            seen = person.sees(thing) and (mine or approves)
            said = ask(person, "GET", one.path(**thing.given))
            if (said.status == 200) != seen or (not seen and thing.mark in said.text):
                wrong.append(f"{thing.case} as {person.name}: {said.status}")
            done = ask(person, "POST", decide.path(**thing.given, answer="agree"), {"why": "同意它"})
            if (done.status == 303) != (seen and approves and not mine and thing.row.state == "asked"):
                wrong.append(f"deciding {thing.case} as {person.name}: {done.status}")
            if "reveal.request" in person.permissions:
                value = ask(person, "POST", opening.path(**thing.given))
                if (value.status == 200) != (seen and mine and thing.row.state == "approved"):
                    wrong.append(f"opening {thing.case} as {person.name}: {value.status}")
                if value.status != 200 and value.identities():
                    wrong.append(f"opening {thing.case} as {person.name} shows it")
    assert wrong == []


@pytest.mark.parametrize("name", OF_MACHINES)
def test_a_machine_sees_what_its_unit_sees(name: str, wall: str, world: World) -> None:
    machine, wrong = world.people[RoleCode.MACHINE], []
    argument = {"alert": "number", "delivery": "number", "job": "job_id"}[DECLARED[name].of]
    for thing in world.things[DECLARED[name].of]:
        answer = ask_as_machine(world.secrets[""], "GET", BY_NAME[name].path(**{argument: thing.given[argument]}))
        if (answer.status == 200) != machine.sees(thing) or answer.identities():
            wrong.append(f"{thing.case}: {answer.status}")
    assert wrong == []


@pytest.mark.parametrize(("path", "kind"), [("/api/v1/alerts?limit=200", "alert"), ("/api/v1/deliveries?limit=200", "delivery")])
def test_what_a_machine_lists_is_what_its_unit_sees(path: str, kind: str, wall: str, world: World) -> None:
    machine = world.people[RoleCode.MACHINE]
    answer = ask_as_machine(world.secrets[""], "GET", path)
    shown = {thing.mark for thing in world.things[kind] if thing.mark in answer.text}
    assert shown == {thing.mark for thing in world.things[kind] if machine.sees(thing)}
    assert shown


def test_an_export_holds_what_its_maker_sees(wall: str, world: World) -> None:
    wrong = []
    for person in world.people.values():
        if "alert.export" not in person.permissions or not person.signs_in:
            continue
        for form in ("csv", "xlsx"):
            text = _exported(person, form)
            shown = {thing.mark for thing in world.things["alert"] if thing.mark in text}
            seen = {thing.mark for thing in world.things["alert"] if person.sees(thing)}
            if shown != seen:
                wrong.append(f"{form} as {person.name}: too much {sorted(shown - seen)}, too little {sorted(seen - shown)}")
    assert wrong == []


def _exported(person: Person, form: str) -> str:
    """The file of an export, asked for and fetched in one."""
    with undone():
        client = person.client
        asked = client.post("/alerts/export/", {"format": form, "why": "季度分析"})
        return answered(client.get(asked["Location"])).text
