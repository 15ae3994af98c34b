"""The table of notices."""

from xiezhi.web.notices.models.notice import Notice

__all__ = ["Notice"]
