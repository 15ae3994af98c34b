"""回避: from the next request on, a person sees nothing of the subjects they must recuse themselves from."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction
from django.shortcuts import get_object_or_404

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts import events
from xiezhi.web.accounts.actions.people import refuse_self
from xiezhi.web.accounts.gateway import subject_of
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.models import Recusal, User
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record

UNFOUND = "unfound"


def declare(*, user: User, citizen_id: str, relation: str, by: Viewer) -> Recusal:
    """Of a person by their citizen id, which is neither kept nor shown.

    Whether the data knows the person is not told: else anybody could ask for anybody by declaring them kin. A person it
    does not know yet stands in the list all the same, without effect.
    """
    return declare_subject(
        user=user, subject_key=subject_of(citizen_id, actor=by.username) or f"{UNFOUND}:{uuid4().hex}", relation=relation, by=by
    )


@transaction.atomic
def declare_subject(*, user: User, subject_key: str, relation: str, by: Viewer) -> Recusal:
    """Of a subject whose key is known already."""
    recusal, _new = Recusal.objects.get_or_create(
        user=user,
        subject_key=subject_key,
        defaults={"relation": relation, "declared_at": clock.now(), "declared_by": by.username},
    )
    record(events.RECUSAL_DECLARED, by=by, on=user, relation=relation)
    return recusal


@transaction.atomic
def ask_lift(*, recusal_id: int, by: Viewer, why: str) -> Recusal:
    """One's own: it was a mistake, or the relation has ended. Nothing changes until the security administrator agrees.

    Raises Http404 for another's, UserError where it was asked already.
    """
    recusal = get_object_or_404(Recusal.objects.select_for_update(of=("self",)), pk=recusal_id, user_id=by.person_id)
    if recusal.lift_asked_at is not None:
        raise _refused(
            "RECUSAL-LIFT-WAITING",
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


def _refused(code: str, zh: str, en: str, todo_zh: str, todo_en: str) -> UserError:
    return UserError(code, zh=zh, en=en, todo_zh=todo_zh, todo_en=todo_en)
