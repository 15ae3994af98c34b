"""What the answers of the machine interface look like. The OpenAPI document is made from these."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field


class Said(Schema):
    """A text in both languages."""

    zh: str
    en: str


class Hint(Schema):
    detail: str
    todo: str


class ProblemOut(Schema):
    """RFC 9457. `zh` and `en`: what happened, and what to do about it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    zh: Hint
    en: Hint


class FieldOut(Schema):
    name: str
    title: Said
    kind: str
    required: bool
    identity: str | None = None
    classification: str


class DatasetOut(Schema):
    name: str
    version: str
    status: str
    title: Said
    department: str
    cadence: str
    grace_days: int
    load_mode: str
    format: str
    purpose: Said


class DatasetDetail(DatasetOut):
    fields: list[FieldOut]


class DatasetPage(Schema):
    items: list[DatasetOut]


class DeliveryOut(Schema):
    """`delivered` = `accepted` + `repaired` + `set_aside`; `duplicate` rows are among those held."""

    number: int
    file: str
    member: str
    sheet: str
    dataset: str
    department: str
    unit: str
    received_at: datetime
    sha256: str
    size: int
    fate: str
    delivered: int
    accepted: int
    repaired: int
    set_aside: int
    duplicate: int
    period_from: date | None
    period_to: date | None


class DeliveryPage(Schema):
    """`next`: the cursor of the following page, null on the last."""

    items: list[DeliveryOut]
    next: str | None


class CountOut(Schema):
    """How many rows were set aside or repaired, for what, in which column."""

    outcome: str
    column: str | None
    word: str
    said: Said
    rows: int


class ReceiptOut(Schema):
    delivery: DeliveryOut
    refused: bool
    same_as: int | None
    missing: list[str]
    reasons: list[CountOut]


class JobOut(Schema):
    """`share` in percent; null while nobody can say. `failure` is empty unless it failed."""

    id: UUID
    kind: str
    title: str
    state: str
    share: int | None
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    failure: Said | None
    deliveries: list[int] = Field(default_factory=list)


class RuleOut(Schema):
    code: str
    version: int
    title: Said
    line: str
    level: str


class RulePage(Schema):
    items: list[RuleOut]


class AlertOut(Schema):
    """`amount` in fen; null where the rule states none. `subject_masked`: never the subject itself.

    `gone`: why the hit is no longer there, where `hit_state` is gone; else null. `seal`: of the newest run that found it.
    """

    number: str
    rule: str
    version: int
    variant: str
    title: Said
    sentence: Said
    line: str
    level: str
    state: str
    hit_state: str
    unit: str
    unit_label: str
    subject_kind: str
    subject_masked: str
    period_from: date | None
    period_to: date | None
    amount: int | None
    gone: Said | None
    seal: str
    raised_at: datetime
    moved_at: datetime


class AlertPage(Schema):
    """`next`: from where to go on, now or tomorrow; "" where there is nothing yet. `more`: whether there may be more already."""

    items: list[AlertOut]
    next: str
    more: bool
