"""A column that holds JSON as the very text that the chain's digests cover."""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from xiezhi.kernel.hashing import canonical


class CanonicalJSON(models.TextField):  # type: ignore[type-arg]
    """JSON stored as its canonical text. Not jsonb: PostgreSQL would spell it anew, and a digest covers a spelling."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else json.loads(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else canonical(value).decode()

    def to_python(self, value: Any) -> Any:
        return value
