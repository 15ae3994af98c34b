"""What a replay of every hit found to differ: written down, told to the auditor and the rule's owner, open until handled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse

from xiezhi.kernel import clock
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.queries import holders
from xiezhi.web.accounts.roles import Duty
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts import events
from xiezhi.web.alerts.gateway import Difference, ReplayReport
from xiezhi.web.alerts.models import Mismatch
from xiezhi.web.audit.record import record
from xiezhi.web.kit.cards import Urgency
from xiezhi.web.notices.actions.telling import tell
from xiezhi.web.supervision import gateway as supervision

MOST_OF_A_RULE = 50
"""Hits of one rule that are told one by one; of more their number."""
FIELDS = {
    "seal": Words(zh="封印", en="seal"),
    "level": Words(zh="级别", en="level"),
    "subject": Words(zh="主体", en="subject"),
    "counterpart": Words(zh="相对方", en="counterpart"),
    "unit": Words(zh="单位", en="unit"),
    "region": Words(zh="地区", en="region"),
    "period_from": Words(zh="所属期起", en="period from"),
    "period_to": Words(zh="所属期止", en="period to"),
    "amount": Words(zh="金额", en="amount"),
    "shown": Words(zh="数值", en="figures"),
    "candidate": Words(zh="判断所用的值", en="values judged"),
}


@dataclass(frozen=True)
class ReplayDifference:
    """A difference as it is kept: without any value of a hit, which an auditor may not see."""

    kind: str
    about: str
    rule: str
    words: Words


@transaction.atomic
def note(report: ReplayReport, *, by: Viewer) -> int:
    """Keep every difference of a replay of all hits, and tell those concerned of the new ones. How many are new.

    One that is open already is dated again and told to nobody a second time; one that was handled and is there again is new.
    """
    now, new = clock.now(), []
    for one in _found(report.differences):
        open_one = Mismatch.objects.select_for_update().filter(kind=one.kind, about=one.about, handled_at=None).first()
        if open_one is None:
            new.append(
                Mismatch.objects.create(
                    kind=one.kind, about=one.about, rule=one.rule, zh=one.words.zh, en=one.words.en, found_at=now, seen_at=now
                )
            )
            continue
        open_one.zh, open_one.en, open_one.seen_at = one.words.zh, one.words.en, now
        open_one.times += 1
        open_one.save(update_fields=["zh", "en", "seen_at", "times"])
    record(
        events.REPLAYED_ALL,
        by=by,
        on="replay",
        proved=len(report.proved),
        differences=len(report.differences),
        new=len(new),
    )
    _tell(new, by)
    return len(new)


@transaction.atomic
def handle(mismatch_id: UUID, *, why: str, by: Viewer) -> Mismatch:
    """Say what became of it. A second time changes nothing. Raises Http404 for one that is not there."""
    require(by, Permission.REPLAY_CHECK)
    one = get_object_or_404(Mismatch.objects.select_for_update(), pk=mismatch_id)
    if one.handled_at is None:
        one.handled_at, one.handled_by, one.handled_by_name, one.why = clock.now(), by.user_id, by.display_name, why
        one.save(update_fields=["handled_at", "handled_by", "handled_by_name", "why"])
        record(events.MISMATCH_HANDLED, by=by, on=one, why=why)
    return one


def _found(differences: Sequence[Difference]) -> Iterable[ReplayDifference]:
    hits: defaultdict[str, list[Difference]] = defaultdict(list)
    for one in differences:
        if one.kind == "hit":
            hits[one.rule].append(one)
        else:
            yield ReplayDifference(one.kind, one.about[-300:], one.rule, _said(one))
    for rule, listed in hits.items():
        for one in listed[:MOST_OF_A_RULE]:
            yield ReplayDifference("hit", one.about, rule, _said(one))
        if (more := len(listed) - MOST_OF_A_RULE) > 0:
            words = Words(zh=f"{rule} 另有 {more} 条命中重算不一致", en=f"{more} more hits of {rule} differ")
            yield ReplayDifference("hits", rule, rule, words)


def _said(one: Difference) -> Words:
    """In words that hold no value: what the core says of a hit or an error may hold days of birth and numbers."""
    if one.kind == "hit" and one.fields:
        named = [FIELDS.get(name, Words(zh=name, en=name)) for name in one.fields]
        zh, en = "、".join(name.zh for name in named), ", ".join(name.en for name in named)
        return Words(
            zh=f"{one.rule} 的命中 {one.about[:8]} 重算结果不同：{zh}", en=f"hit {one.about[:8]} of {one.rule} differs in: {en}"
        )
    if one.kind == "run":
        return Words(zh=f"第 {one.about} 次运行无法重算", en=f"run {one.about} cannot be recomputed")
    return one.words


def _tell(new: Sequence[Mismatch], by: Viewer) -> None:
    """Auditors of all that is new, each rule's owner of what lies in it; what lies in no rule concerns every owner."""
    if not new:
        return
    wanted: defaultdict[int, list[Mismatch]] = defaultdict(list)
    for user in holders(Permission.REPLAY_CHECK, duty=Duty.AUDIT):
        wanted[user] += new
    owners = {rule: _owners(rule) for rule in {one.rule for one in new}}
    for one in new:
        for user in owners[one.rule]:
            wanted[user].append(one)
    for user, concerned in wanted.items():
        number, first = len(concerned), concerned[0]
        tell(
            to=[user],
            title_zh=f"重放命中有 {number} 处不一致：{first.zh}"[:200],
            title_en=f"replaying the hits found {number} difference(s): {first.en}"[:300],
            url=reverse("alerts:mismatches"),
            by=by,
            urgency=Urgency.OVERDUE,
            key=f"mismatch:{first.pk}",
        )


def _owners(rule: str) -> list[int]:
    """Who answers for a rule: those of its owning office; where nobody there holds the power, all who keep the rules."""
    described = supervision.rules().get(rule)
    owning = holders(Permission.REPLAY_CHECK, unit=described.owner.zh, duty=Duty.BUSINESS) if described else []
    return owning or holders(Permission.REPLAY_CHECK, duty=Duty.BUSINESS)
