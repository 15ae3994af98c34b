"""The shipped contracts, one engine, and fields made to measure."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.codelist import Code, Codelist
from xiezhi.contracts.kinds import LAKE_TYPES, LOGICAL_TYPES, FieldKind
from xiezhi.contracts.loader import load_contracts
from xiezhi.contracts.model import Field
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.kernel.errors import ContentError
from xiezhi.kernel.words import Words

SHIPPED = Path(__file__).parents[3] / "content"

Edit = Callable[[str, str], Path]
"""Replaces a text of a contract by another."""

SEX = Codelist(
    name="sex",
    version="1.0.0",
    title=Words(zh="性别", en="Sex"),
    origin=Words(zh="测试", en="test"),
    codes=(
        Code(code="男", title=Words(zh="男", en="Male"), aliases=("1", "M", "男性（在册）")),
        Code(code="女", title=Words(zh="女", en="Female"), aliases=("2", "F")),
    ),
)


@pytest.fixture(scope="session")
def catalogue() -> ContractCatalogue:
    return load_contracts([SHIPPED])


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder of one contract and the codelists."""
    root = tmp_path / "content"
    shutil.copytree(SHIPPED / "codelists", root / "codelists")
    (root / "contracts" / "civil_affairs").mkdir(parents=True)
    shutil.copy(SHIPPED / "contracts/civil_affairs/death_registry.yaml", root / "contracts/civil_affairs")
    return root


@pytest.fixture
def edit(content: Path) -> Edit:
    """Replace a text in the contract; returns its path."""
    path = content / "contracts/civil_affairs/death_registry.yaml"

    def edit(old: str, new: str) -> Path:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return edit


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    with DuckDB(threads=1) as engine:
        yield engine


def make_field(kind: str, *, required: bool = False, **more: Any) -> Field:
    """A field of a kind, as a contract would spell it; `more` are custom properties and `logicalTypeOptions`."""
    custom = {
        "titleEn": "A field",
        "kind": kind,
        **({"unit": "元"} if kind == "money" else {}),
        **({"codelist": SEX} if kind == "code" else {}),
        **({"aliases": ["是否中标"]} if kind == "boolean" else {}),
    }
    options = more.pop("logicalTypeOptions", {})
    document = {
        "name": "field",
        "businessName": "字段",
        "logicalType": LOGICAL_TYPES[FieldKind(kind)],
        "physicalType": LAKE_TYPES[FieldKind(kind)],
        "required": required,
        "classification": "internal",
        "logicalTypeOptions": options,
        "customProperties": [{"property": name, "value": value} for name, value in (custom | more).items()],
    }
    return Field.model_validate(document)


FieldMaker = Callable[..., Field]


def where(error: ContentError) -> str:
    """File and line, as editors write them."""
    return f"{error.place.file}:{error.place.row}" if error.place else ""
