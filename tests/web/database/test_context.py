"""What PostgreSQL is told about whoever acts: for one transaction, whole, and no more than said."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg_pool import ConnectionPool

from tests.web.database.site import Site
from xiezhi.kernel.errors import UserError
from xiezhi.web.database import context, roles
from xiezhi.web.database.context import array_literal, clear_context, read_context, set_context
from xiezhi.web.database.rls import ScopedTable

EMPTY = dict.fromkeys(context.VARIABLES, "")


def test_it_is_read_back_as_it_was_set_and_gone_after_the_transaction(shared_site: Site) -> None:
    values = {context.USER: 7, context.PATHS: ["0001.", "0002.0003."], context.LINES: context.ALL_LINES, context.CADRE: 3}
    with shared_site.connect() as connection:
        assert read_context(connection) == EMPTY
        set_context(connection, values)
        assert read_context(connection) == EMPTY | {
            context.USER: "7",
            context.PATHS: '{"0001.","0002.0003."}',
            context.LINES: "*",
            context.CADRE: "3",
        }
        connection.commit()
        assert read_context(connection) == EMPTY


def test_what_is_not_named_is_emptied(shared_site: Site) -> None:
    with shared_site.connect() as connection:
        set_context(connection, {context.SYSTEM: "yes"})
        set_context(connection, {context.USER: 1})
        assert read_context(connection) == EMPTY | {context.USER: "1"}
        clear_context(connection)
        assert read_context(connection) == EMPTY


def test_djangos_connection_and_cursor_serve_as_well(shared_site: Site) -> None:
    with shared_site.django(roles.APP) as connection:
        connection.set_autocommit(False)
        set_context(connection, {context.USER: 1})
        with connection.cursor() as cursor:
            assert read_context(cursor)[context.USER] == "1"
            set_context(cursor, {context.USER: 2})
        assert read_context(connection)[context.USER] == "2"


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
def test_any_text_comes_back_from_an_array(shared_site: Site, items: list[str]) -> None:
    with shared_site.connect() as connection:
        set_context(connection, {context.RECUSED: items})
        assert connection.execute("SELECT public.xiezhi_recused()").fetchone() == (items,)
        assert read_context(connection)[context.RECUSED] == array_literal(items)


@pytest.mark.parametrize("path", ["", ".", "0001", "0001.2", "0001..", "%", "a b.", '0001."}', "0001.\n"])
def test_a_path_that_would_be_the_beginning_of_others_is_refused(shared_site: Site, path: str) -> None:
    with shared_site.connect() as connection, pytest.raises(UserError) as refused:
        set_context(connection, {context.PATHS: ["0001.", path]})
    assert refused.value.code == "XZ-DB-11"


def test_unknown_variables_and_null_bytes_are_refused(shared_site: Site) -> None:
    with shared_site.connect() as connection:
        with pytest.raises(UserError):
            set_context(connection, {"xiezhi.systen": "yes"})
        with pytest.raises(UserError):
            set_context(connection, {context.LINES: ["a\0b"]})


REQUESTS = 10_000


def test_no_scope_bleeds_over_pooled_connections(site: Site) -> None:
    """Requests of changing people over four connections, some without a scope, some that fail half-way."""
    site.owner('CREATE TABLE note (unit_path text COLLATE "C")', "CREATE TABLE loose (n int)")
    site.migrate(ScopedTable("note", line=None, cadre=None, label=None, subject=None))
    with site.acting(system="yes") as connection:
        connection.execute("INSERT INTO note SELECT (n || '.') FROM generate_series(1000, 1009) n")
    pool = ConnectionPool(site.url(roles.APP), min_size=4, max_size=4, open=True)

    def request(number: int) -> bool:
        mine = f"{1000 + number % 10}."
        with pool.connection() as connection:
            if number % 7 == 0:
                return connection.execute("SELECT count(*) FROM note").fetchone() == (0,)
            set_context(connection, {context.PATHS: [mine], context.USER: number})
            seen = connection.execute("SELECT unit_path FROM note").fetchall()
            if number % 11 == 0:
                connection.rollback()
                return connection.execute("SELECT count(*) FROM note").fetchone() == (0,) and seen == [(mine,)]
            return seen == [(mine,)]

    with pool, ThreadPoolExecutor(4) as threads:
        wrong = [number for number, right in enumerate(threads.map(request, range(REQUESTS))) if not right]
    assert list(islice(wrong, 5)) == []
