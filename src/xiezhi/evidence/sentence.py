"""A hit in one plain sentence, from the rule's template and the hit's values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from xiezhi.kernel.words import Words
from xiezhi.rules.rule import Rule

_FIELD = re.compile(r"\{(\w+)(?::(\w+))?\}")


def sentence(rule: Rule, candidate: Mapping[str, Any]) -> Words:
    """The rule's sentence in both languages. `{total:money}` is fen shown as yuan, `{m:month}` a month, `{x:percent}` a share."""
    return Words(
        zh=_FIELD.sub(lambda match: spoken(candidate.get(match[1]), match[2], "zh"), rule.hit.sentence.zh),
        en=_FIELD.sub(lambda match: spoken(candidate.get(match[1]), match[2], "en"), rule.hit.sentence.en),
    )


def spoken(value: Any, style: str | None, language: str) -> str:
    """A value as a person reads it; what is not known is said to be so."""
    if value is None:
        return "未知" if language == "zh" else "unknown"
    if style == "money":
        return money(int(value), language)
    if style == "percent":
        return f"{float(value):.1%}"
    if style == "month":
        return str(value)[:7]
    return str(value)


def money(fen: int, language: str = "zh") -> str:
    """Fen as yuan with thousands separators: 123456 → 1,234.56元."""
    sign, whole = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{whole // 100:,}.{whole % 100:02d}{'元' if language == 'zh' else ' yuan'}"
