"""A page per contract that a department can read before it delivers, and an index: Markdown, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.kinds import FieldKind
from xiezhi.contracts.model import Contract, Field, Table
from xiezhi.contracts.vocabulary import CADENCES, CLASSIFICATIONS, KINDS, LOAD_MODES, UNSOUND
from xiezhi.kernel.reference import write_reference
from xiezhi.kernel.words import Words

WORDS: dict[str, Words] = {**KINDS, **LOAD_MODES, **CADENCES, **CLASSIFICATIONS}
"""What a page calls the values of a contract. No two vocabularies have a value in common."""


def write_pages(catalogue: ContractCatalogue, folder: Path, language: str = "zh") -> list[Path]:
    """One page per contract and `index.md` in `folder`; returns the files written. Pages of contracts now gone are removed."""
    pages = {f"{contract.name}.md": page(contract, catalogue, language) for contract in catalogue}
    pages["index.md"] = _template("index.md", language).render(
        contracts=list(catalogue), departments=_departments(catalogue, language)
    )
    return write_reference(folder, pages)


def page(contract: Contract, catalogue: ContractCatalogue, language: str = "zh") -> str:
    """The Markdown page of one contract."""
    codelists = {field.codelist.name: field.codelist for table in contract.tables for field in table.fields if field.codelist}
    department = _departments(catalogue, language).get(contract.department, contract.department)
    return _template("contract.md", language).render(contract=contract, department=department, codelists=list(codelists.values()))


def _departments(catalogue: ContractCatalogue, language: str) -> dict[str, str]:
    known = catalogue.codelists.get("department")
    return {entry.code: entry.title.in_(language) for entry in known.codes} if known else {}


def _template(name: str, language: str) -> Template:
    environment = Environment(
        loader=PackageLoader("xiezhi.contracts"),
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=False,
    )
    environment.globals |= {
        "language": language,
        "say": lambda zh, en: zh if language == "zh" else en,
        "word": lambda value: WORDS[value].in_(language),
        "notes": lambda table, field: _notes(table, field, language),
        "cell": _cell,
    }
    return environment.get_template(name)


def _notes(table: Table, field: Field, language: str) -> str:
    """What a person filling in the column must know beyond its type."""
    zh = language == "zh"
    options = field.logical_type_options
    notes = [field.description if zh else field.description_en]
    if field.codelist:
        notes.append("、".join(code.code for code in field.codelist.codes))
    if options.minimum is not None or options.maximum is not None:
        low, high = ("" if bound is None else str(bound) for bound in (options.minimum, options.maximum))
        notes.append(f"{low} – {high}".strip())
    if options.max_length:
        notes.append(f"最长 {options.max_length} 字" if zh else f"at most {options.max_length} characters")
    notes += [note.in_(language) for note in (*_when(table, field), *_beside(table, field))]
    if field.kind is FieldKind.IDENTITY:
        notes.append(UNSOUND[field.unsound].in_(language))
    return ("; " if not zh else ";").join(note for note in notes if note)


def _when(table: Table, field: Field) -> Iterator[Words]:
    """What its moments may be."""
    if field.not_before:
        other = table.field(field.not_before).title
        yield Words(zh=f"不早于{other.zh}", en=f"not before: {other.en}")
    if field.ahead == 0:
        yield Words(zh="不晚于交付之日", en="not after the day of delivery")
    elif field.ahead:
        yield Words(zh=f"至多晚于交付之日 {field.ahead} 个月", en=f"at most {field.ahead} months after the day of delivery")


def _beside(table: Table, field: Field) -> Iterator[Words]:
    """What another field of its row, or being a name, asks of it."""
    if field.agrees_with:
        other = table.field(field.agrees_with).title
        yield Words(zh=f"与{other.zh}所示一致", en=f"what the {other.en.lower()} says")
    if field.differs_from:
        other = table.field(field.differs_from).title
        yield Words(zh=f"不同于{other.zh}", en=f"other than: {other.en}")
    if field.not_above:
        other = table.field(field.not_above).title
        yield Words(zh=f"不大于{other.zh}", en=f"no more than: {other.en}")
    if field.names:
        yield Words(zh="须是一个单位的名称", en="the name of one organisation")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
