"""回避: from the next request on, a person sees nothing of the subjects they must recuse themselves from."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction
from django.shortcuts import get_object_or_404

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts import events
from xiezhi.web.accounts.actions.people import refuse_self
from xiezhi.web.accounts.gateway import CITIZEN, COMPANY, CREDIT_CODE_SCHEME, PARTY, subject_of, ties_of
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.models import Recusal, RecusalTie, User
from xiezhi.web.accounts.models.recusal import UNFOUND
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer, system_scope
from xiezhi.web.audit.record import record

KIN_OF = "self"
"""The relation of a declaration that reaches one's kin as well, as far as the data tells of them."""


def declare(*, user: User, citizen_ids: Sequence[str], credit_codes: Sequence[str], relation: str, by: Viewer) -> list[Recusal]:
    """Of people and companies by their numbers, which are neither kept here nor shown.

    Whether the data knows them is not told: else anybody could ask for anybody by declaring them kin. Each has a number of the
    vault from now on, so that whatever is delivered of them later is hidden too. Where the site has no data at all there is no
    vault: then the declaration stands in the list as one to be repeated.
    """
    asked = [(CITIZEN, value) for value in citizen_ids] + [(COMPANY, value) for value in credit_codes]
    made = []
    for kind, value in asked:
        key = subject_of(kind, value, actor=by.username)
        also = subject_of(PARTY, CREDIT_CODE_SCHEME + value, actor=by.username) if kind == COMPANY else None
        recusal = declare_subject(user=user, subject_key=key or f"{UNFOUND}:{uuid4().hex}", relation=relation, by=by)
        if also is not None:
            _tie(recusal, {also})
        made.append(recusal)
    renew_ties(made)
    return made


@transaction.atomic
def declare_subject(*, user: User, subject_key: str, relation: str, by: Viewer) -> Recusal:
    """Of a subject whose key is known already."""
    recusal, new = Recusal.objects.get_or_create(
        user=user,
        subject_key=subject_key,
        defaults={"relation": relation, "declared_at": clock.now(), "declared_by": by.username},
    )
    if new and not recusal.is_unfound:
        # This one repeats a declaration that was without effect.
        waiting = Recusal.objects.filter(user=user, relation=relation, subject_key__startswith=f"{UNFOUND}:", lift_asked_at=None)
        Recusal.objects.filter(pk__in=waiting.order_by("declared_at", "pk").values("pk")[:1]).delete()
    record(events.RECUSAL_DECLARED, by=by, on=user, relation=relation)
    return recusal


def renew_all_ties() -> int:
    """After every delivery: whom the data now ties to those that somebody is recused from. How many keys are new."""
    with system_scope("recusals") as by:
        added = renew_ties(list(Recusal.objects.filter(subject_key__startswith=f"{CITIZEN}:")))
        if added:
            record(events.RECUSAL_WIDENED, by=by, on="accounts.recusal", added=added)
    return added


@transaction.atomic
def renew_ties(recusals: Sequence[Recusal]) -> int:
    """Ties are only added: a tie that is no longer delivered was one when the alerts were raised that stand."""
    added = 0
    for kin in (True, False):
        asked = [one for one in recusals if (one.relation == KIN_OF) == kin]
        tied = ties_of({one.subject_key for one in asked}, kin=kin)
        added += sum(_tie(one, tied.get(one.subject_key, set())) for one in asked)
    return added


def _tie(recusal: Recusal, keys: set[str]) -> int:
    known = set(recusal.ties.values_list("subject_key", flat=True))
    new = sorted(keys - known - {recusal.subject_key})
    RecusalTie.objects.bulk_create(
        [RecusalTie(recusal=recusal, subject_key=key, found_at=clock.now()) for key in new], ignore_conflicts=True
    )
    return len(new)


@transaction.atomic
def ask_lift(*, recusal_id: int, by: Viewer, why: str) -> Recusal:
    """One's own: it was a mistake, or the relation has ended. Nothing changes until the security administrator agrees.

    Raises Http404 for another's, UserError where it was asked already.
    """
    recusal = get_object_or_404(Recusal.objects.select_for_update(of=("self",)), pk=recusal_id, user_id=by.person_id)
    if recusal.lift_asked_at is not None:
        raise UserError(
            "XZ-ACC-11",
            "已经申请过，正等待安全保密管理员核实",
            "it was asked for already and waits for the security administrator",
            "请联系安全保密管理员",
            "ask the security administrator",
        )
    recusal.lift_asked_at, recusal.lift_why = clock.now(), why
    recusal.save(update_fields=["lift_asked_at", "lift_why"])
    record(events.RECUSAL_LIFT_ASKED, by=by, on=recusal.user, why=why, relation=recusal.relation)
    return recusal


@transaction.atomic
def settle_lift(*, recusal_id: int, granted: bool, by: Viewer, why: str) -> None:
    """Granted: from the next request on the person sees the subject as before. Refused: it stands, and can be asked again.

    Raises Http404 where nobody has asked: an administrator lifts nothing unasked.
    """
    require(by, Permission.POST_GRANT)
    waiting = Recusal.objects.select_for_update(of=("self",)).select_related("user").filter(lift_asked_at__isnull=False)
    recusal = get_object_or_404(waiting, pk=recusal_id)
    refuse_self(by, recusal.user_id)
    kind = events.RECUSAL_LIFTED if granted else events.RECUSAL_LIFT_REFUSED
    record(kind, by=by, on=recusal.user, why=why, relation=recusal.relation)
    if granted:
        recusal.delete()
        return
    recusal.lift_asked_at, recusal.lift_why = None, ""
    recusal.save(update_fields=["lift_asked_at", "lift_why"])
