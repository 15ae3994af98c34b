"""The processes that are shipped against what the platform knows: nothing they name is missing."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from xiezhi.cli.main import cli
from xiezhi.operations.config import CoreConfig
from xiezhi.web.matters import gateway
from xiezhi.web.matters.policies.registry import registered


def test_what_is_shipped_names_nothing_that_the_platform_has_not() -> None:
    assert gateway.check_processes(CoreConfig(), registered()) == []


def test_a_guard_that_nobody_registered_is_found() -> None:
    less = registered()
    without = type(less)(less.permissions, less.guards - {"check_snooze"}, less.effects, less.events)
    assert {one.code for one in gateway.check_processes(CoreConfig(), without)} == {"PROC-09"}


@pytest.mark.parametrize(("command", "said"), [("show", "审批链"), ("draw", "stateDiagram-v2"), ("check", "1 个流程")])
def test_its_commands(command: str, said: str) -> None:
    ran = CliRunner().invoke(cli, ["processes", command, *(["alert"] if command != "check" else [])])
    assert (ran.exit_code, said in ran.output) == (0, True), ran.output


def test_a_process_that_is_not_there_is_said() -> None:
    ran = CliRunner().invoke(cli, ["processes", "draw", "nothing"])
    assert ran.exit_code != 0
    assert "alert" in str(ran.exception) or "alert" in ran.output
