"""A first contract for an unknown table: fields that other contracts know are taken over, the rest is guessed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

from jinja2 import Environment, PackageLoader, StrictUndefined

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.column_names import column_name
from xiezhi.contracts.field import Field
from xiezhi.contracts.guess import Recogniser, by_values, guess
from xiezhi.contracts.header_matching import is_spelling_of, same_spelling, stated_unit
from xiezhi.contracts.kinds import GRADED, LAKE_TYPES, LOGICAL_TYPES, MONEY_UNITS, Classification, FieldKind, Unit
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.words import Words
from xiezhi.kernel.yaml_text import double_quoted

_PUBLIC_IDENTITIES = frozenset({IdentityKind.CREDIT_CODE, IdentityKind.PARTY_ID})


@dataclass(frozen=True)
class DraftField:
    """One line of the draft; `why` says where it was taken from, or from what it was guessed."""

    name: str
    title: str
    title_en: str
    kind: FieldKind
    identity: IdentityKind | None
    unit: Unit | None
    codelist: str | None
    required: bool
    why: Words
    aliases: tuple[str, ...] = ()

    @property
    def logical_type(self) -> str:
        return LOGICAL_TYPES[self.kind]

    @property
    def physical_type(self) -> str:
        return LAKE_TYPES[self.kind]

    @property
    def classification(self) -> Classification:
        secret = self.kind is FieldKind.IDENTITY and self.identity not in _PUBLIC_IDENTITIES
        return Classification.CONFIDENTIAL if secret else Classification.INTERNAL

    @property
    def lake_columns(self) -> set[str]:
        """Names that no other field may have."""
        return {self.name} | ({_grade(self.name)} if self.identity in GRADED else set())


def draft_contract(
    catalogue: ContractCatalogue,
    name: str,
    department: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    recognise: Recogniser,
) -> str:
    """YAML of a draft that already loads. `rows` is a sample; columns without a header are left out.

    Raises UserError where two columns are spelled alike, or none has a header: a delivery of that would be refused, too.
    """
    titles = [(column, title.strip()) for column, title in enumerate(header) if title.strip()]
    _check_titles([title for _, title in titles])
    fields: list[DraftField] = []
    for column, title in titles:
        cells = [row[column] for row in rows if column < len(row)]
        others = [other for _, other in titles if other != title]
        taken = {one for field in fields for one in field.lake_columns}
        fields.append(_field(catalogue, column, title, cells, taken, others, recognise))
    environment = Environment(
        loader=PackageLoader("xiezhi.contracts"),
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=False,
    )
    environment.filters["quoted"] = double_quoted
    departments = catalogue.codelists.get("department")
    known = departments.title_of(department) if departments else None
    return environment.get_template("contract.yaml").render(
        id=uuid4(), name=name, department=department, team=known.zh if known else department, fields=fields
    )


def _check_titles(titles: Sequence[str]) -> None:
    alike = [title for title in titles if sum(same_spelling(title, other) for other in titles) > 1]
    if alike:
        raise UserError(
            "XZ-SAMPLE-02",
            zh=f"这几列的表头只差大小写、空格或标点,交付时分不清:{'、'.join(alike)}",
            en=f"these headers differ in case, blanks or punctuation only, and nobody could tell them apart: {', '.join(alike)}",
            todo_zh="在样例中改名或删去重复的列,并请交付部门照此报送",
            todo_en="rename or delete columns in the sample, and have the department deliver them so",
        )
    if not titles:
        raise UserError("XZ-SAMPLE-01", zh="样例没有表头", en="the sample has no header")


def _field(
    catalogue: ContractCatalogue,
    column: int,
    title: str,
    cells: list[str],
    taken: Collection[str],
    others: Collection[str],
    recognise: Recogniser,
) -> DraftField:
    """One column's field. A field that another contract knows is taken over, unless its cells prove to be somebody's numbers."""
    required = bool(cells) and all(cell.strip() for cell in cells)
    held = recognise(cells)
    for contract, field in _known(catalogue, title, taken, others):
        if held and held.certain and field.identity not in (held.identity, IdentityKind.PARTY_ID):
            break
        return _taken_over(contract, field, title, required)
    found = by_values(held) if held and held.certain else guess(title, cells, recognise)
    graded = {one.removesuffix("_grade") for one in taken} if found.identity in GRADED else set()
    name = column_name(title, column + 1, {*taken, *graded}, others)
    return DraftField(name, title, title, found.kind, found.identity, found.unit, None, required, found.why, (title,))


def _known(
    catalogue: ContractCatalogue, title: str, taken: Collection[str], others: Collection[str]
) -> Iterator[tuple[str, Field]]:
    """Fields of other contracts that are spelled so, with their contract.

    Left out are those whose name is taken, or is the header of another column, which would then be two fields at once.
    """
    for contract in catalogue:
        for table in contract.tables:
            for field in table.fields:
                free = field.name not in taken and (field.identity not in GRADED or _grade(field.name) not in taken)
                other = any(same_spelling(own, one) for one in others for own in (field.name, field.title_en))
                if free and not other and is_spelling_of(field, title):
                    yield contract.name, field


def _taken_over(contract: str, field: Field, title: str, required: bool) -> DraftField:
    stated = stated_unit(title)
    unit = stated if stated in MONEY_UNITS and field.kind is FieldKind.MONEY else field.unit
    codes = field.codelist.name if field.codelist else None
    why = Words(zh=f"同 {contract}", en=f"as in {contract}")
    return DraftField(field.name, title, field.title_en, field.kind, field.identity, unit, codes, required, why)


def _grade(name: str) -> str:
    return f"{name}_grade"
