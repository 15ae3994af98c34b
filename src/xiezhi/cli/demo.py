"""xiezhi demo, where only the core is installed: `xiezhi.web` brings another that also serves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.panel import Panel

from xiezhi.cli.hits import show_hits
from xiezhi.cli.terminal import TerminalProgress, out, say
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.demonstration import Demo, build_demo
from xiezhi.operations.hits import CurrentHit, list_hits
from xiezhi.operations.names import name_places


@click.command("demo")
@click.option(
    "--persons", type=click.IntRange(5000, 10_000_000), default=5000, show_default=True, help="城市人口 / persons of the city."
)
@click.option("--seed", type=int, default=1, show_default=True, help="随机种子 / seed.")
@click.option("--dir", "folder", type=click.Path(file_okay=False), default="demo", show_default=True, help="目录 / folder.")
@click.option(
    "--no-serve", is_flag=True, help="显示命中后结束(仅核心时总是如此) / end after the hits: always so without the web."
)
def command(persons: int, seed: int, folder: str, no_serve: bool) -> None:
    """造一座小城、接收交付、运行模型、显示命中 / build a small city, receive its data, run the models, show the hits.

    Example: xiezhi demo --persons 20000
    """
    config = CoreConfig.from_environment()
    with TerminalProgress() as progress:
        demo = build_demo(config, Path(folder), persons, seed, progress)
    hits = list_hits(config, demo.lake)
    show_hits(hits, 25, name_places(config, demo.lake, [hit.unit for hit in hits]))
    out().print(Panel(_summary(demo, hits), title=say("演示城市", "demonstration city"), title_align="left"))


def _summary(demo: Demo, hits: Sequence[CurrentHit]) -> str:
    total = {
        name: sum(getattr(receipt, name) for receipt in demo.receipts)
        for name in ("delivered", "accepted", "repaired", "set_aside", "duplicate")
    }
    refused = sum(receipt.refused for receipt in demo.receipts)
    first = hits[0].fingerprint[:8] if hits else "…"
    done = sum(rule.ending == "done" for rule in demo.record.rules)
    return say(
        f"交付 {total['delivered']:,} 行 = 接收 {total['accepted']:,} + 修复 {total['repaired']:,} + 退回 {total['set_aside']:,}"
        f"(其中重复 {total['duplicate']:,});整件拒收 {refused} 份\n"
        f"{done} 个模型运行完毕,{len(hits)} 条命中。命中只是提示,不是结论。\n\n"
        f"看证据  xiezhi evidence {first} --lake {demo.lake}\n"
        f"可评估性  xiezhi coverage --lake {demo.lake}\n"
        f"证明    xiezhi replay --all --lake {demo.lake}\n"
        f"对答案  xiezhi truth score --lake {demo.lake} --truth {demo.truth}",
        f"{total['delivered']:,} rows delivered = {total['accepted']:,} accepted + {total['repaired']:,} repaired + "
        f"{total['set_aside']:,} set aside ({total['duplicate']:,} already held); {refused} files refused whole\n"
        f"{done} rules run, {len(hits)} hits. A hit is a prompt to look, not a conclusion.\n\n"
        f"evidence  xiezhi evidence {first} --lake {demo.lake}\n"
        f"coverage  xiezhi coverage --lake {demo.lake}\n"
        f"proof     xiezhi replay --all --lake {demo.lake}\n"
        f"score     xiezhi truth score --lake {demo.lake} --truth {demo.truth}",
    )
