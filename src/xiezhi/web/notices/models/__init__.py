"""The table of notices."""

from xiezhi.web.notices.models.notice import WAITS, Notice

__all__ = ["WAITS", "Notice"]
