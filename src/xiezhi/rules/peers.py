"""With whom a rule compares: the hit's own value, and its peers' median, quartiles, fence and number."""

from __future__ import annotations

from xiezhi.kernel.words import Words
from xiezhi.rules.rule import Peers, Rule

STATISTICS = {
    "median": Words(zh="同类中位数", en="median of its peers"),
    "q1": Words(zh="第一四分位数", en="first quartile"),
    "q3": Words(zh="第三四分位数", en="third quartile"),
    "fence": Words(zh="界限（四分位距外侧）", en="fence (beyond the quartiles)"),
    "count": Words(zh="用于比较的个数", en="number compared"),
}


def peers_of(rule: Rule) -> Peers | None:
    """As the rule says, else by the usual names: the value that a condition holds against `fence`."""
    if rule.hit.peers is not None:
        return rule.hit.peers
    names = set(rule.hit.shows)
    own = next((one.value.strip() for one in rule.conditions if one.bound.strip() == "fence"), None)
    if own is None or "fence" not in names:
        return None
    return Peers(
        own=own,
        q1="q1" if "q1" in names else None,
        q3="q3" if "q3" in names else None,
        fence="fence",
        count="compared" if "compared" in names else None,
    )


def peer_columns(peers: Peers | None) -> list[str]:
    """Those of the comparison, its own value first."""
    if peers is None:
        return []
    return [name for name in (peers.own, *(getattr(peers, role) for role in STATISTICS)) if name is not None]


def statistics_of(peers: Peers | None) -> dict[str, Words]:
    """Column → what it is called unless the rule says otherwise, of all columns that are the peers'."""
    if peers is None:
        return {}
    return {column: title for role, title in STATISTICS.items() if (column := getattr(peers, role)) is not None}
