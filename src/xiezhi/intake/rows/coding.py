"""Text columns of few distinct values → small integers, while the rows stream by.

Most delivered columns repeat themselves (months, items, villages, names): each distinct text is then judged once instead
of once a row. A column whose first batch hardly repeats itself is left as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

MOST_DISTINCT = 0.5
"""Share of distinct texts in the first batch above which coding no longer pays (measured against testing every row)."""

MOST_CODES = 500_000
"""Distinct texts a column may have before it is taken for text after all, so that memory stays bounded."""


class TooManyCodes(Exception):
    """A column turned out to have more distinct texts than `MOST_CODES`."""

    def __init__(self, column: str) -> None:
        self.column = column
        super().__init__(column)


class Coder:
    """Codes the columns of a stream of batches. `coded`: column → its distinct texts, a text's place being its code."""

    def __init__(self, columns: Sequence[str], batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self._waiting = next(batches, None)
        self._texts: dict[str, pa.Array] = {}
        if self._waiting is not None:
            self._choose(columns, self._waiting)

    @property
    def coded(self) -> dict[str, list[str]]:
        return {column: texts.to_pylist() for column, texts in self._texts.items()}

    def encode(self) -> Iterator[pa.RecordBatch]:
        """The batches, coded columns as int32. TooManyCodes ends it; after `give_up` call it again for the rest."""
        while self._waiting is not None:
            names = self._waiting.schema.names
            coded = [self._encode(name, self._waiting.column(name)) for name in names]
            self._waiting = next(self._batches, None)
            yield pa.record_batch(coded, names=names)

    def give_up(self, column: str) -> list[str]:
        """Leave a column as text from here on; returns the texts it was coded by so far."""
        texts: list[str] = self._texts.pop(column).to_pylist()
        return texts

    def schema(self, columns: Iterable[str]) -> pa.Schema:
        """What `encode` gives for `columns` and `_row`."""
        fields = [(name, pa.int32() if name in self._texts else pa.string()) for name in columns]
        return pa.schema([*fields, ("_row", pa.int64())])

    def _choose(self, columns: Sequence[str], first: pa.RecordBatch) -> None:
        for column in columns:
            values = first.column(column)
            if len(values) and len(values.unique()) <= max(1, MOST_DISTINCT * len(values)):
                self._texts[column] = pa.array([], pa.string())

    def _encode(self, name: str, values: pa.Array) -> pa.Array:
        known = self._texts.get(name)
        if known is None:
            return values
        encoded = values.dictionary_encode()
        new = encoded.dictionary.filter(pc.invert(pc.is_in(encoded.dictionary, value_set=known)))
        if len(known) + len(new) > MOST_CODES:
            raise TooManyCodes(name)
        if len(new):
            known = self._texts[name] = pa.concat_arrays([known, new])
        return pc.index_in(encoded.dictionary, value_set=known).take(encoded.indices)
