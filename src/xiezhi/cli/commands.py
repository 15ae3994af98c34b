"""A group whose commands are imported when they are asked for: its help names all of them and loads none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

import click


@dataclass(frozen=True)
class Entry:
    """`target`: `module:name` of the command. `zh` and `en`: the first sentence of its help, which a test holds to its own."""

    target: str
    zh: str
    en: str

    @property
    def says(self) -> str:
        return f"{self.zh} / {self.en}"

    def load(self) -> click.Command:
        module, _colon, name = self.target.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


class Commands(click.Group):
    """Whoever derives from it says in `entries` which commands there are."""

    def entries(self) -> Mapping[str, Entry]:
        return {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.entries()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self.entries().get(cmd_name)
        return entry.load() if entry else super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.says) for name, entry in sorted(self.entries().items())])
