"""Text columns of few distinct values → small integers, while the rows stream by.

Most delivered columns repeat themselves (months, items, villages, names): each distinct text is then judged once instead
of once a row. A column whose first batch hardly repeats itself is left as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

MOST_DISTINCT = 0.5
"""Share of distinct texts in the first batch above which coding no longer pays (measured against judging every row)."""

MOST_CODES = 500_000
"""Distinct texts a column may have before it is taken for text after all, to keep memory bounded."""


class TooManyCodes(Exception):
    """A column turned out to have more distinct texts than `MOST_CODES`; stage again with it as text."""

    def __init__(self, column: str) -> None:
        self.column = column
        super().__init__(column)


class Coder:
    """Codes the columns of a stream of batches. `coded`: column → its distinct texts, a text's place being its code."""

    def __init__(self, columns: Sequence[str], uncoded: Iterable[str] = ()) -> None:
        self._columns = columns
        self._text = set(uncoded)
        self._codes: dict[str, dict[str | None, int]] = {}
        self._decided = False

    @property
    def coded(self) -> dict[str, list[str | None]]:
        return {column: list(codes) for column, codes in self._codes.items()}

    def decide(self, batch: pa.RecordBatch) -> None:
        """Choose the columns to code by what the first batch looks like."""
        for column in self._columns:
            values = batch.column(column)
            if column not in self._text and len(values) and len(values.unique()) <= MOST_DISTINCT * len(values):
                self._codes[column] = {}

    def encode(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The batches with coded columns as int32. Raises TooManyCodes."""
        for batch in batches:
            columns = [self._encode(name, batch.column(name)) for name in batch.schema.names]
            yield pa.record_batch(columns, names=batch.schema.names)

    def schema(self, names: Sequence[str]) -> pa.Schema:
        """What `encode` gives, for columns `names` of which `_row` is an int64."""
        kinds = {"_row": pa.int64(), **dict.fromkeys(self._codes, pa.int32())}
        return pa.schema([(name, kinds.get(name, pa.string())) for name in names])

    def _encode(self, name: str, values: pa.Array) -> pa.Array:
        codes = self._codes.get(name)
        if codes is None:
            return values
        encoded = values.dictionary_encode(null_encoding="encode")
        places = [codes.setdefault(text, len(codes)) for text in encoded.dictionary.to_pylist()]
        if len(codes) > MOST_CODES:
            raise TooManyCodes(name)
        return pa.array(places, pa.int32()).take(encoded.indices)
