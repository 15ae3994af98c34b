"""Small mistakes in the program: which are planted, which tests are asked, and what the interval says."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.mutants.choosing import Tests
from benchmarks.mutants.copy_of_tree import ROOT
from benchmarks.mutants.planting import mutants
from benchmarks.mutants.results import Result, Results, check_equivalents, wilson


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("x = a >= b", {"x = a > b"}),
        ("x = a is not b", {"x = a is b"}),
        ("x = a not in b", {"x = a in b"}),
        ("x = a < b < c", {"x = a <= b < c", "x = a < b <= c"}),
        ("x = a and b and c", {"x = a or b and c", "x = a and b or c"}),
        ("x = not a", {"x = a"}),
        ("x = a + b * c", {"x = a - b * c", "x = a + b // c"}),
        ("x = a + 'text'", set()),
        ("x = folder / name", set()),
        ("x = a / 2", {"x = a * 2", "x = a / 3"}),
        ("x = [] + a", set()),
        ("x = 3", {"x = 4"}),
        ("x = True", {"x = False"}),
        ("x = min(a, b)", {"x = max(a, b)"}),
        ("x = a if b else c", {"x = a if not (b) else c"}),
        ("x = [a for a in b if c]", {"x = [a for a in b if not (c)]"}),
        ("x: int | None = a", set()),
        ('"""A page of 3 words."""', set()),
        ("x = f'{a > b} words'", set()),
        ("x = '甲' if a > b else '乙'", {"x = '甲' if a >= b else '乙'", "x = '甲' if not (a > b) else '乙'"}),
        ("x = 'SELECT a FROM t WHERE a IS NULL'", {"x = 'SELECT a FROM t WHERE a IS NOT NULL'"}),
        ("x = f'WHERE {a} AND n.b >= p.b'", {"x = f'WHERE {a} OR n.b >= p.b'", "x = f'WHERE {a} AND n.b > p.b'"}),
    ],
)
def test_each_small_mistake_is_made(source: str, changed: set[str]) -> None:
    assert {mutant.source for mutant in mutants("m", source)} == changed


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("return a", {"return None"}),
        ("return None", set()),
        ("raise E", {"pass"}),
        ("call(a)", {"pass"}),
        ("if TYPE_CHECKING: a", set()),
        ("if a: b", {"if not (a): b"}),
        ("a += b", {"a -= b"}),
    ],
)
def test_each_small_mistake_of_a_statement_is_made(body: str, changed: set[str]) -> None:
    found = {mutant.source.partition("\n    ")[2] for mutant in mutants("m", f"def f():\n    {body}")}
    assert found == changed


def test_ids_do_not_move_with_the_lines_and_twins_differ() -> None:
    source = "x = a >= b\ny = a >= b\nx = a >= b\n"
    first = [mutant.id for mutant in mutants("m", source)]
    assert len(set(first)) == 3
    assert [mutant.id for mutant in mutants("m", f"# a remark\n\n{source}")] == first


def test_every_mutant_of_a_package_of_ours_compiles_and_differs() -> None:
    for path in sorted((ROOT / "src/xiezhi/runs").glob("*.py")):
        source = path.read_text("utf-8")
        found = mutants(f"xiezhi.runs.{path.stem}", source)
        assert all(mutant.source != source for mutant in found)
        assert len({mutant.id for mutant in found}) == len(found)


def test_near_tests_are_those_that_import_the_module_nearest_first() -> None:
    tests = Tests(ROOT, reach=1)
    near = tests.near("xiezhi.runs.changes")
    assert near[0].startswith("tests/core/runs/")
    assert "tests/core/runs/test_changes.py" in near
    assert "tests/core/identity/test_crypto.py" not in near
    assert not any(test.startswith("tests/web") for test in tests.near("xiezhi.kernel.hashing"))


@pytest.mark.parametrize(
    ("killed", "of", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (335, 400, 0.7982, 0.8705), (0, 0, 0.0, 1.0)],
)
def test_the_interval_is_wilsons(killed: int, of: int, low: float, high: float) -> None:
    assert wilson(killed, of) == pytest.approx((low, high), abs=1e-3)


def test_results_go_on_where_they_stopped(tmp_path: Path) -> None:
    one, other = mutants("m", "x = a >= b\ny = a > b\n")
    Results(tmp_path / "m.jsonl").add(Result(one.id, "m", 1, one.kind, one.before, one.after, "survived", "", 1.0))
    results = Results(tmp_path / "m.jsonl")
    assert results.of(one, again=False) is not None
    assert results.of(one, again=True) is None
    assert results.of(other, again=False) is None


def test_an_equivalent_that_is_gone_or_killed_is_said() -> None:
    wrong = check_equivalents(["m1", "m2", "m3"], known=["m1", "m2"], killed=["m2"])
    assert wrong == ["m3: there is no such mutant", "m2: a test kills it; it is no equivalent"]
