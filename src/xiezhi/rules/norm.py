"""Norm: an article of law or policy, as it stood from one day to another, and the numbers it states."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from xiezhi.kernel.hashing import digest
from xiezhi.kernel.words import Words
from xiezhi.rules.model import ContentModel

OPEN_END = date.max


class NormVersion(ContentModel):
    """The text in force on [from, to); without `to` still in force. `values`: numbers by name (money in fen)."""

    from_: date = Field(alias="from")
    to: date | None = None
    text: Words
    values: dict[str, int | Decimal] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> NormVersion:
        if self.to is not None and self.from_ >= self.to:
            raise ValueError("a version must begin before it ends")
        return self


class Norm(ContentModel):
    """`place`: a region code, or national. `tag`: where the text comes from (L.., P.., S.., REC recalled, INF inferred).

    `in_place_of`: the norm whose numbers this one states for its own place.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    replaces: str | None = None
    title: Words
    article: str
    authority: Words
    place: Annotated[int, Field(ge=11, lt=10**12)] | Literal["national"] = "national"
    in_place_of: str | None = None
    tag: Annotated[str, Field(pattern=r"^(L|P|S)\d*$|^REC$|^INF$")]
    versions: Annotated[list[NormVersion], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Norm:
        for earlier, later in zip(self.versions, self.versions[1:], strict=False):
            if earlier.to is None or earlier.to > later.from_:
                raise ValueError("versions must follow each other: the earlier one ends before the later one begins")
        return self

    def on(self, day: date) -> NormVersion | None:
        """The version in force on `day`, or None."""
        return next((version for version in self.versions if version.from_ <= day < (version.to or OPEN_END)), None)

    @property
    def digest(self) -> str:
        return digest(self.model_dump(mode="json", by_alias=True, exclude_defaults=True))


class Exclusion(ContentModel):
    """A known cause of false positives and how rules keep it out, by X-code."""

    cause: Words
    handling: Words
    basis: str
