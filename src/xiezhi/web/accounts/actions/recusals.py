"""回避: from the next request on, a person sees nothing of the subjects they must recuse themselves from."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.web.accounts import events
from xiezhi.web.accounts.gateway import subject_of
from xiezhi.web.accounts.models import Recusal, User
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
