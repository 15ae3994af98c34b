"""What becomes of a row of a rule's population: it was evaluated, or this is why it could not be."""

from __future__ import annotations

from typing import Literal

from xiezhi.kernel.words import Words

Reason = Literal[
    "not_in_force",
    "id_unsound",
    "value_missing",
    "not_found",
    "standard_missing",
    "norm_missing",
    "peers_few",
    "table_missing",
    "county_missing",
    "table_early",
    "table_gap",
    "table_late",
    "not_delivered",
    "set_aside",
    "undetermined",
    "against_set_aside",
    "rule_broken",
]

EVALUATED = "evaluated"

OUTSIDE = "outside"
"""What the rule's own `where`, or the fact that it counts, leaves out: counted beside the population, never within it."""

OUTSIDE_SAID = Words(zh="不在本模型范围内", en="outside what this rule looks at")

REASONS: dict[str, Words] = {
    "not_in_force": Words(zh="模型当日不适用", en="the rule was not in force that day"),
    "id_unsound": Words(zh="证件号或代码不合格", en="the id or code is unsound"),
    "value_missing": Words(zh="必需的值为空", en="a needed value is empty"),
    "not_found": Words(zh="对照数据中没有对应记录", en="nothing in the data it is held against"),
    "standard_missing": Words(zh="目录中没有标准", en="the catalogue states no standard"),
    "norm_missing": Words(zh="没有当时有效的规范", en="no norm was in force"),
    "peers_few": Words(zh="可比对象太少", en="too few peers to compare with"),
    "table_missing": Words(
        zh="没有可用的数据（从未交付，或全部退回）", en="no usable data: never delivered, or all of it set aside"
    ),
    "county_missing": Words(
        zh="对照数据中没有该县（市、区）任何人", en="the data it is held against speaks of nobody in that county"
    ),
    "table_early": Words(zh="早于对照数据的起点", en="before the data it is held against begins"),
    "table_gap": Words(zh="对照数据当月空缺或明显偏少", en="the data it is held against has a gap that month"),
    "table_late": Words(zh="对照数据尚未到该月", en="the data it is held against does not reach that month yet"),
    "not_delivered": Words(zh="该单位当月应有而未交付（估计行数）", en="due that month and not delivered (estimated)"),
    "set_aside": Words(zh="接收时退回的行", en="set aside at intake"),
    "undetermined": Words(zh="条件无法判断", en="a condition could not be judged"),
    "against_set_aside": Words(zh="所对照的记录在接收时被退回", en="what it is held against was set aside at intake"),
    "rule_broken": Words(zh="模型运行出错", en="the rule broke off"),
}
"""In the order in which they are asked; the first that applies is the row's."""
