"""States of a process in words: of the newest version that has them, for lists that know no version."""

from __future__ import annotations

from dataclasses import dataclass

from xiezhi.kernel.words import Words
from xiezhi.web.language import localise
from xiezhi.web.matters import gateway


@dataclass(frozen=True)
class StateShown:
    """`value`: its code. `label`: as people read it. `tone`: of its badge."""

    value: str
    label: str
    tone: str


def state_shown(process: str, state: str) -> StateShown:
    """One that no version of the process has is shown as it is written."""
    for _version, written in sorted(gateway.content().processes.items(), reverse=True):
        if written.code == process and state in written.states:
            found = written.states[state]
            return StateShown(state, localise(found.title), found.tone)
    return StateShown(state, state, "neutral")


def state_choices(process: str) -> list[tuple[str, str]]:
    """(code, word) of every state that any version has, for a filter."""
    words: dict[str, Words] = {}
    for _version, written in sorted(gateway.content().processes.items()):
        if written.code == process:
            words |= {code: state.title for code, state in written.states.items()}
    return [(code, localise(said)) for code, said in words.items()]
