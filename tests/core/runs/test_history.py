"""What three runs left of their hits: states, the rows they stand on, and the ways to read them."""

from __future__ import annotations

import json
from datetime import date

import pyarrow.parquet as pq

from tests.core.runs.conftest import HERS, THREE, TWO, History
from tests.core.runs.visits import CODE
from xiezhi.runs.changes import gone_rows, hit_batches, hit_rows, hits_starting, previous_hits
from xiezhi.runs.hit import Hit
from xiezhi.runs.record import HITS, STANDING


def test_each_hit_is_new_once_then_still_or_changed_and_at_last_gone(history: History) -> None:
    assert history.states(1) == dict.fromkeys((THREE, TWO, HERS), "new")
    assert history.states(2) == {THREE: "changed", TWO: "still", HERS: "still"}
    assert history.states(3) == {THREE: "still", TWO: "still", HERS: "gone"}


def test_a_hit_says_from_when_to_when_and_what_is_shown_of_it(history: History) -> None:
    """The first and the last of its days, in this order, and the columns that the rule shows."""
    hit = history.hits(1)[THREE]
    assert (hit["period_from"], hit["period_to"]) == (date(2024, 5, 1), date(2024, 5, 3))
    assert json.loads(hit["shown"]) == {"visits": 3, "cost": 1500}


def test_the_seal_of_a_hit_that_is_still_there_tells_of_which_state_of_the_data(history: History) -> None:
    """The same hit, level and amount found in other data are vouched for anew."""
    before, after = history.hits(1)[TWO], history.hits(2)[TWO]
    assert (after["state"], after["fingerprint"]) == ("still", before["fingerprint"])
    assert after["seal"] != before["seal"]


def test_whom_a_hit_concerns_is_read_back_as_a_number_of_the_vault_or_as_a_text(history: History) -> None:
    """A person is looked up by number; a place has none, and where nobody is opposite there is nobody."""
    row = history.hits(1)[THREE]
    hit = Hit.from_row(row, 1)
    assert (hit.subject, hit.counterpart) == (1, None)
    place = {"counterpart_kind": "place", "counterpart_identity": None, "counterpart": "甲"}
    assert Hit.from_row(row | place, 1).counterpart == "甲"
    unknown = {"counterpart_kind": "person", "counterpart_identity": "citizen_id", "counterpart": None}
    assert Hit.from_row(row | unknown, 1).counterpart is None


def test_hits_are_found_by_how_their_fingerprints_begin(history: History) -> None:
    """As an officer types the first characters of one; where none begins so there are none."""
    row = history.hits(1)[THREE]
    fingerprint = str(row["fingerprint"])
    assert hits_starting(history.folders, 1, fingerprint[:12]) == [row]
    assert hits_starting(history.folders, 1, "no such") == []


def test_the_record_counts_what_is_true_and_not_what_is_gone(history: History) -> None:
    assert [[rule.hits for rule in record.rules] for record in history.records] == [[3], [3], [2]]


def test_runs_before_the_first_are_none_and_a_run_is_not_before_itself(history: History) -> None:
    folders = history.folders
    assert previous_hits(folders, 1, [CODE]) == []
    assert previous_hits(folders, 3, [CODE]) == [], "the newest in which it was evaluated is this one"
    assert previous_hits(folders, 4, [CODE, "VIS-002"]) == [(CODE, folders.folder(3) / HITS)]


def test_gone_hits_are_found_where_they_went_and_others_are_not_asked_for(history: History) -> None:
    prints = {key: str(row["fingerprint"]) for key, row in history.hits(1).items()}
    gone = gone_rows(history.folders, 3, set(prints.values()))
    assert [(row["fingerprint"], row["state"], row["first_run"]) for row in gone] == [(prints[HERS], "gone", 1)]
    assert gone_rows(history.folders, 3, [prints[TWO]]) == []
    assert gone_rows(history.folders, 2, list(prints.values())) == []
    assert gone_rows(history.folders, 3, []) == []


def test_hits_are_read_in_batches_of_the_rules_asked_for(history: History) -> None:
    everything = hit_rows(history.folders, 1)
    assert list(hit_batches(history.folders, 1, [CODE], 2)) == [everything[:2], everything[2:]]
    assert list(hit_batches(history.folders, 1, ["VIS-002"], 2)) == []


def test_a_hit_stands_on_its_own_rows_alone(history: History) -> None:
    """Neither on other visits of the person nor on visits of others to the place; rows are numbered from 2, as delivered."""
    rows = pq.read_table(history.folders.folder(1) / STANDING).to_pylist()
    keys = {row["fingerprint"]: key for key, row in history.hits(1).items()}
    found = sorted((keys[row["fingerprint"]], row["fact"], row["delivery"], row["row"]) for row in rows)
    assert found == [
        *((THREE, "visit", 1, row) for row in (2, 3, 4)),
        *((TWO, "visit", 1, row) for row in (5, 6)),
        *((HERS, "visit", 1, row) for row in (7, 8)),
    ]
