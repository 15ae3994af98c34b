"""A thousand alterations of six kinds, each found and called by its name; and what the checkpoints themselves may suffer."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.web.audit.forging import FORGERIES, KEY, NOW, OTHER_KEY, Trail, cut, event, resigned, rewrite, trail
from xiezhi.web.audit.chain import LooseRow
from xiezhi.web.audit.checkpoints import signed
from xiezhi.web.audit.faults import FaultKind

TOTAL = 1000


@pytest.fixture(scope="module")
def true_trail() -> Trail:
    return trail()


def test_a_true_trail_is_sound(true_trail: Trail) -> None:
    verdict = true_trail.verdict()
    assert (verdict.sound, verdict.faults, verdict.links, verdict.checkpoints, verdict.size_signed) == (True, [], 60, 9, 60)


def test_every_one_of_a_thousand_alterations_is_found(true_trail: Trail) -> None:
    dice, found, named = random.Random(20261123), Counter[str](), Counter[str]()
    for number in range(TOTAL):
        name = list(FORGERIES)[number % len(FORGERIES)]
        forge, expected = FORGERIES[name]
        forged = true_trail.copied()
        forge(forged, dice)
        verdict = forged.verdict()
        found[name] += not verdict.sound
        named[name] += bool(expected & verdict.counts.keys())
    print(f"{TOTAL} alterations; found {dict(found)}; called by their name {dict(named)}")
    assert found.total() == TOTAL
    assert named.total() == TOTAL


def test_a_chain_rewritten_whole_is_sound_but_for_the_checkpoints(true_trail: Trail) -> None:
    """The control: without a checkpoint outside, this one would pass."""
    forged = true_trail.copied()
    rewrite(forged, random.Random(1))
    assert set(forged.verdict().counts) == {FaultKind.REWRITTEN}
    forged.checkpoints = [signed(KEY, None, size=len(forged.rows), root=forged.rows[-1].digest, at=NOW)]
    assert forged.verdict().sound


def test_checkpoints_rewritten_with_another_key_are_found(true_trail: Trail) -> None:
    forged = true_trail.copied()
    rewrite(forged, random.Random(2))
    resigned(forged, OTHER_KEY)
    assert FaultKind.CHECKPOINT_ALTERED in forged.verdict().counts


def test_even_with_the_key_the_copy_and_the_paper_tell(true_trail: Trail) -> None:
    forged = true_trail.copied()
    rewrite(forged, random.Random(3))
    resigned(forged, KEY)
    assert forged.verdict().sound, "the control: key, file and database rewritten together"
    copy = [one.line() for one in true_trail.checkpoints]
    assert FaultKind.COPY_DIFFERS in forged.verdict(copy=copy).counts
    paper = true_trail.checkpoints[-1]
    assert FaultKind.COPY_DIFFERS in forged.verdict(expected=[(paper.size, paper.root)]).counts
    assert true_trail.verdict(expected=[(paper.size, paper.root)], copy=copy).sound


def test_checkpoints_signed_anew_with_the_key_are_found_by_the_copy(true_trail: Trail) -> None:
    forged = true_trail.copied()
    forged.checkpoints = [replace(one, at="2026-01-01T00:00:00+00:00") for one in forged.checkpoints]
    resigned(forged, KEY)
    assert forged.verdict().sound, "the control"
    copy = [one.line() for one in true_trail.checkpoints]
    assert set(forged.verdict(copy=copy).counts) == {FaultKind.COPY_DIFFERS}


def test_chain_and_checkpoints_cut_together_are_found_by_the_copy_and_the_paper(true_trail: Trail) -> None:
    forged = true_trail.copied()
    del forged.rows[49:], forged.checkpoints[7:]
    assert forged.verdict().sound, "the control"
    copy = [one.line() for one in true_trail.checkpoints]
    assert {FaultKind.CHECKPOINT_MISSING, FaultKind.CUT} <= forged.verdict(copy=copy).counts.keys()
    assert FaultKind.CUT in forged.verdict(expected=[(60, true_trail.checkpoints[-1].root)]).counts


def test_a_copy_that_lags_is_no_fault(true_trail: Trail) -> None:
    assert true_trail.verdict(copy=[one.line() for one in true_trail.checkpoints[:4]]).sound


@pytest.mark.parametrize("place", [0, 4, 8])
@pytest.mark.parametrize(
    "change", [{"size": 3}, {"root": "ab" * 32}, {"at": "2026-01-01T00:00:00+00:00"}, {"broken": "x"}, {"signature": "00"}]
)
def test_a_checkpoint_altered_is_found(true_trail: Trail, place: int, change: dict[str, object]) -> None:
    forged = true_trail.copied()
    forged.checkpoints[place] = replace(forged.checkpoints[place], **change)  # type: ignore[arg-type]
    assert FaultKind.CHECKPOINT_ALTERED in forged.verdict().counts


@pytest.mark.parametrize("place", [0, 4, 7])
def test_a_checkpoint_removed_is_found(true_trail: Trail, place: int) -> None:
    forged = true_trail.copied()
    del forged.checkpoints[place]
    assert FaultKind.CHECKPOINT_ALTERED in forged.verdict().counts


def test_two_checkpoints_exchanged_or_a_line_of_rubbish_are_found(true_trail: Trail) -> None:
    lines = [one.line() for one in true_trail.checkpoints]
    for wrong in ([*lines[:3], lines[4], lines[3], *lines[5:]], [*lines[:3], b"rubbish", *lines[4:]], [*lines, b"{}"]):
        assert FaultKind.CHECKPOINT_ALTERED in true_trail.verdict(lines=wrong).counts


def test_checkpoints_missing_are_found(true_trail: Trail) -> None:
    forged = true_trail.copied()
    forged.checkpoints = []
    assert set(forged.verdict().counts) == {FaultKind.CHECKPOINT_MISSING}
    forged = true_trail.copied()
    del forged.checkpoints[-2:]
    assert set(forged.verdict().counts) == {FaultKind.CHECKPOINT_MISSING}
    forged = true_trail.copied()
    del forged.checkpoints[-1]
    assert forged.verdict().sound, "the sealer may be about to write it"
    assert FaultKind.CHECKPOINT_MISSING in forged.verdict(now=NOW + timedelta(hours=1)).counts


def test_an_event_that_waits_too_long_is_found(true_trail: Trail) -> None:
    forged = true_trail.copied()
    forged.loose = [LooseRow(event(900, NOW - timedelta(minutes=5)), pending=True)]
    assert forged.verdict().sound
    assert forged.verdict().waiting == 1
    assert set(forged.verdict(now=NOW + timedelta(minutes=11)).counts) == {FaultKind.UNSEALED}


def test_an_event_removed_before_it_was_sealed_is_found(true_trail: Trail) -> None:
    assert set(true_trail.verdict(gone=[171]).counts) == {FaultKind.DELETED}


def test_an_event_out_of_time_is_noted(true_trail: Trail) -> None:
    forged = true_trail.copied()
    told = event(900, NOW - timedelta(days=30))
    forged.rows[-1] = forged.rows[-1]._replace(event_id=900, event=told)
    forged.relink(len(forged.rows) - 1)
    forged.checkpoints.pop()
    verdict = forged.verdict()
    assert FaultKind.OUT_OF_TIME in verdict.counts
    assert FaultKind.OUT_OF_TIME.is_note


def test_a_declared_break_excuses_what_it_says_and_no_more(true_trail: Trail) -> None:
    forged = true_trail.copied()
    cut(forged, random.Random(4))
    last, size = forged.checkpoints[-1], len(forged.rows)
    root = forged.rows[-1].digest if forged.rows else bytes(32)
    forged.checkpoints.append(signed(KEY, last, size=size, root=root, at=NOW, broken="从备份恢复"))
    verdict = forged.verdict()
    assert (verdict.sound, set(verdict.counts)) == (True, {FaultKind.BREAK})
    rewrite(forged, random.Random(5))
    assert not forged.verdict().sound


def test_without_the_public_key_no_checkpoint_is_believed(true_trail: Trail) -> None:
    assert not true_trail.verdict(key=None).sound


def test_sentences_name_the_thing_in_both_languages(true_trail: Trail) -> None:
    forged = true_trail.copied()
    forged.rows[11] = forged.rows[11]._replace(event=None)
    (fault,) = forged.verdict().faults
    assert fault.sentence("zh") == "事件 112：事件被删除（第 12 环还在）。"
    assert fault.sentence("en") == "event 112: event deleted (its link 12 is there)."
