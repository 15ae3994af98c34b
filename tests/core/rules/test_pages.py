"""Pages: what an officer reads of a rule, in either language, sentence by sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.content import plant
from xiezhi.rules.loader import load_content
from xiezhi.rules.pages import index, page

COST = 'op: ">=", bound: min_cost, zh: 费用(分), en: Cost (fen)'


def written(root: Path, language: str) -> str:
    content = load_content([root])
    return page(content.rules["VIS-001"], content, language)


def test_points_and_parameters_are_in_the_language_of_the_page(root: Path) -> None:
    zh, en = written(root, "zh"), written(root, "en")
    assert "\n1. 调取病历\n" in zh
    assert "\n1. Take the records\n" in en
    assert "\n- 慢性病\n" in zh
    assert "\n- A chronic illness\n" in en
    assert "| `min_visits` | 最少次数 | 2 | 1 – 10 | INF |" in zh
    assert "| `min_visits` | Least visits | 2 | 1 – 10 | INF |" in en
    assert "| `min_cost` | Least cost | 10.00 yuan | money | REC → visit-law-1 |" in en


@pytest.mark.parametrize(
    ("bound", "zh", "en"),
    [
        ('"$min_cost"', "2. 费用 不少于 10.00 元", "2. Cost at least 10.00 yuan"),
        ('"$min_cost * 2"', "2. 费用 不少于 `10.00 元 * 2`", "2. Cost at least `10.00 yuan * 2`"),
        ("300", "2. 费用 不少于 300", "2. Cost at least 300"),
        ('"300 + 1"', "2. 费用 不少于 `300 + 1`", "2. Cost at least `300 + 1`"),
        ("hours", "2. 费用(分)（不少于按数据算出的界限）", "2. Cost (fen) (at least a bound computed from the data)"),
    ],
)
def test_a_condition_is_said_with_its_bound(root: Path, bound: str, zh: str, en: str) -> None:
    plant(root, "rule.yaml", COST, COST.replace("min_cost", bound))
    assert f"\n{zh}\n" in written(root, "zh")
    assert f"\n{en}\n" in written(root, "en")


def test_a_variant_is_said_with_the_values_of_its_parameters(root: Path) -> None:
    plant(root, "rule.yaml", 'when: "visits >= 3"', 'when: "visits >= 2 * $min_visits"')
    assert "| `visits >= 2 * 2` |" in written(root, "en")


@pytest.mark.parametrize(
    ("old", "new", "zh", "en"),
    [
        ("needs: {person", "needs: {person", "人员为空的行无法评估。", "Rows without person cannot be evaluated."),
        (
            "  horizon: {closure: closed}\n",
            "  unaffected: {closure: {zh: 只会少报, en: it only leaves hits out}}\n",
            "缺“注销”不影响可评估性：只会少报。",
            "Closure does not bound it: it only leaves hits out.",
        ),
        (
            "  horizon: {closure: closed}\n",
            "  unaffected: {closure.closed: {zh: 只会少报, en: it only leaves hits out}}\n",
            "缺“注销日期”不影响可评估性：只会少报。",
            "Day closed does not bound it: it only leaves hits out.",
        ),
    ],
)
def test_what_cannot_be_judged_is_said(root: Path, old: str, new: str, zh: str, en: str) -> None:
    plant(root, "rule.yaml", old, new)
    assert zh in written(root, "zh")
    assert en in written(root, "en")


def test_where_nothing_is_needed_nothing_is_said_of_it(root: Path) -> None:
    plant(root, "rule.yaml", "  needs: {person: id_unsound}\n", "")
    assert "Rows without" not in written(root, "en")


def test_a_page_ends_with_one_newline_and_has_no_two_empty_lines(root: Path) -> None:
    content = load_content([root])
    for text in (written(root, "zh"), written(root, "en"), index(content, "zh"), index(content, "en")):
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert not text.startswith("\n")
        assert "\n\n\n" not in text
