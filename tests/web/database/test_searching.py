"""Full-text search below row-level security: served by its index, and telling nothing of hidden rows (docs/adr/0009)."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.database.site import Site
from xiezhi.web.database import roles
from xiezhi.web.database.rls import ScopedTable

TABLE = 'CREATE TABLE note (id int PRIMARY KEY, unit_path text COLLATE "C", words text, search tsvector)'
FILL = """
INSERT INTO note SELECT n, CASE WHEN n % 2 = 0 THEN '0001.' ELSE '0002.' END, w, to_tsvector('simple', w)
FROM generate_series(1, 20000) AS n, LATERAL (SELECT 'x' || n || CASE WHEN n % 5000 < 2 THEN ' rare' ELSE '' END AS w) AS made
"""
RARE = "SELECT id FROM note WHERE search @@ to_tsquery('simple', 'rare') ORDER BY id"


@pytest.fixture(scope="module")
def notes(shared_site: Site) -> Site:
    shared_site.owner(TABLE, FILL, "CREATE INDEX note_search ON note USING gin (search)", "ANALYZE note")
    shared_site.migrate(ScopedTable("note", line=None, cadre=None, label=None, subject=None))
    return shared_site


def plan(site: Site) -> str:
    with site.acting(paths=["0001."]) as connection:
        return "\n".join(str(row[0]) for row in connection.execute(f"EXPLAIN {RARE}"))


def superuser(site: Site, statement: str) -> None:
    with psycopg.connect(site.server.url(database=site.database)) as connection:
        connection.execute(statement)


def test_a_rare_word_is_found_by_index_within_the_scope(notes: Site) -> None:
    with notes.acting(paths=["0001."]) as connection:
        found = [row[0] for row in connection.execute(RARE)]
    assert found == [5000, 10000, 15000, 20000]
    assert "Bitmap Index Scan on note_search" in plan(notes)


def test_without_the_mark_it_is_found_too_and_the_doctor_can_tell(notes: Site) -> None:
    try:
        superuser(notes, roles.SEARCHABLE.replace("LEAKPROOF", "NOT LEAKPROOF"))
        assert "note_search" not in plan(notes)
        with notes.acting(paths=["0001."]) as connection:
            assert len(connection.execute(RARE).fetchall()) == 4
            assert not roles.is_searchable(connection)
    finally:
        superuser(notes, roles.SEARCHABLE)
    with notes.connect() as connection:
        assert roles.is_searchable(connection)


def test_what_would_fail_on_a_hidden_row_does_not_fail(notes: Site) -> None:
    """Hidden rows have odd numbers: dividing by id % 2 + … would tell of them, were it asked before the policy."""
    told = "SELECT count(*) FROM note WHERE search @@ to_tsquery('simple', 'rare') AND 1 / (1 - id % 2) = 1"
    with notes.acting(paths=["0001."]) as connection:
        assert connection.execute(told).fetchone() == (4,)
    with notes.acting(paths=["0002."]) as connection, pytest.raises(psycopg.errors.DivisionByZero):
        connection.execute(told)


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
WORDS = st.from_regex(r"[a-z0-9']{1,6}(:\*?[ABCD]?)?", fullmatch=True).map(lambda word: word.replace("'", "")).filter(bool)


def queries() -> st.SearchStrategy[str]:
    plain = WORDS.filter(lambda word: word[0] != ":").map(lambda word: word.rstrip(":"))
    return st.recursive(
        plain,
        lambda inner: st.one_of(
            inner.map(lambda one: f"!({one})"),
            st.tuples(inner, st.sampled_from(["&", "|", "<->", "<3>", "<0>"]), inner).map(lambda three: f"({' '.join(three)})"),
        ),
        max_leaves=12,
    )


@settings(max_examples=150, deadline=None)
@given(TEXTS, queries())
def test_no_pair_of_vector_and_query_raises_or_says_anything(notes: Site, text: str, query: str) -> None:
    said: list[str] = []
    with notes.connect() as connection:
        connection.add_notice_handler(lambda notice: said.append(str(notice.message_primary)))
        asked = (
            "SELECT ts_match_vq(v, to_tsquery('simple', %s)) FROM (SELECT setweight(to_tsvector('simple', %s), 'B') AS v) AS t"
        )
        (answer,) = connection.execute(asked, [query, text]).fetchone() or (None,)
    assert answer in (True, False)
    assert [notice for notice in said if "stop words" not in notice] == []
