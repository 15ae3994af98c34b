"""The sheet of a template that explains the columns: it comes back with the table that was filled in, and is passed over."""

from __future__ import annotations

from collections.abc import Sequence

NAMES = {"zh": "填写说明", "en": "How to fill in"}
HEADS: dict[str, tuple[str, ...]] = {
    "zh": ("列名", "是否必填", "填什么", "单位", "可填的值", "示例(不属于任何人)", "说明"),
    "en": ("Column", "Required", "What to give", "Unit", "Allowed values", "Example (of nobody)", "Explanation"),
}


def is_guide(name: str, first_row: Sequence[str]) -> bool:
    """Whether a sheet is such an explanation: by its name and its whole first row, so that no table is taken for one."""
    filled = tuple(cell.strip() for cell in first_row)
    return any(name == NAMES[language] and filled == HEADS[language] for language in NAMES)
