"""The lock: id, version and digest of everything in force, so that nothing changes unnoticed.

A trial or live rule that changed must carry a higher version: hits name rule and version, and one version must mean one
thing for ever. Facts, norms and domains have no version; their digests show that they changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from xiezhi.kernel.words import Words
from xiezhi.kernel.yaml_document import read_yaml
from xiezhi.rules.loader import Content

LOCK_FILE = "lock.yaml"
HEADER = "# Written by `xiezhi rules lock`: what is in force. Do not edit; mend the content and lock it again.\n"
BOUND = ("trial", "live", "retired")
"""Statuses whose content may only change with a new version."""

Lock = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True)
class ContentChange:
    """One difference between lock and content. `forbidden`: it cannot be locked as it stands."""

    kind: str
    name: str
    words: Words
    forbidden: bool = False


def lock_of(content: Content) -> Lock:
    """What a lock of this content says: rules by code, facts by name, norms by id, domains by code."""
    return {
        "rules": {
            code: {"id": str(rule.id), "version": rule.version, "status": rule.status, "digest": rule.digest}
            for code, rule in sorted(content.rules.items())
        },
        "facts": {name: {"digest": fact.digest} for name, fact in sorted(content.facts.items())},
        "norms": {name: {"digest": norm.digest} for name, norm in sorted(content.norms.items())},
        "domains": {name: {"digest": domain.digest} for name, domain in sorted(content.domains.items())},
    }


def read_lock(root: Path) -> Lock:
    """The lock of a content folder; empty where there is none yet."""
    path = root / LOCK_FILE
    return {"rules": {}, "facts": {}, "norms": {}, "domains": {}, **(read_yaml(path).data if path.exists() else {})}


def write_lock(root: Path, lock: Lock) -> Path:
    """Write the lock of a content folder; returns its path."""
    path = root / LOCK_FILE
    path.write_text(HEADER + yaml.safe_dump(lock, sort_keys=False), "utf-8")
    return path


def changes(old: Lock, new: Lock) -> list[ContentChange]:
    """What is new, gone or different, rules first."""
    found: list[ContentChange] = []
    for kind in ("rules", "facts", "norms", "domains"):
        before, after = old.get(kind, {}), new[kind]
        names = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
        found += [_change(kind, name, before.get(name), after.get(name)) for name in names]
    return found


def _change(kind: str, name: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> ContentChange:
    if before is None:
        return ContentChange(kind, name, Words(zh="新增", en="is new"))
    if after is None:
        return ContentChange(kind, name, Words(zh="已不存在", en="is gone"))
    if kind != "rules":
        return ContentChange(kind, name, Words(zh="内容变了", en="has changed"))
    return _rule_change(name, before, after)


def _rule_change(name: str, before: dict[str, Any], after: dict[str, Any]) -> ContentChange:
    if before["id"] != after["id"]:
        return ContentChange(
            "rules", name, Words(zh="id 变了,id 终身不变", en="has another id; an id is for life"), forbidden=True
        )
    if after["version"] < before["version"]:
        words = Words(
            zh=f"版本从 {before['version']} 退到 {after['version']}",
            en=f"went back from version {before['version']} to {after['version']}",
        )
        return ContentChange("rules", name, words, forbidden=True)
    if after["version"] == before["version"] and before["digest"] != after["digest"] and before["status"] in BOUND:
        words = Words(
            zh=f"内容变了,版本还是 {after['version']};请把 version 加一",
            en=f"has changed and is still version {after['version']}; raise `version`",
        )
        return ContentChange("rules", name, words, forbidden=True)
    return ContentChange("rules", name, Words(zh=f"现为版本 {after['version']}", en=f"is now version {after['version']}"))
