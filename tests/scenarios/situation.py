"""Situations of one rule as a YAML file says them, and the files a department would deliver of them.

    deliver:                          # what all situations share: contract → rows by column title
      subsidy_item: [...]
    situations:
      taken_back_in_full:
        truth: innocent               # innocent, violation, or not_computable
        why: 多发的钱一笔冲回
        deliver: {subsidy_payment: [{发放流水号: P1, 身份证号: 人甲, ...}]}
        releases: [{tag: [tender], tender: {...}}]   # OCDS releases beside the tables; `id` and `ocid` may be left out
        then: [{death_registry: [...]}]   # later deliveries, one after the other
        expect: [{level: red, unit: 甲镇财政所}]     # of a violation: hits by any of their columns or shown values

In a cell, 人甲 stands for a citizen id, 企甲 for a credit code, 户甲 for a bank account: another one in every situation
(`人甲@1945-03-02` is born on that day, `人甲:f` is a woman); 共人甲 and so on are the same everywhere. A leading `=` keeps such
a text as it is.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from xiezhi.city.codes import REGION_PREFIX, citizen_ids, credit_codes
from xiezhi.identity import citizen

Delivery = Mapping[str, Sequence[Mapping[str, Any]]]
"""Contract → rows by column title."""

RELEASES = "ocds_release"
"""The contract under which releases are delivered."""

PLACEHOLDER = re.compile(r"^(共?)([人企户])(\w+?)(?:@(\d{4}-\d{2}-\d{2}))?(:f)?$")


@dataclass(frozen=True)
class Situation:
    """`truth`: innocent, violation or not_computable."""

    name: str
    truth: str
    why: str
    rounds: tuple[Delivery, ...]
    expect: tuple[Mapping[str, Any], ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    releases: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Situations:
    rule: str
    shared: Delivery
    situations: tuple[Situation, ...]


def read_situations(path: Path) -> Situations:
    """The situations of a file, which is named after its rule."""
    written = yaml.safe_load(path.read_text("utf-8"))
    return Situations(
        path.stem,
        written.get("deliver", {}),
        tuple(_situation(name, said) for name, said in written["situations"].items()),
    )


def _situation(name: str, said: Mapping[str, Any]) -> Situation:
    rounds = (said.get("deliver", {}), *said.get("then", []))
    known = {"truth", "why", "deliver", "then", "expect", "releases"}
    assert not set(said) - known, f"{name}: {set(said) - known}"
    assert said["truth"] in ("innocent", "violation", "not_computable"), name
    return Situation(
        name, said["truth"], said["why"], rounds, tuple(said.get("expect", ())), releases=tuple(said.get("releases", ()))
    )


@dataclass
class Written:
    """Delivered files by round. `owner`: (round, contract, line) → the situation a line belongs to; shared lines have none."""

    rounds: list[dict[str, Path]] = field(default_factory=list)
    owner: dict[tuple[int, str, int], str] = field(default_factory=dict)


def write_files(said: Situations, folder: Path) -> Written:
    """One CSV a contract and round, the lines of all situations below each other."""
    written = Written()
    for number in range(max(len(situation.rounds) for situation in said.situations)):
        rows: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
        for owner, delivery in _of_round(said, number):
            for contract, lines in delivery.items():
                rows.setdefault(contract, []).extend((owner, line) for line in lines)
        here = folder / f"round{number}"
        here.mkdir(parents=True)
        paths = {}
        for contract, owned in rows.items():
            paths[contract] = here / f"{contract}.csv"
            _write(paths[contract], owned)
            written.owner |= {(number, contract, place): owner for place, (owner, _) in enumerate(owned, start=2) if owner}
        if number == 0 and (package := _releases(said)):
            paths[RELEASES] = here / f"{RELEASES}.json"
            paths[RELEASES].write_text(json.dumps({"releases": package}, ensure_ascii=False), "utf-8")
        written.rounds.append(paths)
    return written


def _releases(said: Situations) -> list[dict[str, Any]]:
    """The releases of all situations; each belongs to a process of its own, whose ocid tells the situation."""
    told: list[dict[str, Any]] = []
    for situation in said.situations:
        for place, release in enumerate(situation.releases):
            own = {"ocid": ocid_of(situation.name, place), "id": f"{situation.name}-{place}", "date": "2025-03-01T00:00:00+08:00"}
            told.append({**own, **release})
    return told


def ocid_of(situation: str, place: int) -> str:
    return f"ocds-test-{situation}/{place}"


def situation_of(ocid: str) -> str:
    """The situation whose process it is."""
    return ocid.removeprefix("ocds-test-").partition("/")[0]


def _of_round(said: Situations, number: int) -> Iterator[tuple[str, Delivery]]:
    if number == 0:
        yield "", said.shared
    for situation in said.situations:
        if number < len(situation.rounds):
            yield situation.name, situation.rounds[number]


def _write(path: Path, owned: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    header = list(dict.fromkeys(title for _, row in owned for title in row))
    with path.open("w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle)
        out.writerow(header)
        for owner, row in owned:
            out.writerow([cell(row.get(title), owner) for title in header])


def cell(value: Any, owner: str) -> str:
    """What is written for a value: placeholders as identities of the situation."""
    text = "" if value is None else str(value)
    if text.startswith("="):
        return text[1:]
    match = PLACEHOLDER.match(text)
    if not match:
        return text
    shared, kind, name, born, woman = match.groups()
    number = _number("" if shared else owner, kind, name)
    if kind == "人":
        return _citizen(number, born or "1960-05-04", bool(woman))
    if kind == "企":
        return credit_codes("91", np.array([500_000 + number])).tobytes().decode()
    return f"62999901{number:09d}8"


_known: dict[tuple[str, str, str], int] = {}


def _number(owner: str, kind: str, name: str) -> int:
    return _known.setdefault((owner, kind, name), len(_known) + 1)


@cache
def _citizen(number: int, born: str, woman: bool) -> str:
    day, sequence = int(born.replace("-", "")), number % 499 * 2 + (2 if woman else 1)
    region = int(REGION_PREFIX) * 100 + 1 + number // 499
    found = citizen_ids(np.array([region]), np.array([day]), np.array([sequence])).tobytes().decode()
    assert len(found) == len(citizen.WEIGHTS) + 1
    return found
