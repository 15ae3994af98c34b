"""Canonical bytes and SHA-256 of values and files. One spelling, so that two machines agree bit for bit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8; dates in ISO 8601, decimals as text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=plain).encode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest(value: Any) -> str:
    """SHA-256 (hex) of a value's canonical bytes."""
    return sha256(canonical(value))


def file_digest(path: Path) -> str:
    """SHA-256 (hex) of a file, read in blocks."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def folder_digest(paths: Iterable[Path], root: Path) -> str:
    """SHA-256 over the sorted (relative name, content) pairs of `paths`."""
    return digest(sorted((str(path.relative_to(root)), file_digest(path)) for path in paths))


def plain(value: Any) -> str:
    """A date or decimal as JSON text; the `default` of every JSON this project writes."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"no canonical form for {type(value).__name__}")
