"""The shipped contracts, one engine, and fields made to measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from xiezhi.contracts.catalogue import ContractCatalogue
from xiezhi.contracts.codelist import Code, Codelist
from xiezhi.contracts.kinds import LAKE_TYPES, LOGICAL_TYPES, Kind
from xiezhi.contracts.loader import load_contracts
from xiezhi.contracts.model import Field
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.kernel.words import Words

SHIPPED = Path(__file__).parents[3] / "content"

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
    }
    options = more.pop("logicalTypeOptions", {})
    document = {
        "name": "field",
        "businessName": "字段",
        "logicalType": LOGICAL_TYPES[Kind(kind)],
        "physicalType": LAKE_TYPES[Kind(kind)],
        "required": required,
        "classification": "internal",
        "logicalTypeOptions": options,
        "customProperties": [{"property": name, "value": value} for name, value in (custom | more).items()],
    }
    return Field.model_validate(document)


FieldMaker = Callable[..., Field]
