"""The command line: one group, a command per thing that can be asked. Errors are said in words, with an exit code."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint, entry_points

import click

from xiezhi import __version__
from xiezhi.cli import (
    bench,
    city,
    contracts,
    coverage,
    deliveries,
    demo,
    evidence,
    hits,
    receive,
    replay,
    retention,
    reveal,
    rules,
    run,
    truth,
    vault,
    why,
)
from xiezhi.cli.terminal import fail
from xiezhi.kernel.errors import XiezhiError
from xiezhi.kernel.storage import refused_by_the_disk

JOINED = "xiezhi.commands"
"""Entry points of this group are commands too: the web half joins here, and the core never imports it."""


class Joinable(click.Group):
    """Commands of other packages are imported when they are asked for; one of the same name stands in for ours."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *(point.name for point in entry_points(group=JOINED))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        joined: tuple[EntryPoint, ...] = tuple(entry_points(group=JOINED, name=cmd_name))
        return joined[0].load() if joined else super().get_command(ctx, cmd_name)


@click.group(cls=Joinable, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="xiezhi")
def cli() -> None:
    """獬豸 xiezhi: 从交付文件到可解释的命中 / from a delivered file to an explained hit.

    XIEZHI_LANG=en speaks English. Exit codes: 0 done, 1 a rule broke, 2 wrong request, 3 a delivery was refused,
    4 content is wrong, 5 something was altered, 6 try again later.
    """


PATH = (demo, city, receive, deliveries, run, hits, evidence, why, replay, coverage, truth)
CONTENT = (contracts, rules)
KEEPING = (reveal, vault, bench)

for module in (*PATH, *CONTENT, *KEEPING):
    cli.add_command(module.command)
for command in retention.commands:
    cli.add_command(command)


def main() -> None:
    """Entry point of the `xiezhi` script."""
    try:
        cli.main(standalone_mode=False)
    except XiezhiError as error:
        fail(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except Exception as error:
        known = refused_by_the_disk(error)
        if known is None:
            raise
        fail(known)
        sys.exit(known.exit_code)


if __name__ == "__main__":
    main()
