"""In which order files are read, admitted and refused, and what of one that breaks is left: with nothing behind the door."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from tests.core.intake.receiving import contracts

from xiezhi.engines.duckdb_engine import OutOfMemory
from xiezhi.intake import receive as door
from xiezhi.intake.admit import Settings
from xiezhi.intake.ocds.kept import PURPOSE
from xiezhi.intake.ocds.unwrap import Unit
from xiezhi.intake.sheets.sheet import Heading, Limits, OcdsSheet, Part, RefusedSheet, Sheet
from xiezhi.kernel.errors import Place, RefusedDelivery, RetryableError

Event = tuple[object, ...]


class Table(Sheet):
    """A sheet that nobody reads here: `rows` of it are staged, or what is in them is raised."""

    format = "xlsx"

    def __init__(self, file: str, sheet: str | None = None, member: str | None = None, rows: int | Exception = 1) -> None:
        super().__init__(part(file, member), Heading([], 1), Limits(), Path(), sheet=sheet)
        self.rows = rows

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        return iter(())


class Releases(OcdsSheet, Table):
    """A file of releases."""

    def units(self, batch_rows: int = 1) -> Iterator[list[Unit]]:
        return iter(())


def part(file: str, member: str | None = None) -> Part:
    return Part(Path(file), member, Path(file))


def refusal(file: str | None = None, sheet: str | None = None, *, placed: bool = True) -> RefusedDelivery:
    place = Place(file, sheet) if placed else None
    return RefusedDelivery("record_too_long", zh="太长", en="too long", place=place, todo_zh="核对引号", todo_en="check it")


def refused_sheet(file: str, sheet: str, member: str | None = None) -> RefusedSheet:
    return RefusedSheet(refusal(file, sheet), part(file, member), sheet)


class Desk:
    """What is received: `given` for each path, and all that is done about it."""

    def __init__(self, patch: pytest.MonkeyPatch, folder: Path, *given: Sequence[Sheet | RefusedDelivery]) -> None:
        self.done: list[Event] = []
        self.asked: list[Event] = []
        self.held: set[str] = set()
        self.engines = 0
        self._given, self._folder = iter(given), folder
        patch.setattr(door, "Admission", lambda *given: self._admission(*given))
        patch.setattr(door, "open_delivered", self._open)
        patch.setattr(door, "recognise", self._recognise)
        patch.setattr(door, "PreparedTable", lambda *given: self._prepared("table", *given))
        patch.setattr(door, "PreparedReleases", lambda *given: self._prepared("releases", *given))

    def receive(self, *paths: str, settings: Settings | None = None, progress: Any = None) -> list[Any]:
        lake = SimpleNamespace(
            writing=lambda: nullcontext("the writer"), paths=SimpleNamespace(scratch_of=lambda what: self._folder / what)
        )
        found = [Path(path) for path in paths]
        return door.receive(found, lake, contracts(), "the vault", settings, progress)  # type: ignore[arg-type]

    def _admission(self, _lake: Any, writer: Any, vault: Any, settings: Settings, scratch: Path) -> Any:
        assert (writer, vault, scratch) == ("the writer", "the vault", self._folder / "receive")
        self.settings = settings
        return SimpleNamespace(
            settings=settings,
            begin=lambda file: self.done.append(("begin", str(file))),
            engine=self._engine,
            key=lambda purpose: f"key of {purpose}",
            held_already=lambda sheet, _: f"held {sheet.sheet}" if sheet.sheet in self.held else None,
            admit=self._admit,
            refuse=self._refuse,
            close=lambda: self.done.append(("closed",)),
        )

    def _engine(self) -> Any:
        self.engines += 1
        number = self.engines
        self.done.append(("engine", number))
        return SimpleNamespace(number=number, close=lambda: self.done.append(("engine closed", number)))

    def _open(self, path: Path, limits: Limits, scratch: Path, *, ocds: bool | None, looks_like_header: Any) -> Iterator[Sheet]:
        self.asked.append((str(path), limits, scratch.name, ocds, looks_like_header(["流水号", "公告编号"])))
        return Delivered(next(self._given))

    def _recognise(self, sheet: Sheet, _contracts: Any, name: str | None) -> str:
        if sheet.sheet == "说明":
            raise refusal()
        return f"contract {name}"

    def _prepared(self, kind: str, engine: Any, name: str, sheet: Table, recognised: str, watch: Any, key: str = "") -> Any:
        watch(7)
        self.done.append((kind, engine.number, name, sheet.sheet, recognised, key))
        if isinstance(sheet.rows, Exception):
            raise sheet.rows
        return SimpleNamespace(sheet=sheet.sheet, judgements=SimpleNamespace(total=sheet.rows))

    def _admit(self, prepared: Any) -> str:
        self.done.append(("admit", prepared.sheet))
        return f"admitted {prepared.sheet}"

    def _refuse(self, file: Path, member: str | None, sheet: str | None, why: RefusedDelivery) -> Event:
        return "refused", str(file), member, sheet, why.zh


class Delivered(Iterator[Sheet]):
    """Goes on behind what it refused, as `open_delivered` does."""

    def __init__(self, given: Sequence[Sheet | RefusedDelivery]) -> None:
        self._given = iter(given)

    def __next__(self) -> Sheet:
        one = next(self._given)
        if isinstance(one, RefusedDelivery):
            raise one
        return one


@pytest.fixture
def patch(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def test_the_sheets_of_a_file_are_admitted_when_all_of_it_was_read(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In the scratch space of the file before, where that was small."""
    desk = Desk(patch, tmp_path, [Table("a", "一"), Table("a", "二")], [Table("b", "三")])
    assert desk.receive("a", "b") == ["admitted 一", "admitted 二", "admitted 三"]
    assert desk.done == [
        ("begin", "a"),
        ("engine", 1),
        ("table", 1, "sheet0", "一", "contract None", ""),
        ("begin", "a"),
        ("table", 1, "sheet1", "二", "contract None", ""),
        ("admit", "一"),
        ("admit", "二"),
        ("begin", "b"),
        ("table", 1, "sheet0", "三", "contract None", ""),
        ("admit", "三"),
        ("engine closed", 1),
        ("closed",),
    ]
    assert desk.settings == Settings()


