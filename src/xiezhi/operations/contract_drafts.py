"""Start a contract from a sample of what a department delivers, in any format that can be received."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from xiezhi.contracts.draft import draft_contract
from xiezhi.contracts.guess import Held
from xiezhi.identity.recognition import recognise_identity
from xiezhi.intake.files.delivered import Limits, open_delivered
from xiezhi.intake.refusals import refuse
from xiezhi.kernel.errors import UserError
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content import contracts_in_force

SAMPLE = 1_000
"""Rows from which the kinds of a draft's fields are guessed."""


def draft_contract_from(config: CoreConfig, name: str, department: str, sample: Path) -> Path:
    """Write a draft contract for the first table in `sample` and return its path, in the site's own content if it has one.

    Raises UserError where the name cannot be used or is taken, RefusedDelivery where the sample cannot be read or its
    rows hold objects or lists.
    """
    for word in (name, department):
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,60}", word):
            raise UserError(
                "XZ-CONTRACT-03", f"“{word}”只能用小写字母、数字和下划线", f"{word!r} must be lower-case letters, digits and _"
            )
    catalogue = contracts_in_force(config)
    path = config.content_roots[-1] / "contracts" / department / f"{name}.yaml"
    if name in catalogue.contracts or path.exists():
        raise UserError("XZ-CONTRACT-04", f"契约 {name} 已经存在", f"contract {name} exists already")
    header, rows = _read_sample(sample)
    text = draft_contract(catalogue, name, department, header, rows, _held)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _read_sample(sample: Path) -> tuple[list[str], list[list[str]]]:
    """Header and first rows of the first table. Every column is taken: what receiving would send back, a draft cannot say."""
    with tempfile.TemporaryDirectory(prefix="xiezhi-") as scratch:
        delivered = open_delivered(sample, Limits(), Path(scratch))
        sheet = next(delivered, None)
        if sheet is None:
            raise UserError("XZ-SAMPLE-03", f"{sample} 中没有表", f"there is no table in {sample}")
        sheet.taken = frozenset(range(len(sheet.header)))
        batch = next(sheet.batches(SAMPLE), None)
        if sheet.nested:
            raise refuse("json_nested", sample, member=sheet.member, paths=sheet.nested_told)
        rows = [list(row.values()) for row in batch.drop_columns(["_row"]).to_pylist()] if batch is not None else []
        return sheet.header, rows


def _held(cells: Sequence[str]) -> Held | None:
    """What the identities' own checks say of a column."""
    found = recognise_identity(cells)
    return Held(found.kind, found.sound, found.filled, found.certain) if found else None
