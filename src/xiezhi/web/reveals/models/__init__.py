"""The one table of reveals."""

from xiezhi.web.reveals.models.request import RevealRequest

__all__ = ["RevealRequest"]
