"""Hits laid into the city: at which unit, about whom, how delicate. Alerts, counts and tries all take it from here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xiezhi.web.supervision import gateway
from xiezhi.web.supervision.gateway import ExplainedHit, RuleDescription
from xiezhi.web.supervision.policies import Placement, Places, label_of, region_of, subject_key_of
from xiezhi.web.supervision.queries.naming import Names, names_of

MOST_DELICATE = 3
UNIT, SUBJECT = 200, 200


@dataclass(frozen=True)
class Placed:
    """`unit`, `subject` and `counterpart` as they may be shown: a registered name, a text as delivered, else masked."""

    told: ExplainedHit
    place: Placement
    unit: str
    region: str
    line: str
    label: int
    subject: str
    subject_key: str
    counterpart: str
    counterpart_key: str
    parties: tuple[str, ...]
    """Subject, counterpart and everybody else it is about, by the words that recusals name them with."""

    @property
    def cadre_level(self) -> int:
        return self.told.managing_level


def placed(batch: Sequence[ExplainedHit], where: Places) -> Iterator[Placed]:
    """The hits of a batch, each where it lies. The vault and the register are asked once."""
    rules = gateway.rules()
    names = names_of(
        asked
        for told in batch
        for asked in (
            (told.hit.subject_identity, told.hit.subject),
            (told.hit.counterpart_identity, told.hit.counterpart),
            (told.unit_identity, told.hit.unit),
        )
    )
    return (_placed(told, rules.get(told.hit.rule), names, where) for told in batch)


def _placed(told: ExplainedHit, rule: RuleDescription | None, names: Names, where: Places) -> Placed:
    hit = told.hit
    unit, region = names.of(told.unit_identity, hit.unit), region_of(hit.region, hit.unit)
    line = rule.domain if rule else ""
    subject_key = subject_key_of(hit.subject_kind, hit.subject_identity, hit.subject)
    counterpart_key = subject_key_of(hit.counterpart_kind or "", hit.counterpart_identity, hit.counterpart)
    return Placed(
        told=told,
        place=where.of(region=region, names=[unit], line=line),
        unit=unit[:UNIT],
        region=(region or "")[:12],
        line=line,
        # A rule that is no longer among the content says nothing of its data: then the most delicate is assumed.
        label=label_of(rule.classes, rule.identities) if rule else MOST_DELICATE,
        subject=names.of(hit.subject_identity, hit.subject)[:SUBJECT],
        subject_key=subject_key,
        counterpart=names.of(hit.counterpart_identity, hit.counterpart)[:SUBJECT],
        counterpart_key=counterpart_key,
        parties=tuple(sorted({*told.parties, subject_key, counterpart_key} - {""})),
    )
