"""The base of everything that is written in a content file."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""A name that is also a SQL identifier: facts, columns, parameters, conditions."""


class ContentModel(BaseModel):
    """Fixed once read, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
