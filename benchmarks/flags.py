"""The eleven OCDS flags on published data, against a plain Python reading of the same definitions.

    python -m benchmarks.flags tenders.jsonl.gz [more files of one publisher]

The files are received and run as any delivery. Then each flag is computed once more, from the lake's tables, by the judge that
the tests hold the SQL against (`tests/content/ocds_oracle.py`). One line a flag; the exit code is 1 where the two differ.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.content.ocds_oracle import FLAGS, Keys
from tests.content.ocds_processes import Lake as Tables
from tests.content.ocds_world import TABLES

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import content_in_force
from xiezhi.operations.deliveries import receive_delivery
from xiezhi.operations.runs import run_rules
from xiezhi.rules.parameters import parameter_values
from xiezhi.runs.changes import hit_rows
from xiezhi.runs.record import RunFolders


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xz-flags-") as folder:
        alike = {_told(code, said, judged) for code, said, judged in compare(asked.files, Path(folder) / "lake")}
    sys.exit(0 if alike == {True} else 1)


def compare(files: Sequence[Path], root: Path) -> list[tuple[str, Keys, Keys]]:
    """(flag, keys of its hits, keys that the judge finds) for each flag, at its default values."""
    config = CoreConfig()
    for receipt in receive_delivery(config, files, root):
        print(json.dumps({"file": receipt.file, "delivered": receipt.delivered, "refused": receipt.refused}, ensure_ascii=False))
    run = run_rules(config, root, codes=list(FLAGS)).run
    content = content_in_force(config)
    with Lake.open(root) as opened:
        folders, tables = RunFolders(opened.paths.runs), _tables(opened)
    found = []
    for code, judge in FLAGS.items():
        rule = content.rules[code]
        candidates = [json.loads(str(row["candidate"])) for row in hit_rows(folders, run, code)]
        said = {tuple(candidate[name] for name in rule.hit.key) for candidate in candidates}
        found.append((code, said, judge(tables, dict(parameter_values(rule, {}, content.norms)))))
    return found


def _tables(lake: Lake) -> Tables:
    """The lake's tables of releases, as the judge reads them."""
    with DuckDB() as engine:
        held = {table.name: table for table in lake.snapshot().tables.values() if table.name in TABLES}
        engine.open_tables(held.values())
        return {
            name: [_row(row, TABLES[name]) for row in engine.rows(f"SELECT * FROM {name}")] if name in held else []
            for name in TABLES
        }


def _row(row: dict[str, Any], columns: dict[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in columns}


def _told(code: str, said: Keys, judged: Keys) -> bool:
    print(
        json.dumps(
            {
                "flag": code,
                "hits": len(said),
                "judge": len(judged),
                "only_hits": len(said - judged),
                "only_judge": len(judged - said),
            }
        )
    )
    return said == judged


if __name__ == "__main__":
    main()
