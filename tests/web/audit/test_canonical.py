"""The spelling that digests cover is the same after a round through PostgreSQL, through an export, and by other hands."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.audit.site import SOMEBODY, TESTED, TrailSite
from xiezhi.kernel.hashing import canonical
from xiezhi.web.audit import reading
from xiezhi.web.audit.actions import sealing
from xiezhi.web.audit.chain import digest_of
from xiezhi.web.audit.export import export
from xiezhi.web.audit.identities import identities_in
from xiezhi.web.audit.record import Target, record

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=40).filter(lambda text: not identities_in(text))
numbers = st.integers(-(2**70), 2**70).filter(lambda number: not identities_in(str(number)))
decimals = st.decimals().filter(lambda number: not identities_in(format(number, "f")))
leaves = st.none() | st.booleans() | numbers | texts | st.floats() | decimals | st.dates() | st.datetimes()
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=8)
mappings = st.none() | st.dictionaries(texts, values, max_size=4)


def by_other_hands(previous: str, event: dict[str, Any]) -> str:
    """The digest as somebody computes it who has only read the page."""
    text = json.dumps(event, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(b"\x00" + bytes.fromhex(previous) + text.encode("utf-8")).hexdigest()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=mappings, after=mappings, why=texts, label=texts, note=values)
def test_what_is_read_is_what_was_written(fresh: TrailSite, before: Any, after: Any, why: str, label: str, note: Any) -> None:
    why, label = why.replace("\0", ""), label.replace("\0", "")
    with transaction.atomic():
        made = record(TESTED, by=SOMEBODY, on=Target("thing", "1", label), why=why, before=before, after=after, note=note)
    spelled = {
        name: None if value is None else canonical(value).decode()
        for name, value in (("before", made.before), ("after", made.after))
    }
    with reading.reading_the_trail():
        (event,) = (row.event for row in reading.loose() if row.event["id"] == made.pk)
    assert (event["why"], event["on_label"]) == (why, label)
    assert {name: event[name] for name in spelled} == spelled
    assert event["details"] == canonical(made.details).decode()
    assert event["at"] == made.at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    through_a_file = json.loads(canonical(event))
    assert through_a_file == event
    assert digest_of(bytes(32), through_a_file).hex() == by_other_hands("00" * 32, event)


@settings(max_examples=300, deadline=None)
@given(
    event=st.dictionaries(texts, texts | numbers | st.none(), min_size=1),
    other=st.dictionaries(texts, texts | numbers | st.none(), min_size=1),
)
def test_different_events_have_different_bytes(event: dict[str, Any], other: dict[str, Any]) -> None:
    assert (canonical(event) == canonical(other)) == (json.dumps(event, sort_keys=True) == json.dumps(other, sort_keys=True))


def test_a_stranger_with_the_export_and_the_page_agrees(fresh: TrailSite, tmp_path: Path) -> None:
    fresh.sealed(3, 4)
    export(tmp_path / "trail.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "trail.jsonl").read_text("utf-8").splitlines()]
    previous, links, signed = "00" * 32, 0, [json.loads(line["checkpoint"]) for line in lines if "checkpoint" in line]
    for line in lines:
        if "link" in line:
            seq, event_id, digest, before, _batch = line["link"]
            assert (seq, event_id, before) == (links + 1, line["event"]["id"], previous)
            previous, links = by_other_hands(previous, line["event"]), seq
            assert digest == previous
    assert (signed[-1]["size"], signed[-1]["root"]) == (links, previous) == (12, sealing.seal().last.root)  # type: ignore[union-attr]
