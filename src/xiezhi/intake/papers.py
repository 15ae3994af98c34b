"""What a delivery leaves beside its rows: the receipt in two forms, the account row by row, the rows that go back."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath

from xiezhi.intake.prepared import Origin, Prepared
from xiezhi.intake.receipts.account import write_rows
from xiezhi.intake.receipts.page import receipt_page
from xiezhi.intake.receipts.receipt import Receipt
from xiezhi.intake.receipts.returned import Shape, write_returned
from xiezhi.kernel.durable import sync, write_durably
from xiezhi.kernel.faultpoints import declare, reach
from xiezhi.kernel.words import Words
from xiezhi.lake.layout import LakeLayout

RETURNING = declare("intake.before_returned", "the rows that go back are not written yet")
RETURNED = declare("intake.after_returned", "the rows that go back are written, nothing names them")
RECEIPT_NEXT = declare("intake.before_receipt", "data is written, its receipt is not")
RECEIPT_DONE = declare("intake.after_receipt", "the receipt is written, the delivery is not recorded")

SUFFIXES = {"csv": ".csv", "xlsx": ".xlsx", "jsonl": ".jsonl", "ocds": ".jsonl"}

LONGEST = 160
"""Bytes of the delivered name that a paper's name carries; file systems hold 255."""

_ODD = re.compile(r'[\x00-\x1f/\\:*?"<>|]+')


def write_back(prepared: Prepared, layout: LakeLayout, delivery: int) -> str:
    """Write the rows that go back and the account row by row; returns the former's path in the lake."""
    reach(RETURNING)
    shape = prepared.shape()
    path = layout.returned(delivery, _name(prepared.origin) + _suffix(shape))
    write_returned(path, shape, delivery, prepared.set_aside())
    sync(path)
    reach(RETURNED)
    return layout.relative(path)


def write_account(prepared: Prepared, layout: LakeLayout, delivery: int) -> None:
    """Every repaired and every set-aside row, with its words."""
    path = layout.receipt(delivery, "rows.parquet")
    write_rows(prepared.engine, prepared.judgements, path)
    sync(path)


def write_receipt(receipt: Receipt, layout: LakeLayout, title: Words | None) -> None:
    """The receipt for programs and for people."""
    reach(RECEIPT_NEXT)
    content = json.dumps(receipt.as_json(), ensure_ascii=False, indent=2)
    write_durably(layout.receipt(receipt.delivery, "json"), content.encode())
    write_durably(layout.receipt(receipt.delivery, "html"), receipt_page(receipt, title).encode())
    reach(RECEIPT_DONE)


def _suffix(shape: Shape) -> str:
    """Of the sender's own format: what was parted by tabs opens in columns under the name it came with only."""
    return ".tsv" if (shape.kind, shape.delimiter) == ("csv", "\t") else SUFFIXES[shape.kind]


def _name(origin: Origin) -> str:
    """The delivered name without its endings, and the sheet's, fit for a file system."""
    inner = PurePosixPath(origin.member or origin.file).name
    parts = [Path(inner.removesuffix(".gz")).stem, origin.sheet or ""]
    return _ODD.sub("_", "-".join(part for part in parts if part)).encode()[:LONGEST].decode(errors="ignore")
