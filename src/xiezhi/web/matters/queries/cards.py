"""What the workbench shows of matters: the signatures that wait for a person."""

from __future__ import annotations

from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.kit.cards import ToDo, Urgency
from xiezhi.web.language import localise
from xiezhi.web.matters import gateway
from xiezhi.web.matters.models import Task
from xiezhi.web.matters.models.task import TaskKind
from xiezhi.web.matters.policies.registry import subject_of
from xiezhi.web.matters.queries.matters import waiting_proposal
from xiezhi.web.matters.queries.tasks import tasks

SHOWN = 50


def to_do(viewer: Viewer) -> list[ToDo]:
    """Each signature that this person may give, the nearest end first."""
    if viewer.user_id is None:
        return []
    waiting = tasks(viewer).filter(kind=TaskKind.SIGN).select_related("matter").order_by("due_at", "since", "id")
    shown = [_signature(task) for task in waiting[:SHOWN]]
    more = waiting.count() - SHOWN if len(shown) == SHOWN else 0
    left = ToDo(_("另有 %(count)s 项待您审批，办完上面的再列出") % {"count": more}, "/", icon="check", asked=True)
    return [*shown, *([left] if more > 0 else [])]


def _signature(task: Task) -> ToDo:
    matter = task.matter
    process, proposal = gateway.process_of(matter.process, matter.version), waiting_proposal(matter)
    move = localise(process.moves[proposal.move].title) if proposal else ""
    return ToDo(
        _("审批：%(move)s %(number)s") % {"move": move, "number": matter.number},
        subject_of(matter.process).page(matter),
        urgency=Urgency.OVERDUE if task.due_at is not None and task.due_at <= clock.now() else Urgency.OPEN,
        due=task.due_at,
        note=" ".join(filter(None, [localise(matter.title), proposal.proposed_name if proposal else ""])),
        icon="check",
        asked=True,
    )
