"""The Iceberg side of the lake: the tables as any other engine may open them. The only file that imports pyiceberg.

Files are written elsewhere and registered here without a copy. The ledger, not the catalogue, decides what is
visible; the catalogue is brought to the same contents before the ledger commits, and back to it after a crash.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import NamespaceAlreadyExistsError, NoSuchTableError
from pyiceberg.io.pyarrow import parquet_file_to_data_file
from pyiceberg.manifest import DataFile, DataFileContent
from pyiceberg.schema import Schema
from pyiceberg.table import Table, Transaction
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.types import (
    BooleanType,
    DateType,
    DoubleType,
    IntegerType,
    LongType,
    NestedField,
    PrimitiveType,
    StringType,
    TimestampType,
)
from sqlalchemy import text

from xiezhi.kernel.errors import IntegrityError
from xiezhi.lake.layout import LakeLayout

NAMESPACE = "lake"

TYPES: dict[str, PrimitiveType] = {
    "INTEGER": IntegerType(),
    "BIGINT": LongType(),
    "DOUBLE": DoubleType(),
    "VARCHAR": StringType(),
    "DATE": DateType(),
    "TIMESTAMP": TimestampType(),
    "BOOLEAN": BooleanType(),
}
"""The lake's types (DuckDB's names) and Iceberg's."""

PROPERTIES = {
    "write.metadata.metrics.default": "none",  # minima and maxima would spell values outside the files that erasure rewrites
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "5",
    "commit.manifest-merge.enabled": "true",
    "commit.manifest.min-count-to-merge": "20",
}


MOST_SNAPSHOTS, FEWEST_SNAPSHOTS = 30, 10
"""When the catalogue grows beyond the first number of snapshots of a table, it keeps the second."""


