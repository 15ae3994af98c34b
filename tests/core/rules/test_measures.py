"""What a query's numbers count follows from its tables' declarations, and nothing is guessed."""

from __future__ import annotations

import pytest

from xiezhi.kernel.words import Words
from xiezhi.rules.binding import parse_select
from xiezhi.rules.measures import Measure, output_measures

TABLE = {
    "paid": Measure("BIGINT", "fen"),
    "price": Measure("BIGINT", "fen/kg", Words(zh="单价", en="Unit price")),
    "offer": Measure("BIGINT", "fen/kg", Words(zh="报价", en="Offer")),
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
        ("price * weight", "fen"),
        ("paid / weight", "fen/kg"),
        ("paid * paid / paid", "fen"),
        ("paid * 1.0", "fen"),
        ("1 * paid", "fen"),
        ("paid + COALESCE(NULL, 0)", "fen"),
        ("CASE WHEN count > 0 THEN paid END", "fen"),
        ("if(count > 0, paid, 0)", "fen"),
        ("date_diff('day', at, at)", "days"),
        ("date_diff('month', at, at)", "months"),
        ("date_sub('hours', at, at)", "hours"),
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
        ("hash(paid) * paid", None),
        ("paid * hash(paid)", None),
        ("paid * '1'", None),
        ("if(count > 0, paid, count)", None),
        ("1 / weight", None),
        ("paid / (weight * weight)", None),
        ("paid / weight / price", None),
        ("date_diff('decade', at, at)", None),
    ],
)
def test_units_are_carried_where_they_are_certain(expression: str, unit: str | None) -> None:
    assert measure(expression).unit == unit


def test_titles_types_and_identities_come_along() -> None:
    assert measure("min(price)").title == Words(zh="单价", en="Unit price")
    assert measure("sum(price)").title is None
    assert measure("greatest(price, 0)").title == Words(zh="单价", en="Unit price")
    assert measure("greatest(price, offer)") == Measure("BIGINT", "fen/kg"), "neither of the two titles is its own"
    assert measure("max(who)").identity == "party_id"
    assert measure("who + 1").identity is None
    assert measure("max(at)").type == "TIMESTAMP"


def test_parts_and_unions_are_gone_through() -> None:
    part = "SELECT paid AS p, count AS c FROM t UNION ALL SELECT paid, paid FROM t"
    query = f"WITH a AS ({part}) SELECT sum(p) AS p, max(c) AS c FROM a"
    found = output_measures(parse_select(query), SCHEMA, {"t": TABLE})
    assert (found["p"].unit, found["c"].unit) == ("fen", None)


def test_a_union_that_no_engine_would_run_is_read_as_far_as_it_goes() -> None:
    """Of two branches of unlike width; the engine says so, where the query is run."""
    found = output_measures(
        parse_select("SELECT paid AS p, weight AS w FROM t UNION ALL SELECT paid FROM t"), SCHEMA, {"t": TABLE}
    )
    assert (found["p"].unit, found["w"].unit) == ("fen", "kg")
