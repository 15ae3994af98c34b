"""One omission, and which tests should notice it."""

from __future__ import annotations

from dataclasses import dataclass

MATRIX, SCOPE, GATES = (f"tests/web/matrix/test_{name}.py" for name in ("matrix", "scope", "gates"))
POLICIES, CANARIES = (f"tests/web/matrix/test_{name}.py" for name in ("policies", "canaries"))
QUERYSETS, DATABASE = "the policies", "the querysets"
"""The other of the two walls still stood: what is lost is that it holds twice."""


@dataclass(frozen=True)
class Omission:
    """`file` under src/xiezhi/web; `wall`: what still kept the rows in, where something did."""

    opens: str
    file: str
    old: str
    new: str
    caught_by: tuple[str, ...]
    wall: str = ""


def door(app: str) -> tuple[str, ...]:
    """At the first failure the run ends: most are seen in what the code says of itself, before anybody knocks."""
    return (MATRIX, "-k", f"code_says or (everybody_is_answered_as_declared and ({app}))")


def asked(words: str) -> tuple[str, ...]:
    return (SCOPE, "-k", words)


def gate(words: str) -> tuple[str, ...]:
    return (GATES, "-k", words)


MACHINES = (MATRIX, "-k", "machines_may")
AGAIN = gate("ask_again")
A, D, R, T = "accounts/", "deliveries/", "reveals/", "trail/"
P = "Permission."
