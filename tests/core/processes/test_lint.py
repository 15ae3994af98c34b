"""Lint of processes: what is shipped has nothing, and each single mistake is found by its own code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.processes.shipped import changed, codes, folder

ALERT, DISPATCH, SIGN, VERIFY = (
    "processes/alert/1.yaml",
    "chains/alert_dispatch.yaml",
    "deadlines/alert_sign.yaml",
    "deadlines/alert_verification.yaml",
)

BY_REVIEW = "by: {permission: alert.review, other_than: [submit]}"
SEATS = "seats: {assignee: office, dispatcher: mover}"
OFFICE = "{zh: 承办单位, en: Handling office}, kind: unit"

MISTAKES = [
    ("PROC-01", ALERT, "en: Alert disposal", "en: 预警处置"),
    ("PROC-01", ALERT, "{zh: 签收, en: Signed for}", '{zh: "", en: Signed for}'),
    ("PROC-01", ALERT, "{zh: 红色, en: red}", "{zh: red, en: red}"),
    ("PROC-01", ALERT, "partly: {zh: 部分属实, en: Partly substantiated}", "partly: {zh: 部分属实, en: 部分}"),
    ("PROC-01", DISPATCH, "en: A leader of the commission approves", "en: 领导"),
    ("PROC-02", ALERT, "initial: open", "initial: opened"),
    ("PROC-02", ALERT, "to: verifying", "to: verified"),
    ("PROC-02", ALERT, "from: [open, returned, snoozed]", "from: [open, returned, gone]"),
    ("PROC-03", ALERT, "seat: assignee", "seat: handler"),
    ("PROC-03", ALERT, "vacates: [assignee]", "vacates: [handler]"),
    ("PROC-03", ALERT, "tells: [assignee]", "tells: [handler]"),
    ("PROC-03", ALERT, SEATS, "seats: {handler: office, dispatcher: mover}"),
    ("PROC-04", ALERT, "begins: [alert_screening]", "begins: [alert_look]"),
    ("PROC-04", ALERT, "begin: [alert_sign]", "begin: [alert_signing]"),
    ("PROC-05", ALERT, "permission: alert.verify", "permission: alert.check"),
    ("PROC-05", DISPATCH, "permission: alert.approve_red", "permission: alert.agree"),
    ("PROC-06", SIGN, "tag: REC", "norm: no-such-norm-1"),
    ("PROC-07", ALERT, "chain: alert_extension", "chain: alert_extending"),
    ("PROC-08", ALERT, "other_than: [submit]", "other_than: [submitted]"),
    ("PROC-09", ALERT, "    event: alert.dispatched", "    guards: [check_nothing]\n    event: alert.dispatched"),
    ("PROC-09", ALERT, "    event: alert.dispatched", "    effects: [nothing]\n    event: alert.dispatched"),
    ("PROC-10", ALERT, "event: alert.dispatched", "event: alert.forgotten"),
    ("PROC-12", ALERT, SEATS, "seats: {assignee: why, dispatcher: mover}"),
    ("PROC-12", ALERT, OFFICE, OFFICE + ", required: false"),
    ("PROC-13", ALERT, "    red: {zh: 红色, en: red}\n", ""),
    ("PROC-13", VERIFY, "      blue: {working_days: 60}\n", ""),
    ("PROC-13", DISPATCH, "tier: [county, town, village]", "tier: [province]"),
    ("PROC-13", DISPATCH, "when: {level: [red]}", "when: {amount: [red]}"),
    ("PROC-14", VERIFY, "    extension: {times: 2, limit: {working_days: 10}}\n", ""),
    ("PROC-15", DISPATCH, "permission: alert.approve_red\n    where: region", "permission: alert.approve_red\n    vacant: skip"),
    ("PROC-15", DISPATCH, "vacant: region", "vacant: skip"),
    ("PROC-16", DISPATCH, "tier: [county, town, village]", "tier: [county, town]"),
    ("PROC-20", ALERT, f"    to: rectifying\n    {BY_REVIEW}", f"    {BY_REVIEW}"),
    ("PROC-21", ALERT, "from: [inspecting]\n    to: closed", "from: [dismissed]\n    to: closed"),
    ("PROC-22", ALERT, SEATS, "seats: {dispatcher: mover}"),
    ("PROC-23", ALERT, "clocks: {stop: [alert_sign], begin: [alert_verification]}", "clocks: {begin: [alert_verification]}"),
    ("PROC-23", ALERT, "clocks: {stop: [alert_review], resume: [alert_verification]}", "clocks: {stop: [alert_review]}"),
    ("PROC-24", ALERT, "clocks: {stop: [alert_review, alert_verification]}", "clocks: {stop: [alert_review]}"),
]  # fmt: skip


def test_what_is_shipped_has_nothing_wrong(tmp_path: Path) -> None:
    assert codes(folder(tmp_path)) == set()


@pytest.mark.parametrize(("code", "file", "before", "after"), MISTAKES, ids=lambda value: str(value)[:40])
def test_each_mistake_is_found(tmp_path: Path, code: str, file: str, before: str, after: str) -> None:
    assert code in codes(changed(folder(tmp_path), file, before, after))


UNREADABLE = [
    ("XZ-CONTENT-06", "processes/alert/1.yaml", "code: alert\n", "code: warning\n"),
    ("XZ-CONTENT-06", "processes/alert/1.yaml", "version: 1\n", "version: 2\n"),
    ("XZ-CONTENT-06", SIGN, "code: alert_sign\n", "code: alert_signing\n"),
    ("XZ-YAML-03", SIGN, "limit: {working_days: 3}", "limit: {working_days: 3, days: 3}"),
    ("XZ-YAML-03", SIGN, "limit: {working_days: 3}", "limit: {working_days: 0}"),
    ("XZ-YAML-03", SIGN, "limit: {working_days: 3}", "limit: {days: 3000000}"),
    ("XZ-YAML-03", SIGN, "limit: {working_days: 3}", "limit: {working_days: true}"),
    ("XZ-YAML-03", SIGN, "tag: REC, ", ""),
    ("XZ-YAML-03", VERIFY, "    by: level\n", ""),
    ("XZ-YAML-03", ALERT, "kind: money", "kind: coin"),
    ("XZ-YAML-03", ALERT, "kind: long_text}", "kind: choice}"),
]


@pytest.mark.parametrize(("code", "file", "before", "after"), UNREADABLE, ids=lambda value: str(value)[:40])
def test_what_cannot_be_read_is_said_with_its_place(tmp_path: Path, code: str, file: str, before: str, after: str) -> None:
    assert code in codes(changed(folder(tmp_path), file, before, after))


def test_a_process_outside_its_folder_is_not_passed_over(tmp_path: Path) -> None:
    root = folder(tmp_path)
    (root / "processes/alert/1.yaml").rename(root / "processes/clue.yaml")
    assert codes(root) == {"XZ-CONTENT-13"}


def test_a_process_that_cannot_be_looked_through_is_said_and_soon(tmp_path: Path) -> None:
    """Eighteen clocks that begin whenever anybody likes: 2¹⁸ situations."""
    root, several = folder(tmp_path), 18
    text = (root / ALERT).read_text("utf-8")
    urge = text[text.index("  urge:\n") : text.index("  dismiss:\n")]
    more = ""
    for number in range(several):
        deadline = (root / SIGN).read_text("utf-8").replace("code: alert_sign", f"code: clock{number}")
        (root / f"deadlines/clock{number}.yaml").write_text(deadline, "utf-8")
        more += urge.replace("  urge:", f"  urge{number}:").replace(
            "    tells:", f"    clocks: {{begin: [clock{number}]}}\n    tells:"
        )
    (root / ALERT).write_text(text.replace("  dismiss:\n", more + "  dismiss:\n", 1), "utf-8")
    assert "PROC-25" in codes(root)
