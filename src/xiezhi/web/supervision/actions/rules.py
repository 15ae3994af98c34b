"""The model that an action is about."""

from __future__ import annotations

from xiezhi.kernel.errors import UserError
from xiezhi.web.supervision import gateway
from xiezhi.web.supervision.gateway import RuleDescription


def rule_of(code: str) -> RuleDescription:
    """Raises UserError where there is none of this code."""
    found = gateway.rules().get(code)
    if found is None:
        raise UserError(
            "XZ-SUP-04",
            zh=f"没有代码为 {code} 的模型",
            en=f"there is no model with the code {code}",
            todo_zh="在模型库中查找",
            todo_en="look for it in the library",
        )
    return found
