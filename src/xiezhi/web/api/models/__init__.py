"""The tables of the machine interface."""

from xiezhi.web.api.models.sent import SentOnce
from xiezhi.web.api.models.token import MachineToken

__all__ = ["MachineToken", "SentOnce"]
