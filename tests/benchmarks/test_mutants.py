"""Small mistakes in the program: which are planted, which tests are asked, and what the interval says."""

from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest
import xlsxwriter
from benchmarks.mutants.choosing import Tests
from benchmarks.mutants.copy_of_tree import ROOT
from benchmarks.mutants.covering import Covering
from benchmarks.mutants.planting import mutants
from benchmarks.mutants.reading_here import read_here
from benchmarks.mutants.results import Result, Results, check_equivalents, wilson
from benchmarks.mutants.running import KILLED, SURVIVED, TIMEOUT, in_child, run


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


def small_tree(folder: Path) -> Path:
    tree = folder / "tree"
    texts = {
        "src/thing.py": "LIMIT = 3\n\n\ndef small(x):\n    return (\n        x < LIMIT\n    )\n\n\ndef never(x):\n    return x\n",
        "tests/test_one.py": "from thing import small\n\n\ndef test_small():\n    assert small(2)\n\n\n"
        "def test_other():\n    pass\n",
        "tests/test_two.py": "import pytest\nfrom thing import small\n\n\n@pytest.fixture(scope='module')\ndef made():\n"
        "    return small(4)\n\n\ndef test_first(made):\n    assert not made\n\n\ndef test_second(made):\n    assert not made\n",
        "tests/test_wrong.py": "from thing import small\n\n\ndef test_wrong():\n    assert small(9)\n",
    }
    for name, text in texts.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text, "utf-8")
    return tree


FILES = ["tests/test_one.py", "tests/test_two.py", "tests/test_wrong.py"]


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_a_line_is_asked_the_tests_that_run_it(jobs: int, tmp_path: Path) -> None:
    tree = small_tree(tmp_path)
    covering = Covering(tree, FILES, 60, tmp_path / "kept", jobs)
    assert covering.failed == ["tests/test_wrong.py::test_wrong"]
    thing = tree / "src/thing.py"
    reached = {"tests/test_one.py::test_small", "tests/test_two.py::test_first", "tests/test_two.py::test_second"}
    assert covering.of(thing, 6) == covering.of(thing, 5) == reached
    assert covering.of(thing, 11) == covering.of(thing, 1) == frozenset()
    assert covering.within(0, frozenset(reached)) < reached
    assert covering.within(60, frozenset(reached)) == reached


def test_what_was_learned_of_a_test_file_holds_until_it_or_the_program_changes(tmp_path: Path) -> None:
    tree, kept = small_tree(tmp_path), tmp_path / "kept"

    def learned() -> list[list[str]]:
        Covering(tree, FILES, 60, kept)
        runs = sorted(kept.glob("*/*.json"), key=lambda path: (path.parent.stat().st_ctime, path.name))
        return [sorted(json.loads(path.read_text("utf-8"))["digests"]) for path in runs]

    assert learned() == learned() == [FILES]
    (tree / FILES[0]).write_text("def test_new():\n    pass\n", "utf-8")
    assert learned() == [FILES, [FILES[0]]]
    assert set(Covering(tree, FILES, 60, kept).seconds) == {
        "tests/test_one.py::test_new", "tests/test_two.py::test_first", "tests/test_two.py::test_second",
    }  # fmt: skip
    (tree / "src/thing.py").write_text("def small(x):\n    return x < 3\n", "utf-8")
    assert [*learned()].count(FILES) == 2


def test_a_mistake_is_told_from_none_and_one_that_runs_for_ever(tmp_path: Path) -> None:
    tree = small_tree(tmp_path)
    small = frozenset(["tests/test_one.py::test_small"])
    assert run(tree, FILES[:1], small, 60).result == SURVIVED
    (tree / "src/thing.py").write_text("def small(x):\n    return x > 3\n", "utf-8")
    ran = run(tree, FILES[:1], small, 60)
    assert (ran.result, ran.by) == (KILLED, "tests/test_one.py::test_small")
    assert run(tree, FILES[:1], frozenset(["tests/test_one.py::test_other"]), 60).result == SURVIVED
    (tree / "src/thing.py").write_text("def small(x):\n    while True:\n        pass\n", "utf-8")
    assert run(tree, FILES[:1], small, 3).result == TIMEOUT


def test_a_mistake_for_which_nothing_can_be_imported_is_noticed(tmp_path: Path) -> None:
    """Through the conftest, which no test's failure tells; a file of tests that is not there is no mistake noticed."""
    tree = small_tree(tmp_path)
    (tree / "tests/conftest.py").write_text("import thing\n", "utf-8")
    (tree / "src/thing.py").write_text("LIMIT = {1} + {2}\n", "utf-8")
    assert run(tree, FILES[:1], None, 60).result == KILLED
    with pytest.raises(RuntimeError, match="could not be run"):
        run(tree, ["tests/test_nowhere.py"], None, 60)


def test_files_are_read_in_this_process_while_it_is_learned_which_test_runs_what(tmp_path: Path) -> None:
    """In a child, as learning is: it changes how readers are made."""
    book = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet()
        for row in range(3):
            sheet.write_row(row, 0, ["a", "b"])

    def read_as_in(file: str) -> int:
        from xiezhi.intake.files.reader_process import Job, open_sheets_apart
        from xiezhi.intake.sheets.sheet import Limits, Part, Sheet

        read_here(file)
        job = Job("xiezhi.intake.files.readers.workbook", Part(book, None, book), "xlsx", Limits(), tmp_path, None)
        sheets = [isinstance(sheet, Sheet) for sheet in open_sheets_apart(job)]
        return 100 * sum(sheets) + sum("xiezhi.intake.files.reader_main" in one.cmdline() for one in psutil.Process().children())

    here, apart = "tests/core/intake/workbooks/test_receive_days.py", "tests/core/intake/files/test_reader_process.py"
    assert in_child(small_tree(tmp_path / "one"), lambda: read_as_in(here), 60) == 100
    assert in_child(small_tree(tmp_path / "other"), lambda: read_as_in(apart), 60) == 101
