"""NAME: whatever a process names there is: states, seats, fields, clocks, chains, facts, and what the platform registered."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import product

from xiezhi.processes.chain import TIER, TIERS, Chain, Vacant
from xiezhi.processes.lint.target import Registered, Target
from xiezhi.processes.loader import ProcessContent
from xiezhi.processes.process import MOVER, FieldKind, Move
from xiezhi.rules.lint.finding import Finding

Location = tuple[str | int, ...]


def check(target: Target) -> Iterator[Finding]:
    """One finding for each name that leads nowhere."""
    process = target.process
    yield from _unknown(target, "PROC-02", ("initial",), [process.initial], process.states, "状态", "state")
    yield from _unknown(target, "PROC-03", ("begins_with",), process.begins_with, process.seats, "承办方", "seat")
    yield from _unknown(target, "PROC-04", ("begins",), process.begins, target.content.deadlines, "时限", "deadline")
    for code, state in process.states.items():
        yield from _unknown(
            target, "PROC-03", ("states", code, "seat"), [state.seat] if state.seat else [], process.seats, "承办方", "seat"
        )
    for code, move in process.moves.items():
        yield from _move(target, ("moves", code), move)
    yield from _facts(target)


def check_chains(content: ProcessContent, registered: Registered) -> Iterator[Finding]:
    """Of every signature: its permission is one, and what may be left out is followed by one that may not."""
    for code, chain in content.chains.items():
        for place, signature in enumerate(chain.signatures):
            if signature.vacant is Vacant.SKIP and not _signed_later(chain, place):
                yield Finding(
                    "PROC-15",
                    code,
                    "可以略去的审批之后,同样情形下须有一道不可略去的审批",
                    "a signature that may be left out needs one after it, in the same cases, that may not",
                    content.documents["chain", code].place("signatures", place),
                )
            if signature.permission not in registered.permissions:
                document = content.documents["chain", code]
                yield Finding(
                    "PROC-05",
                    code,
                    f"没有权限 {signature.permission}",
                    f"there is no permission {signature.permission}",
                    document.place("signatures", place, "permission"),
                )


def _signed_later(chain: Chain, place: int) -> bool:
    """Whether a later signature, that is never left out, is needed wherever this one is."""
    when = chain.signatures[place].when
    return any(
        later.vacant is not Vacant.SKIP
        and all(fact in when and set(when[fact]) <= set(values) for fact, values in later.when.items())
        for later in chain.signatures[place + 1 :]
    )


def check_deadlines(content: ProcessContent, norms: Collection[str]) -> Iterator[Finding]:
    """Of every version of a deadline: the norm it rests on is there."""
    for code, deadline in content.deadlines.items():
        for place, version in enumerate(deadline.versions):
            if version.norm is not None and version.norm not in norms:
                yield Finding(
                    "PROC-06",
                    code,
                    f"没有规范 {version.norm}",
                    f"there is no norm {version.norm}",
                    content.documents["deadline", code].place("versions", place, "norm"),
                )


def _move(target: Target, where: Location, move: Move) -> Iterator[Finding]:
    process, registered = target.process, target.registered
    named_states = [*move.from_, *([move.to] if move.to else [])]
    yield from _unknown(target, "PROC-02", where, named_states, process.states, "状态", "state")
    yield from _unknown(target, "PROC-03", (*where, "seats"), move.seats, process.seats, "承办方", "seat")
    yield from _unknown(target, "PROC-03", (*where, "tells"), move.tells, process.seats, "承办方", "seat")
    yield from _unknown(target, "PROC-03", (*where, "vacates"), move.vacates, process.seats, "承办方", "seat")
    clocks = [clock for _, clock in move.clocks.each()]
    yield from _unknown(target, "PROC-04", (*where, "clocks"), clocks, target.content.deadlines, "时限", "deadline")
    chain = [move.chain] if move.chain else []
    yield from _unknown(target, "PROC-07", (*where, "chain"), chain, target.content.chains, "审批链", "chain")
    yield from _unknown(target, "PROC-08", (*where, "by", "other_than"), move.by.other_than, process.moves, "动作", "move")
    yield from _unknown(target, "PROC-05", (*where, "by"), [move.by.permission], registered.permissions, "权限", "permission")
    yield from _unknown(target, "PROC-09", (*where, "guards"), move.guards, registered.guards, "检查", "guard")
    yield from _unknown(target, "PROC-09", (*where, "effects"), move.effects, registered.effects, "效果", "effect")
    yield from _unknown(target, "PROC-10", (*where, "event"), [move.event], registered.events, "审计事件", "event of the trail")
    yield from _seats_from_fields(target, where, move)


def _seats_from_fields(target: Target, where: Location, move: Move) -> Iterator[Finding]:
    for seat, name in move.seats.items():
        field = move.form.get(name)
        if name != MOVER and (field is None or field.kind is not FieldKind.UNIT or not field.required):
            yield target.at(
                "PROC-12",
                (*where, "seats", seat),
                f"{name} 不是表单里必填的单位字段,也不是 {MOVER}",
                f"{name} is neither a required field of kind unit of the form, nor {MOVER}",
            )


def _everywhere(target: Target, code: str, chain: Chain) -> Iterator[Finding]:
    """What takes a signature at one level of region takes one at every: else whoever sits elsewhere goes round the chain."""
    named = {fact for signature in chain.signatures for fact in signature.when} - {TIER}
    known = [[(fact, value) for value in target.process.facts.get(fact, ())] for fact in sorted(named)]
    for facts in (dict(pairs) for pairs in product(*known)):
        without = [tier for tier in TIERS if not chain.needed({**facts, TIER: tier})]
        if without and len(without) < len(TIERS):
            said = "、".join(facts.values())
            yield target.at(
                "PROC-16",
                ("moves", code, "chain"),
                f"{said} 的审批在 {'、'.join(TIERS[tier].zh for tier in without)} 没有人签:那里的人可以绕过",
                f"of {said} nobody signs at {', '.join(TIERS[tier].en for tier in without)}: whoever sits there goes round it",
            )


def _facts(target: Target) -> Iterator[Finding]:
    """Chains and deadlines ask for facts that the process has, and a deadline knows a limit for each value of its fact."""
    yield from _facts_of_chains(target)
    yield from _facts_of_deadlines(target)


def _facts_of_chains(target: Target) -> Iterator[Finding]:
    process, content = target.process, target.content
    for code, move in process.moves.items():
        if move.chain in content.chains:
            yield from _everywhere(target, code, content.chains[move.chain])
        for signature in content.chains[move.chain].signatures if move.chain in content.chains else ():
            for fact, values in signature.when.items():
                known = TIERS if fact == TIER else process.facts.get(fact, {})
                unknown = [value for value in values if value not in known]
                if unknown or not known:
                    yield target.at(
                        "PROC-13",
                        ("moves", code, "chain"),
                        f"审批链所问的 {fact} {'、'.join(unknown)} 不在本流程的 facts 里",
                        f"the chain asks for {fact} {', '.join(unknown)}, which is not among the process's facts",
                    )


def _facts_of_deadlines(target: Target) -> Iterator[Finding]:
    process, content = target.process, target.content
    used = {clock for move in process.moves.values() for _, clock in move.clocks.each()} | set(process.begins)
    for clock in sorted(used & content.deadlines.keys()):
        for version in content.deadlines[clock].versions:
            missing = [value for value in process.facts.get(version.by or "", ()) if value not in version.limits]
            if version.by is not None and (missing or version.by not in process.facts):
                yield target.at(
                    "PROC-13",
                    ("facts",),
                    f"时限 {clock} 按 {version.by} 而定,缺 {'、'.join(missing) or version.by}",
                    f"the deadline {clock} goes by {version.by} and lacks {', '.join(missing) or version.by}",
                )
    extended = {clock for move in process.moves.values() for clock in move.clocks.extend}
    for clock in sorted(extended & content.deadlines.keys()):
        if any(version.extension is None for version in content.deadlines[clock].versions):
            yield target.at("PROC-14", ("moves",), f"时限 {clock} 不能延长", f"the deadline {clock} has no extension")


def _unknown(
    target: Target,
    code: str,
    where: Location,
    named: Collection[str] | Mapping[str, object],
    known: Collection[str],
    zh: str,
    en: str,
) -> Iterator[Finding]:
    for name in named:
        if name not in known:
            yield target.at(code, where, f"没有{zh} {name}", f"there is no {en} {name}")
