"""Why a subject is flagged by a rule, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xiezhi.evidence.why import Why, why
from xiezhi.identity.kinds import IdentityKind
from xiezhi.kernel.errors import UserError
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content_in_force import content_in_force, contracts_in_force
from xiezhi.operations.reveal_identity import open_vault
from xiezhi.rules.parameters import parameter_values
from xiezhi.rules.rule import Rule


def explain_why(
    config: CoreConfig, lake: Path, subject: str, rule_code: str, overrides: Mapping[str, Any] | None = None
) -> tuple[Rule, Why]:
    """Answer for `subject`: a vault number (`#123` or `123`), an identity value such as a citizen id, or a plain text."""
    with Lake.open(lake) as opened:
        content = content_in_force(config)
        if rule_code not in content.rules:
            raise UserError("XZ-RUN-02", zh=f"没有代码为 {rule_code} 的模型", en=f"there is no rule with code {rule_code}")
        rule = content.rules[rule_code]
        identity = rule.hit.subject.number_kind
        asked = _number(config, opened, subject, identity) if identity else subject
        values = parameter_values(rule, overrides or {}, content.norms)
        return rule, why(rule, values, content.facts, opened.snapshot(), asked, config.memory, contracts_in_force(config))


def _number(config: CoreConfig, lake: Lake, subject: str, identity: str) -> int:
    text = subject.removeprefix("#")
    if text.isdigit() and len(text) < 11:
        return int(text)
    with open_vault(config, lake.paths.root) as vault:
        number = vault.find(IdentityKind(identity), text)
    if number is None:
        raise UserError(
            "XZ-WHY-01",
            zh="数据湖中没有该主体的任何有效记录",
            en="the lake holds no sound record of this subject",
            todo_zh="核对号码;号码不合格的记录在回执中列出",
            todo_en="check the number; rows whose number is unsound are listed in the receipts",
        )
    return number
