"""Trying other parameters of a model: who would enter and who would leave, before anybody proposes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record
from xiezhi.web.jobs.actions.starting import start
from xiezhi.web.jobs.models import Job
from xiezhi.web.language import localise
from xiezhi.web.supervision import events, gateway, queries
from xiezhi.web.supervision.actions.rules import rule_of
from xiezhi.web.supervision.models import TriedHit, WhatIf
from xiezhi.web.supervision.policies import Places, with_places
from xiezhi.web.supervision.queries.naming import region_names
from xiezhi.web.supervision.queries.placing import Placed, placed
from xiezhi.web.supervision.states import Fate

TRY = "rules.try"
KEPT = timedelta(days=30)
"""A try that no change rests on."""


def start_try(*, by: Viewer, code: str, values: Mapping[str, Any]) -> Job:
    """Have the model evaluated as it is in force and with `values` over that.

    Raises UserError for a value out of bounds or unknown, and where nothing would differ.
    """
    require(by, Permission.RULE_PROPOSE)
    rule, site = rule_of(code), queries.site()
    settled = gateway.settled(code, {**site.overrides(code), **values})
    in_force = site.values(rule)
    differing = {name: settled[name] for name in values if settled[name] != in_force[name]}
    if not differing:
        raise UserError(
            "XZ-SUP-03",
            zh="参数与现行值相同，没有可比较的差别",
            en="the parameters are those in force: there is no difference to try",
            todo_zh="至少修改一个参数",
            todo_en="change at least one of them",
        )
    title = _("试算：%(rule)s") % {"rule": localise(rule.title)}
    return start(TRY, by=by, title=title, key=f"{TRY}:{code}:{by.user_id}", arguments={"code": code, "values": differing})


def keep(tried: gateway.WhatIf, *, job_id: UUID, where: Places, by: Viewer) -> UUID:
    """Write a try down, its hits where they lie. Once for each job: done again, it finds what it wrote before."""
    known = WhatIf.objects.filter(job_id=job_id).first()
    if known is not None:
        return known.pk
    head = WhatIf.objects.create(
        rule=tried.code,
        version=tried.version,
        before=tried.before,
        after=tried.after,
        state=tried.state,
        ending=tried.ending,
        problem=tried.problem,
        missing=gateway.missing_facts(tried.problem),
        seconds=tried.seconds,
        made_at=clock.now(),
        made_by_id=by.person_id,
        made_by_name=by.display_name,
        job_id=job_id,
    )
    ones = [pair.one for pair in tried.tried]
    called = region_names()
    rows = [_row(head, pair, at, called) for pair, at in zip(tried.tried, placed(ones, where), strict=True)]
    TriedHit.objects.bulk_create(rows, batch_size=1000)
    fates = [row.fate for row in rows]
    record(
        events.TRIED,
        by=by,
        on=head,
        before=tried.before,
        after=head.changed,
        enters=fates.count(Fate.ENTERS),
        leaves=fates.count(Fate.LEAVES),
        stays=fates.count(Fate.STAYS),
    )
    return head.pk


def expire(by: Viewer) -> int:
    """Remove old tries that no change rests on. How many."""
    old = WhatIf.objects.filter(made_at__lt=clock.now() - KEPT, changes=None)
    keys: Iterable[UUID] = list(old.values_list("pk", flat=True))
    TriedHit.objects.filter(what_if__in=keys).delete()
    number, _deleted = WhatIf.objects.filter(pk__in=keys).delete()
    if number:
        record(events.EXPIRED, by=by, on="supervision.whatif", number=number)
    return number


def _row(head: WhatIf, pair: gateway.Tried, at: Placed, called: Mapping[str, Words]) -> TriedHit:
    sentence = with_places(at.told.sentence, called)
    before, after = (side.hit if side else None for side in (pair.before, pair.after))
    return TriedHit(
        what_if=head,
        fate=Fate.ENTERS if before is None else Fate.LEAVES if after is None else Fate.STAYS,
        unit_path=at.place.path,
        unit_label=at.unit,
        line=at.line,
        cadre_level=at.cadre_level,
        label=at.label,
        subject_key=at.subject_key,
        parties=list(at.parties),
        subject_kind=at.told.hit.subject_kind,
        subject_masked=at.subject,
        level_before=str(before.level) if before else "",
        level_after=str(after.level) if after else "",
        amount_before=before.amount if before else None,
        amount_after=after.amount if after else None,
        sentence_zh=sentence.zh,
        sentence_en=sentence.en,
    )
