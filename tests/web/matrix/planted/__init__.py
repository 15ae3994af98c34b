"""The omissions: each opens something that has to stay shut. Small, likely ones: what a tired person forgets, or mistypes."""

from tests.web.matrix.planted.doors import DOORS
from tests.web.matrix.planted.gates import GATE
from tests.web.matrix.planted.machines import TOKENS
from tests.web.matrix.planted.omission import Omission
from tests.web.matrix.planted.queries import QUERIES
from tests.web.matrix.planted.reveals import REVEALS
from tests.web.matrix.planted.sight import ROLES, SIGHT

PLANTED: tuple[Omission, ...] = (*DOORS, *GATE, *ROLES, *SIGHT, *QUERIES, *REVEALS, *TOKENS)

__all__ = ["PLANTED", "Omission"]
