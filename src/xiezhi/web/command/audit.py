"""xiezhi audit …: the trail's own commands, on whichever database this environment has."""

from __future__ import annotations

from typing import Any

import click

from xiezhi.web.audit.commands import command as trail
from xiezhi.web.command.database import reachable

OFFLINE = "--export"
"""Verifying an export needs no database: it is done on the auditor's own machine."""


class Reaching(click.Group):
    """The embedded database is up while a command of the group runs."""

    def invoke(self, ctx: click.Context) -> Any:
        asked = [*ctx._protected_args, *ctx.args]
        if asked[:1] == ["verify"] and any(one.partition("=")[0] == OFFLINE for one in asked):
            return super().invoke(ctx)
        with reachable():
            return super().invoke(ctx)


command = Reaching("audit", commands=trail.commands, help=trail.help)
