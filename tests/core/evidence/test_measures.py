"""What a query's numbers count follows from its tables' declarations, and nothing is guessed."""

from __future__ import annotations

import pytest

from xiezhi.kernel.words import Words
from xiezhi.rules.binding import parse_select
from xiezhi.rules.measures import Measure, output_measures

TABLE = {
    "paid": Measure("BIGINT", "fen"),
    "price": Measure("BIGINT", "fen/kg", Words(zh="单价", en="Unit price")),
    "weight": Measure("DOUBLE", "kg"),
    "count": Measure("BIGINT"),
    "amount": Measure("BIGINT", "minor"),
    "coin": Measure("VARCHAR", "currency"),
    "who": Measure("INTEGER", identity="party_id"),
    "at": Measure("TIMESTAMP"),
}
SCHEMA = {"t": {name: one.type for name, one in TABLE.items()}}


def measure(expression: str) -> Measure:
    return output_measures(parse_select(f"SELECT {expression} AS x FROM t"), SCHEMA, {"t": TABLE})["x"]


@pytest.mark.parametrize(
    ("expression", "unit"),
    [
        ("paid", "fen"),
        ("CAST(SUM(paid) AS BIGINT)", "fen"),
        ("COALESCE(SUM(paid) FILTER (WHERE count > 3), 0)", "fen"),
        ("MAX(paid) - MIN(paid)", "fen"),
        ("CASE WHEN count > 0 THEN paid ELSE 0 END", "fen"),
        ("greatest(paid, 0)", "fen"),
        ("SUM(paid * count)", "fen"),
        ("SUM(weight * (price - price))", "fen"),
        ("SUM(price) * 1.0 / COUNT(*)", "fen/kg"),
        ("SUM(amount) OVER ()", "minor"),
        ("upper(trim(coin))", "currency"),
        ("any_value(coin)", "currency"),
        ("paid / paid", None),
        ("count", None),
        ("COUNT(paid)", None),
        ("paid / 100", None),
        ("100 * paid", None),
        ("round(amount / 100, 2)", None),
        ("paid + count", None),
        ("CASE WHEN count > 0 THEN paid ELSE count END", None),
        ("paid * paid", None),
        ("hash(paid)", None),
    ],
)
def test_units_are_carried_where_they_are_certain(expression: str, unit: str | None) -> None:
    assert measure(expression).unit == unit


def test_titles_types_and_identities_come_along() -> None:
    assert measure("min(price)").title == Words(zh="单价", en="Unit price")
    assert measure("sum(price)").title is None
    assert measure("max(who)").identity == "party_id"
    assert measure("who + 1").identity is None
    assert measure("max(at)").type == "TIMESTAMP"


def test_parts_and_unions_are_gone_through() -> None:
    part = "SELECT paid AS p, count AS c FROM t UNION ALL SELECT paid, paid FROM t"
    query = f"WITH a AS ({part}) SELECT sum(p) AS p, max(c) AS c FROM a"
    found = output_measures(parse_select(query), SCHEMA, {"t": TABLE})
    assert (found["p"].unit, found["c"].unit) == ("fen", None)
