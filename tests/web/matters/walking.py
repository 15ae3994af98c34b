"""A walk at random through a process: anybody tries anything with anything said, and time goes on."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from tests.web.matters.begun import raised
from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope, system_viewer
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.matters import gateway
from xiezhi.web.matters.actions import alarming, moving, signing
from xiezhi.web.matters.actions.comparing import compare
from xiezhi.web.matters.gateway import FieldKind, FormField, Move
from xiezhi.web.matters.models import Matter, Proposal, Step, Task
from xiezhi.web.matters.policies.hands import refusal
from xiezhi.web.matters.policies.signatures import may_sign
from xiezhi.web.matters.queries.people import sees_now
from xiezhi.web.notices.models import Notice

PLACES = ("v111", "v121", "v211", "civil", "finance", "city")
LEVELS = ("blue", "yellow", "orange", "red")
TEXTS = ("按职责分工办理", "同意", "", "一", "长" * 5000, "其身份证 110101199003070038", "\0", "<script>")

SENSIBLE = 0.8
"""How often what is tried is something that might go."""


@dataclass
class Walk:
    """`made`: moves that were made, by code; `refused`: by error. Each is held against what it should have left."""

    commission: Commission
    luck: random.Random
    now: datetime
    made: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @cached_property
    def viewers(self) -> list[Viewer]:
        return [self.commission.viewer(role) for role in self.commission.users]

    def begin(self, several: int) -> list[Matter]:
        with clock.standing_at(self.now):
            return [
                raised(self.commission, f"2026-2{number:05}", self.luck.choice(PLACES), level=self.luck.choice(LEVELS))
                for number in range(several)
            ]

    def go(self, begun: list[Matter], tries: int) -> None:
        for _try in range(tries):
            self.now += timedelta(minutes=self.luck.choice((1, 60, 600, 2000)))
            with clock.standing_at(self.now):
                self._try(self.luck.choice(begun), self.luck.choice(self.viewers))

    def _try(self, matter: Matter, by: Viewer) -> None:
        before = self._left(matter)
        act = self.luck.choices(("move", "sign", "decline", "withdraw", "ring"), (80, 8, 3, 3, 6))[0]
        if self.luck.random() < SENSIBLE:
            act, by = self._sensible(matter, by)
        try:
            done = self._act(act, matter, by)
        except (UserError, ObjectDoesNotExist) as error:
            code = error.code if isinstance(error, UserError) else "not there"
            self.refused[code] = self.refused.get(code, 0) + 1
            if self._left(matter) != before:
                self.wrong.append(f"{act} of {matter.number} was refused ({error}) and left something")
            return
        self.made[done] = self.made.get(done, 0) + 1
        after = self._left(matter)
        if done != "ring" and after == before:
            self.wrong.append(f"{done} of {matter.number} left nothing")
        with system_scope("test"):
            self.wrong += [str(one) for one in compare(Matter.objects.get(pk=matter.pk))]

    def _sensible(self, matter: Matter, by: Viewer) -> tuple[str, Viewer]:
        """What might be done next, and somebody who might: else few would ever get far."""
        with system_scope("test"):
            fresh = Matter.objects.get(pk=matter.pk)
            waiting = Proposal.objects.filter(matter=matter, state="waiting").first()
        if waiting is not None:
            able = [one for one in self.viewers if may_sign(waiting, one)]
            return self.luck.choice(("sign", "sign", "sign", "decline")), self.luck.choice(able or self.viewers)
        process = gateway.process_of(fresh.process, fresh.version)
        moves = process.moves_from(fresh.state).values()
        able = [
            one for one in self.viewers if sees_now(one, fresh) and any(refusal(fresh, move, one, ()) is None for move in moves)
        ]
        return "move", self.luck.choice(able or [by])

    def _moves(self, matter: Matter) -> dict[str, Move]:
        """Those from where it stands, mostly; else all."""
        process = gateway.process_of(matter.process, matter.version)
        state = Matter.objects.values_list("state", flat=True).filter(pk=matter.pk).first()
        return process.moves_from(state) if state and self.luck.random() < SENSIBLE else dict(process.moves)

    def _act(self, act: str, matter: Matter, by: Viewer) -> str:
        if act == "ring":
            alarming.ring(by=system_viewer("test"))
            return act
        with acting_as(by):
            if act == "move":
                moves = self._moves(matter)
                code = self.luck.choice(list(moves))
                said = {name: self._said(one) for name, one in moves[code].form.items() if self.luck.random() < 0.97}
                moving.move(matter.pk, code, said, by=by)
                return code
            waiting = Proposal.objects.filter(matter=matter, state="waiting").values_list("pk", flat=True).first()
            match act:
                case "sign":
                    signing.sign(matter.pk, str(waiting), opinion=self.luck.choice(TEXTS[:3]), by=by)
                case "decline":
                    signing.decline(matter.pk, str(waiting), why="先核对", by=by)
                case _:
                    signing.withdraw(matter.pk, str(waiting), why="先核对", by=by)
        return act

    def _said(self, field: FormField) -> Any:
        match field.kind:
            case FieldKind.UNIT:
                likely = ("cc1", "tc11", "group1", "office1", "commission")
                units = self.commission.units
                return units[self.luck.choice(likely if self.luck.random() < SENSIBLE else list(units))].pk
            case FieldKind.CHOICE:
                return self.luck.choice([*field.choices, *field.choices, "other"])
            case FieldKind.DATE:
                return (clock.local(self.now).date() + timedelta(days=self.luck.randint(-2, 90))).isoformat()
            case FieldKind.MONEY:
                return self.luck.choice((0, 100, 10**4, 10**6, 10**9, -1))
            case FieldKind.MATTER:
                return f"2026-2{self.luck.randrange(6):05}"
            case _:
                return TEXTS[0] if self.luck.random() < 0.93 else self.luck.choice(TEXTS)

    @staticmethod
    def _left(matter: Matter) -> tuple[Any, ...]:
        """What there is of a matter, of events and of notices."""
        with system_scope("test", trail=True):
            return (
                Step.objects.filter(matter=matter).count(),
                AuditEvent.objects.count(),
                Notice.objects.count(),
                sorted(Task.objects.filter(matter=matter).values_list("kind", "unit", "due_at", "permissions")),
                Proposal.objects.filter(matter=matter).values_list("state", "signed").order_by("proposed_at").last(),
                Matter.objects.values_list("state", "steps_count", "due_at").get(pk=matter.pk),
            )
