"""Scoring: what counts as found, as unexpected, as fooled."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from xiezhi.kernel.errors import UserError
from xiezhi.operations.hits import CurrentHit
from xiezhi.operations.truth import read_truth, score

NUMBERS = {("person", "id-1"): "7", ("person", "id-2"): "8", ("company", "code-1"): "3", ("company", "code-2"): "4"}


def number(kind: str, value: str) -> str | None:
    return NUMBERS.get((kind, value)) if kind in ("person", "company") else value


def line(
    subject: str, *, role: str = "planted", kind: str = "person", variant: str = "A", counterpart: str = ""
) -> dict[str, str]:
    other = "company" if counterpart else ""
    return {
        "rule": "T-1", "variant": variant, "role": role, "subject_kind": kind, "subject": subject,
        "counterpart_kind": other, "counterpart": counterpart,
    }  # fmt: skip


def hit(subject: int | str, *, variant: str = "A", counterpart: int | None = None, fingerprint: str = "f1") -> CurrentHit:
    """What scoring looks at; the rest is as in no hit."""
    rest = dict.fromkeys(field.name for field in fields(CurrentHit))
    said = {"rule": "T-1", "variant": variant, "subject": subject, "counterpart": counterpart, "fingerprint": fingerprint}
    return CurrentHit(**rest | said)  # type: ignore[arg-type]


def test_what_was_planted_is_found_by_its_number() -> None:
    (scored,) = score([line("id-1")], [hit(7)], number)
    assert (scored.planted, scored.found, scored.recall, scored.precision, scored.unexpected) == (1, 1, 1.0, 1.0, [])


def test_another_variant_or_counterpart_is_not_it() -> None:
    for found in (hit(7, variant="B", counterpart=3), hit(7, counterpart=4)):
        (scored,) = score([line("id-1", counterpart="code-1")], [found], number)
        assert (scored.recall, scored.precision) == (0.0, 0.0)
        assert [case["subject"] for case in scored.missed] == ["id-1"]


def test_a_value_the_lake_never_saw_is_missed() -> None:
    (scored,) = score([line("id-9")], [], number)
    assert (scored.recall, scored.precision, scored.flagged) == (0.0, None, 0)


def test_a_flagged_look_alike_is_named_and_costs_precision() -> None:
    lines = [line("id-1"), line("id-2", role="look_alike", variant="")]
    (scored,) = score(lines, [hit(7), hit(8, fingerprint="f2")], number)
    assert (scored.look_alikes, scored.look_alikes_flagged, scored.precision) == (1, 1, 0.5)
    assert (scored.fooled[0]["subject"], scored.unexpected) == ("id-2", ["f2"])


def test_several_hits_of_one_planted_line_are_all_expected() -> None:
    (scored,) = score([line("L-1", kind="process")], [hit("L-1"), hit("L-1", fingerprint="f2")], number)
    assert (scored.found, scored.flagged, scored.precision) == (1, 2, 1.0)


def test_rules_without_truth_are_scored_too() -> None:
    (scored,) = score([], [hit(7)], number)
    assert (scored.rule, scored.planted, scored.recall, scored.precision) == ("T-1", 0, None, 0.0)


@pytest.mark.parametrize("content", [None, "rule,subject\nT-1,x\n"])
def test_a_file_that_is_no_truth_is_refused(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "truth.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match="XZ-TRUTH"):
        read_truth(path)
