"""Content folders → contracts and codelists, with file and line in every complaint.

A later root (a site's own folder) lays over an earlier one: a contract or codelist of a name already taken must say
`replaces: <name>`, so that nothing is overridden by accident.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.code_decisions import FILE as DECISIONS
from xiezhi.contracts.code_decisions import CodeDecision, read_decisions, with_decisions
from xiezhi.contracts.codelist import Code, Codelist
from xiezhi.contracts.complaint import complaint, line_of
from xiezhi.contracts.header_matching import clashing_spellings
from xiezhi.contracts.marked_csv import read_marked_csv
from xiezhi.contracts.mistakes import first_mistake
from xiezhi.contracts.model import Contract
from xiezhi.kernel.errors import ContentError
from xiezhi.kernel.words import Words
from xiezhi.kernel.yaml_document import read_yaml

CODELIST_COLUMNS = ["code", "zh", "en", "aliases"]
"""Header of a codelist's CSV; aliases are separated by |."""

Named = TypeVar("Named", Contract, Codelist)


def load_contracts(roots: Sequence[Path]) -> ContractCatalogue:
    """Every contract and codelist under the content folders `roots`: the shipped one first, later ones laid over it.

    Raises ContentError (file:line) for the first file that is wrong; `check_contracts` gives them all.
    """
    catalogue, problems = check_contracts(roots)
    if problems:
        raise problems[0]
    return catalogue


def check_contracts(roots: Sequence[Path]) -> tuple[ContractCatalogue, list[ContentError]]:
    """Like `load_contracts`, but goes on after a wrong file: what could be loaded, and every complaint."""
    problems: list[ContentError] = []
    codelists: _Layers[Codelist] = _Layers(problems)
    contracts: _Layers[Contract] = _Layers(problems)
    for root in roots:
        codelists.lay(root, root.glob("codelists/*.yaml"), load_codelist)
    decisions = _decisions(roots, codelists.things, problems)

    def lists_of(contract: str) -> dict[str, Codelist]:
        return with_decisions(contract, codelists.things, decisions)

    for root in roots:
        contracts.lay(root, root.glob("contracts/*/*.yaml"), lambda path: load_contract(path, lists_of(path.stem)))
    problems += _of_unknown_contracts(roots, decisions, contracts.things)
    return ContractCatalogue(contracts.things, codelists.things, contracts.sources), problems


def _decisions(roots: Sequence[Path], codelists: dict[str, Codelist], problems: list[ContentError]) -> list[CodeDecision]:
    found: list[CodeDecision] = []
    for root in roots:
        try:
            found += read_decisions(root, codelists)
        except ContentError as error:
            problems.append(error)
    return found


def _of_unknown_contracts(
    roots: Sequence[Path], decisions: Sequence[CodeDecision], contracts: dict[str, Contract]
) -> Iterator[ContentError]:
    for name in sorted({one.contract for one in decisions} - set(contracts)):
        path = next(root / DECISIONS for root in reversed(roots) if (root / DECISIONS).is_file())
        yield complaint(path, 1, zh=f"没有数据契约 {name}", en=f"there is no contract {name}")


def load_contract(path: Path, codelists: dict[str, Codelist]) -> Contract:
    """One contract file. Raises ContentError with file and line, also where its place does not fit its name."""
    document = read_yaml(path)
    try:
        contract = Contract.model_validate(document.data, context={"codelists": codelists})
    except ValidationError as error:
        raise first_mistake(document, error) from error
    for key, expected in (("name", path.stem), ("domain", path.parent.name)):
        if document.data[key] != expected:
            zh, en = f"“{key}”应与所在位置一致,应为 {expected}", f"{key} must agree with the file's place: {expected}"
            raise complaint(path, line_of(document, [key]), zh=zh, en=en)
    for number, table in enumerate(contract.tables):
        for spelling, fields in clashing_spellings(table).items():
            zh = f"表头“{spelling}”同时指向 {'、'.join(fields)}"
            line = line_of(document, ["schema", number, "properties", [f.name for f in table.fields].index(fields[-1])])
            raise complaint(path, line, zh=zh, en=f"header {spelling!r} stands for {' and '.join(fields)}")
    return contract


def load_codelist(path: Path) -> Codelist:
    """One codelist: `path` describes it, the CSV of the same name beside it holds the codes."""
    document = read_yaml(path)
    source = path.with_suffix(".csv")
    if document.data.get("name") != path.stem:
        raise complaint(path, line_of(document, ["name"]), zh=f"name 应为 {path.stem}", en=f"name must be {path.stem}")
    if not source.is_file():
        raise complaint(path, 1, zh=f"旁边缺少 {source.name}", en=f"{source.name} is missing beside it")
    try:
        return Codelist.model_validate(document.data | {"codes": _read_codes(source)})
    except ValidationError as error:
        raise first_mistake(document, error) from error


def _read_codes(path: Path) -> list[Code]:
    codes: list[Code] = []
    owner: dict[str, str] = {}
    for line, row in read_marked_csv(path, CODELIST_COLUMNS):
        code = _read_code(path, line, row)
        for spelling in {code.code, code.title.zh, code.title.en, *code.aliases}:
            if owner.setdefault(spelling.upper(), code.code) != code.code:
                zh, en = f"“{spelling}”指向两个代码", f"{spelling!r} stands for two codes"
                raise complaint(path, line, zh=zh, en=en)
        codes.append(code)
    return codes


def _read_code(path: Path, line: int, row: list[str]) -> Code:
    if len(row) != len(CODELIST_COLUMNS) or not all(row[:3]):
        raise complaint(path, line, zh="每行应有代码、中文、英文和别名四列", en="each row needs code, zh, en and aliases")
    code, zh, en, aliases = row
    return Code(code=code, title=Words(zh=zh, en=en), aliases=tuple(alias for alias in aliases.split("|") if alias))


class _Layers(Generic[Named]):
    """Named things of several roots, a later root's over an earlier's; complaints are collected."""

    def __init__(self, problems: list[ContentError]) -> None:
        self.things: dict[str, Named] = {}
        self.sources: dict[str, Path] = {}
        self._problems = problems

    def lay(self, root: Path, paths: Iterable[Path], load: Callable[[Path], Named]) -> None:
        for path in sorted(paths):
            try:
                self._add(root, path, load(path))
            except ContentError as error:
                self._problems.append(error)

    def _add(self, root: Path, path: Path, thing: Named) -> None:
        older = self.sources.get(thing.name)
        fault = self._fault(older, root, thing)
        if fault:
            raise complaint(path, 1, zh=fault[0], en=fault[1])
        self.things[thing.name], self.sources[thing.name] = thing, path

    def _fault(self, older: Path | None, root: Path, thing: Any) -> tuple[str, str] | None:
        if older and older.is_relative_to(root):
            return f"{thing.name} 已在 {older} 中定义", f"{thing.name} is already defined in {older}"
        if older and thing.replaces != thing.name:
            return f"覆盖 {older} 须写明 replaces: {thing.name}", f"to override {older}, say replaces: {thing.name}"
        if thing.replaces and not older:
            return f"replaces 指向的 {thing.replaces} 不存在", f"replaces {thing.replaces}, which does not exist"
        return None
