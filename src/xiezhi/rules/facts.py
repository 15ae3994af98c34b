"""The order in which facts can be built."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xiezhi.kernel.errors import ContentError
from xiezhi.rules.fact import Fact


def facts_in_order(facts: Mapping[str, Fact], wanted: Iterable[str]) -> list[Fact]:
    """`wanted` and every fact they read, each after what it reads. Raises ContentError for a cycle or an unknown fact."""
    ordered: dict[str, Fact] = {}
    for name in sorted(set(wanted)):
        _visit(name, facts, ordered, ())
    return list(ordered.values())


def _visit(name: str, facts: Mapping[str, Fact], ordered: dict[str, Fact], above: tuple[str, ...]) -> None:
    if name in ordered:
        return
    if name in above:
        ring = " → ".join((*above[above.index(name) :], name))
        raise ContentError("XZ-FACT-01", zh=f"事实表互相引用:{ring}", en=f"facts read each other in a ring: {ring}")
    if name not in facts:
        raise ContentError("XZ-FACT-02", zh=f"没有事实表 {name}", en=f"there is no fact {name}")
    for other in sorted(facts[name].facts):
        _visit(other, facts, ordered, (*above, name))
    ordered[name] = facts[name]
