"""Pages neither lose nor repeat a row, whatever the address says. Against a real database, SQLite in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections, models
from django.http import QueryDict
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from xiezhi.web.kit.listing import Column, address, listing_of, ordering
from xiezhi.web.kit.paging import Page, Total, page_by_key, page_of, total_of

COLUMNS = (Column("number", "编号", sort="number"), Column("group", "组", sort="group"), Column("note", "说明"))


class Row(models.Model):
    number = models.IntegerField()
    group = models.IntegerField()
    half = models.IntegerField()

    class Meta:
        app_label = "kit_tests"


@pytest.fixture(scope="module")
def rows(django_db_blocker: Any) -> Iterator[models.QuerySet[Row]]:
    """137 rows with many equal groups."""
    configured = {**connections.settings, "kit_rows": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    before, connections.settings = connections.settings, connections.configure_settings(configured)
    with django_db_blocker.unblock():
        with connections["kit_rows"].schema_editor() as editor:
            editor.create_model(Row)
        Row.objects.using("kit_rows").bulk_create(Row(number=n * 7 % 137, group=n % 5, half=n % 2) for n in range(137))
        yield Row.objects.using("kit_rows")
        connections["kit_rows"].close()
    connections.settings = before
    assert settings.configured


def test_every_row_is_on_exactly_one_page(rows: models.QuerySet[Row]) -> None:
    query, seen = QueryDict(mutable=True), []
    while True:
        page = listing_of(rows, query, COLUMNS, default="-group").page
        seen += [row.pk for row in page]
        if not page.next:
            break
        query = QueryDict(mutable=True)
        query.update(page.next)
    assert sorted(seen) == sorted(row.pk for row in rows)
    assert len(seen) == 137


@pytest.mark.parametrize("keys", [("-group", "-id"), ("group", "id"), ("group", "-id"), ("-group", "half", "-id"), ("number",)])
def test_pages_by_key_walk_there_and_back(rows: models.QuerySet[Row], keys: tuple[str, ...]) -> None:
    def walk(step: str) -> list[list[int]]:
        parameters: Any = {} if step == "next" else {"before": last_mark[0]}
        found: list[list[int]] = []
        while True:
            query = QueryDict(mutable=True)
            query.update(parameters)
            page: Page[Row] = page_by_key(rows, query, keys)
            found.append([row.pk for row in page])
            assert len(found) < 9, "walks in a circle"
            parameters = getattr(page, step)
            if parameters is None:
                return found
            if step == "next":
                last_mark[0] = page_by_key(rows, _query(parameters), keys).previous["before"]  # type: ignore[index]

    last_mark = [""]
    forth = walk("next")
    assert [pk for page in forth for pk in page] == list(rows.order_by(*keys).values_list("pk", flat=True))
    assert list(reversed(walk("previous"))) == forth[:-1]


def _query(parameters: Any) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update(parameters)
    return query


@budget(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dictionaries(st.sampled_from(["page", "size", "sort", "after", "before"]), st.text(max_size=30) | st.integers().map(str))
)
def test_no_address_breaks_a_list(rows: models.QuerySet[Row], parameters: dict[str, str]) -> None:
    assert len(listing_of(rows, _query(parameters), COLUMNS, default="-number")) > 0
    assert len(page_by_key(rows, _query(parameters), ("-group", "-id"))) > 0


def test_the_count_stops_at_the_cap(rows: models.QuerySet[Row]) -> None:
    assert str(total_of(rows, cap=100)) == "100+"
    assert total_of(rows, cap=137) == Total(137, capped=False)
    assert str(Total(10_000, capped=True)) == "10,000+"


def test_a_page_past_the_end_is_the_last(rows: models.QuerySet[Row]) -> None:
    page = page_of(rows.order_by("pk"), QueryDict("page=99&size=50"))
    assert (page.number, page.first_row, page.last_row, page.next) == (3, 101, 137, None)
    assert page.nearby == [1, 2, 3]


def test_only_offered_sizes_are_taken(rows: models.QuerySet[Row]) -> None:
    assert [page_of(rows.order_by("pk"), QueryDict(f"size={size}")).size for size in ("50", "100000", "x", "")] == [
        50,
        20,
        20,
        20,
    ]


def test_only_sortable_columns_sort(rows: models.QuerySet[Row]) -> None:
    assert [
        listing_of(rows, QueryDict(f"sort={key}"), COLUMNS, default="number").sort for key in ("-group", "note", "password")
    ] == [
        "-group",
        "number",
        "number",
    ]


def test_a_new_sort_starts_at_the_first_page_and_keeps_the_filter() -> None:
    assert address(QueryDict("page=4&q=低保&after=x"), {"sort": "-group"}) == "?q=%E4%BD%8E%E4%BF%9D&sort=-group"
    assert address(QueryDict("q=a&page=4"), {"page": "5"}) == "?q=a&page=5"
    assert address(QueryDict("q=a&size=50"), {"q": None}) == "?size=50"


def test_numbers_far_apart_show_a_gap() -> None:
    assert Page([], 20, Total(1000), number=25).nearby == [1, 0, 23, 24, 25, 26, 27, 0, 50]


def test_equal_rows_have_an_order_too() -> None:
    assert ordering("-group", COLUMNS, "pk") == ["-group", "-pk"]
    assert ordering("group", COLUMNS, "pk") == ["group", "pk"]
    assert ordering("number", COLUMNS, "number") == ["number"]