def test_the_members_of_an_archive_are_files_of_their_own(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given: list[Sheet | RefusedDelivery] = [
        Table("z", "一", "1.xlsx"),
        Table("z", "二", "2.xlsx", refusal()),
        Table("z", "三", "3.xlsx"),
    ]
    desk = Desk(patch, tmp_path, given)
    assert desk.receive("z") == ["admitted 一", ("refused", "z", "2.xlsx", None, "太长"), "admitted 三"]


def test_a_file_that_breaks_is_refused_whole_and_the_next_goes_on(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing more of it is read, and its scratch space is given back before the next file takes as much."""
    broken: list[Sheet | RefusedDelivery] = [
        Table("a", "一"),
        Table("a", "二", rows=refusal("a", "二")),
        Table("a", "三"),
        refused_sheet("a", "四"),
    ]
    desk = Desk(patch, tmp_path, broken, [Table("b", "五")])
    assert desk.receive("a", "b") == [("refused", "a", None, None, "工作表“二”:太长"), "admitted 五"]
    assert [event for event in desk.done if event[0] in ("table", "engine", "engine closed", "admit")] == [
        ("engine", 1),
        ("table", 1, "sheet0", "一", "contract None", ""),
        ("table", 1, "sheet1", "二", "contract None", ""),
        ("engine closed", 1),
        ("engine", 2),
        ("table", 2, "sheet0", "五", "contract None", ""),
        ("admit", "五"),
        ("engine closed", 2),
    ]


@pytest.mark.parametrize("rows", [100_000, 100_001])
def test_scratch_space_of_more_than_a_hundred_thousand_rows_is_given_back(
    rows: int, patch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = Desk(patch, tmp_path, [Table("a", "一", rows=rows - 1), Table("a", "二", rows=1)], [Table("b", "三")])
    assert desk.receive("a", "b") == ["admitted 一", "admitted 二", "admitted 三"]
    assert desk.engines == (1 if rows == 100_000 else 2)


def test_a_sheet_that_is_refused_alone_costs_no_other(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Refusals come first: what was received is told when it is."""
    given: list[Sheet | RefusedDelivery] = [
        Table("a", "一"),
        refused_sheet("a", "二"),
        Table("a", "说明"),
        Table("a", "三"),
        refused_sheet("b", "四", "m"),
    ]
    desk = Desk(patch, tmp_path, given)
    assert desk.receive("a") == [
        ("refused", "a", None, "二", "太长"),
        ("refused", "a", None, "说明", "太长"),
        "admitted 一",
        "admitted 三",
        ("refused", "b", "m", "四", "太长"),
    ]


def test_a_sheet_that_was_received_before_is_not_read_again(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    desk = Desk(patch, tmp_path, [Table("a", "一"), Table("a", "二")])
    desk.held = {"一"}
    assert desk.receive("a") == ["held 一", "admitted 二"]
    assert [event[3] for event in desk.done if event[0] == "table"] == ["二"]


FIRST = "admitted 一"


@pytest.mark.parametrize(
    ("member", "refused", "receipts"),
    [
        (None, refusal("a"), [("refused", "a", None, None, "太长")]),
        (None, refusal("a", "二"), [("refused", "a", None, None, "工作表“二”:太长")]),
        ("1.csv", refusal("a", "1.csv"), [("refused", "a", "1.csv", None, "太长")]),
        ("1.csv", refusal("a", "2.csv"), [FIRST, ("refused", "a", "2.csv", None, "太长")]),
        ("1.csv", refusal("a"), [FIRST, ("refused", "a", None, None, "太长")]),
        (None, refusal("b"), [FIRST, ("refused", "b", None, None, "太长")]),
        (None, refusal("b", "1.csv"), [FIRST, ("refused", "b", "1.csv", None, "太长")]),
        (None, refusal(placed=False), [FIRST, ("refused", ".", None, None, "太长")]),
        (None, refusal(None, "1.csv"), [FIRST, ("refused", ".", None, None, "太长")]),
    ],
)
def test_what_a_reader_refuses_is_the_file_being_read_or_another(
    member: str | None, refused: RefusedDelivery, receipts: list[object], patch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = Desk(patch, tmp_path, [Table("a", "一", member), refused], [Table("c", "三")])
    assert desk.receive("a", "c") == [*receipts, "admitted 三"]


def test_a_refusal_before_any_file_was_begun_stands_alone(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    desk = Desk(patch, tmp_path, [refusal("a"), Table("b", "一")], [refusal("c")])
    assert desk.receive("x", "y") == [
        ("refused", "a", None, None, "太长"),
        "admitted 一",
        ("refused", "c", None, None, "太长"),
    ]


def test_a_refusal_that_names_its_sheet_says_everything_else_as_before(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told: list[RefusedDelivery] = []
    desk = Desk(patch, tmp_path, [Table("a", "一"), refusal("a", "二")], [Table("b", "三", "m", refusal("b", "m"))])
    patch.setattr(desk, "_refuse", lambda *given: told.append(given[-1]))
    desk.receive("a", "b")
    for one, zh, en, place in zip(
        told, ("工作表“二”:太长", "太长"), ("sheet “二”: too long", "too long"), ("二", "m"), strict=True
    ):
        assert (one.code, one.zh, one.en, one.todo_zh, one.todo_en) == ("record_too_long", zh, en, "核对引号", "check it")
        assert one.place is not None
        assert one.place.sheet == place


def test_too_little_memory_is_told_and_everything_given_back(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    short = OutOfMemory("cannot allocate 1 MiB\nmore words")
    desk = Desk(patch, tmp_path, [Table("a", "一"), Table("a", "二", rows=short)])
    with pytest.raises(RetryableError) as told:
        desk.receive("a", settings=Settings(memory="256MB"))
    error = told.value
    assert (error.code, error.zh, error.en, error.todo_zh, error.todo_en) == (
        "XZ-RECEIVE-02",
        "内存上限 256MB 不够用,未完成的交付没有留下任何内容(cannot allocate 1 MiB)",
        "256MB of memory are not enough; the delivery at hand left nothing behind (cannot allocate 1 MiB)",
        "给接收多一些内存后重试",
        "give receiving more memory, then try again",
    )
    assert desk.done[-2:] == [("engine closed", 1), ("closed",)]


def test_releases_are_read_with_the_key_that_seals_them(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    desk = Desk(patch, tmp_path, [Releases("a.json")])
    assert desk.receive("a.json", settings=Settings(contract="ocds_release")) == ["admitted None"]
    assert ("releases", 1, "sheet0", None, "contract ocds_release", f"key of {PURPOSE}") in desk.done


@pytest.mark.parametrize(
    ("contract", "ocds", "known"), [(None, None, 1), ("subsidy_payment", False, 1), ("ocds_release", True, 0)]
)
def test_readers_are_told_what_is_expected(
    contract: str | None, ocds: bool | None, known: int, patch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """JSON is releases where the contract says so; a header is what the contract knows of it."""
    desk, limits = Desk(patch, tmp_path, []), Limits(max_columns=7)
    assert desk.receive("a", settings=Settings(contract=contract, limits=limits)) == []
    assert desk.asked == [("a", limits, "receive", ocds, known)]


def test_progress_is_told_by_the_name_of_what_is_read(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    steps: list[Event] = []
    progress = SimpleNamespace(step=lambda *given: steps.append(given), cancelled=lambda: False)
    desk = Desk(patch, tmp_path, [Table("/x/a.csv"), Table("/x/b.zip", None, "民政/1月.csv")])
    desk.receive("/x", progress=progress)
    assert steps == [("read", 7, 0, "a.csv"), ("read", 7, 0, "民政/1月.csv")]