class Catalogue:
    """The Iceberg tables of one lake."""

    def __init__(self, layout: LakeLayout) -> None:
        self._layout = layout
        self._catalog = SqlCatalog("xiezhi", uri=f"sqlite:///{layout.catalogue}", warehouse=_uri(layout.tables))
        try:
            self._catalog.create_namespace(NAMESPACE)
        except NamespaceAlreadyExistsError:
            return

    def close(self) -> None:
        self._catalog.engine.dispose()

    def tables(self) -> list[str]:
        return sorted(name[-1] for name in self._catalog.list_tables(NAMESPACE))

    def is_elsewhere(self) -> bool:
        """Whether the tables' metadata lies outside this lake: it was moved or copied."""
        with self._catalog.engine.connect() as connection:
            found = connection.execute(text("SELECT metadata_location FROM iceberg_tables")).scalars().all()
        return any(not _path(location).is_relative_to(self._layout.root) for location in found)

    def current(self, table: str) -> int | None:
        """The Iceberg snapshot a table stands at; None if it has none or does not exist."""
        found = self._load(table)
        snapshot = found.current_snapshot() if found else None
        return snapshot.snapshot_id if snapshot else None

    def knows(self, table: str, snapshot: int | None) -> bool:
        """Whether a table has this snapshot among those that it can be brought back to; None: whether it is there at all."""
        found = self._load(table)
        return found is not None and (snapshot is None or any(one.snapshot_id == snapshot for one in found.snapshots()))

    def snapshots(self, table: str) -> int:
        """How many snapshots of a table Iceberg remembers."""
        found = self._load(table)
        return len(found.snapshots()) if found else 0

    def files(self, table: str, snapshot: int | None = None) -> list[Path]:
        """What Iceberg itself plans to read. Raises IntegrityError if delete files are in the way."""
        found = self._load(table)
        if found is None:
            return []
        tasks = list(found.scan(snapshot_id=snapshot).plan_files())
        if any(task.delete_files for task in tasks):
            raise IntegrityError(
                "XZ-LAKE-09",
                zh=f"表 {table} 含有删除文件,不是本平台写入的。",
                en=f"Table {table} carries delete files, which this platform never writes.",
            )
        return sorted(_path(task.file.file_path) for task in tasks)

    def change(self, table: str, columns: dict[str, str], added: Iterable[Path], removed: Iterable[Path]) -> int | None:
        """Add and remove whole files in one Iceberg commit; make the table and its new columns first. Returns the snapshot."""
        found = self._shortened(self._ensure(table, columns))
        gone = {str(path) for path in removed}
        with _Transaction(found) as transaction:
            update = transaction.update_snapshot()
            with update.overwrite() if gone else update.fast_append() as producer:
                for data_file in _planned(found) if gone else ():
                    if str(_path(data_file.file_path)) in gone:
                        producer.delete_data_file(data_file)
                for path in added:
                    producer.append_data_file(parquet_file_to_data_file(found.io, transaction.table_metadata, _uri(path)))
        return self.current(table)

    def _shortened(self, table: Table) -> Table:
        """The table, its oldest snapshots dropped where there are too many.

        Each commit copies and writes them all, and the past is read through the ledger, which keeps it.
        """
        snapshots = table.snapshots()
        if len(snapshots) <= MOST_SNAPSHOTS:
            return table
        oldest = sorted(snapshots, key=lambda snapshot: snapshot.sequence_number or 0)[:-FEWEST_SNAPSHOTS]
        table.maintenance.expire_snapshots().by_ids([snapshot.snapshot_id for snapshot in oldest]).commit()
        return table.refresh()

    def restore(self, table: str, snapshot: int | None) -> None:
        """Bring a table back to a recorded snapshot, or drop it where none was recorded."""
        found = self._load(table)
        if found is None:
            return
        if snapshot is None:
            self._catalog.drop_table((NAMESPACE, table))
            return
        found.manage_snapshots().set_current_snapshot(snapshot_id=snapshot).commit()

    def forget_past(self, table: str) -> None:
        """Drop every snapshot but the current one, and the manifests that only they used."""
        found = self._load(table)
        if found is None:
            return
        current = self.current(table)
        past = [snapshot.snapshot_id for snapshot in found.snapshots() if snapshot.snapshot_id != current]
        if past:
            found.maintenance.expire_snapshots().by_ids(past).commit()
        found = self._catalog.load_table((NAMESPACE, table))
        needed = {_path(found.metadata_location)}
        for snapshot in found.snapshots():
            needed.add(_path(snapshot.manifest_list))
            needed.update(_path(manifest.manifest_path) for manifest in snapshot.manifests(found.io))
        for path in self._layout.metadata(table).iterdir():
            if path not in needed:
                path.unlink()

    def _load(self, table: str) -> Table | None:
        try:
            return self._catalog.load_table((NAMESPACE, table))
        except NoSuchTableError:
            return None

    def _ensure(self, table: str, columns: dict[str, str]) -> Table:
        found = self._load(table)
        if found is None:
            return self._create(table, columns)
        missing = [name for name in columns if name not in found.schema().column_names]
        if missing:
            with found.update_schema() as update:
                for name in missing:
                    update.add_column(name, TYPES[columns[name]])
        return found

    def _create(self, table: str, columns: dict[str, str]) -> Table:
        fields = [
            NestedField(field_id=number, name=name, field_type=TYPES[kind], required=False)
            for number, (name, kind) in enumerate(columns.items(), start=1)
        ]
        location = _uri(self._layout.tables / table)
        schema = Schema(*fields)
        mapping = {"schema.name-mapping.default": schema.name_mapping.model_dump_json()}
        return self._catalog.create_table((NAMESPACE, table), schema, location=location, properties=PROPERTIES | mapping)


class _Transaction(Transaction):
    """One that makes its metadata once for each set of updates.

    pyiceberg's applies them anew, to a deep copy, whenever it is asked, and asks a dozen times a commit: a tenth of the time
    that a small city takes to receive.
    """

    _made: tuple[tuple[object, ...], TableMetadata, TableMetadata] | None = None

    @property
    def table_metadata(self) -> TableMetadata:
        if self._made is None or self._made[0] is not self._updates or self._made[1] is not self._table.metadata:
            self._made = self._updates, self._table.metadata, super().table_metadata
        return self._made[2]


def _planned(table: Table) -> list[DataFile]:
    return [task.file for task in table.scan().plan_files() if task.file.content == DataFileContent.DATA]


def _uri(path: Path) -> str:
    """Not `as_uri`: pyiceberg does not decode percent signs, so a folder with blanks or Chinese characters would be missed."""
    return f"file://{path}"


def _path(uri: str) -> Path:
    return Path(uri.removeprefix("file://"))
