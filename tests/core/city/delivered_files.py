"""Reads a city's files back as a person would: rows counted from 1, cells as text."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

from python_calamine import CalamineWorkbook


def rows_of(path: Path) -> list[list[str]]:
    """Every row of a delivered file, header and titles included; of JSON lines the values of each line."""
    if path.suffix == ".xlsx":
        return _workbook(path)
    text = _text(path)
    if ".jsonl" in path.name:
        return [[str(value) for value in json.loads(line).values()] if line else [] for line in text.splitlines()]
    lines = text.splitlines()
    separator = max(",\t|;", key=max(lines[:5], key=len).count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def header_of(path: Path) -> list[str]:
    """The delivered names of the fields."""
    if ".jsonl" in path.name:
        return list(json.loads(_text(path).splitlines()[0]))
    return next(row for row in rows_of(path) if len([cell for cell in row if cell]) > 2)


def _workbook(path: Path) -> list[list[str]]:
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    rows = sheet.to_python(skip_empty_area=False)
    return [[f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]


def _text(path: Path) -> str:
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            data = archive.read(archive.namelist()[0])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")
