"""The command line: one group, a command per thing that can be asked. Errors are said in words, with an exit code."""

from __future__ import annotations

import resource
import sys
from collections.abc import Mapping
from importlib.metadata import entry_points

import click

from xiezhi import __version__
from xiezhi.cli.commands import Commands, Entry
from xiezhi.cli.terminal import fail, say
from xiezhi.kernel.errors import XiezhiError
from xiezhi.kernel.storage import refused_by_the_disk

JOINED = "xiezhi.commands"
"""Entry points of this group are further tables of commands: the web half joins here, and the core never imports it."""

CORE = {
    "bench": Entry(
        "xiezhi.cli.bench:command",
        "测量四项比值",
        "measure the four ratios: run, other libraries, intake, growth",
    ),
    "city": Entry(
        "xiezhi.cli.city:command",
        "演示城市",
        "a fictional city to try everything on",
    ),
    "contracts": Entry(
        "xiezhi.cli.contracts:command",
        "数据契约",
        "the data contracts: check, list, show, new, docs",
    ),
    "coverage": Entry(
        "xiezhi.cli.coverage:command",
        "可评估多少、其余为何不能",
        "how much could be evaluated, and why the rest could not",
    ),
    "deliveries": Entry(
        "xiezhi.cli.deliveries:command",
        "列出收到的交付",
        "list what was delivered",
    ),
    "demo": Entry(
        "xiezhi.cli.demo:command",
        "造一座小城、接收交付、运行模型、显示命中",
        "build a small city, receive its data, run the models, show the hits",
    ),
    "erase": Entry(
        "xiezhi.cli.retention:erase",
        "销毁一次交付或一个人的数据",
        "erase a delivery or a person, with a certificate",
    ),
    "evidence": Entry(
        "xiezhi.cli.evidence:command",
        "打开一条命中的证据",
        "open a hit's evidence: sentence, conditions, delivered rows, norms, seal",
    ),
    "expire": Entry(
        "xiezhi.cli.retention:expire",
        "销毁超过保存期限的交付",
        "erase deliveries older than their contract's retention",
    ),
    "hits": Entry(
        "xiezhi.cli.hits:command",
        "列出命中",
        "list the hits as they stand, gravest first",
    ),
    "receive": Entry(
        "xiezhi.cli.receive:command",
        "接收交付的文件或目录",
        "receive delivered files or folders",
    ),
    "replay": Entry(
        "xiezhi.cli.replay:command",
        "重算并比对命中",
        "recompute hits from their snapshot, rule version and parameters, and say exactly what differs",
    ),
    "reveal": Entry(
        "xiezhi.cli.reveal:command",
        "揭示号码背后的身份",
        "the identity behind a number",
    ),
    "rules": Entry(
        "xiezhi.cli.rules:command",
        "监督模型",
        "the supervision models: list, show, new, lint, test, mutate, docs, lock",
    ),
    "run": Entry(
        "xiezhi.cli.run:command",
        "在数据快照上运行监督模型",
        "run the supervision models over a snapshot",
    ),
    "truth": Entry(
        "xiezhi.cli.truth:command",
        "对答案",
        "compare hits with what a demonstration city knows to be true",
    ),
    "vault": Entry(
        "xiezhi.cli.vault:command",
        "身份保险库",
        "the identity vault: change its key, forget someone, prove its log, count what it holds",
    ),
    "why": Entry(
        "xiezhi.cli.why:command",
        "为何命中、为何没有",
        "why a subject is flagged by a rule, which condition failed and by how much, or what was missing",
    ),
}


class Joinable(Commands):
    """Ours, and those of other packages: one of the same name stands in for ours."""

    def entries(self) -> Mapping[str, Entry]:
        joined = (point.load() for point in entry_points(group=JOINED))
        return CORE | {name: entry for table in joined for name, entry in table.items()}


@click.group(cls=Joinable, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="xiezhi")
def cli() -> None:
    """獬豸 xiezhi: 从交付文件到可解释的命中 / from a delivered file to an explained hit.

    XIEZHI_LANG=en speaks English. Exit codes: 0 done, 1 a rule broke, 2 wrong request, 3 a delivery was refused,
    4 content is wrong, 5 something was altered, 6 try again later.
    """


def main() -> None:
    """Entry point of the `xiezhi` script."""
    # A dump of a process that died would hold the vault's key. Children inherit it.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    try:
        cli.main(standalone_mode=False)
    except XiezhiError as error:
        fail(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(_interrupted())
    except Exception as error:
        if str(error).strip() == INTERRUPTED:
            sys.exit(_interrupted())
        known = refused_by_the_disk(error)
        if known is None:
            raise
        fail(known)
        sys.exit(known.exit_code)


INTERRUPTED = "Query interrupted"
"""What DuckDB says when Ctrl-C came while it was at work: a RuntimeError, no KeyboardInterrupt."""


def _interrupted() -> int:
    click.echo(say("已中断", "interrupted"), err=True)  # what is kept depends on the command, which is not asked any more
    return 130


if __name__ == "__main__":
    main()
