"""Urgencies of notices as a person reads them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from xiezhi.web.kit.cards import Urgency
from xiezhi.web.notices.models import Notice

TONES = {Urgency.OPEN: "info", Urgency.LAPSING: "warn", Urgency.OVERDUE: "bad", Urgency.DRAFT: "muted"}


def row(notice: Notice) -> dict[str, Any]:
    words = {Urgency.OPEN: _("待办"), Urgency.LAPSING: _("临期"), Urgency.OVERDUE: _("超期"), Urgency.DRAFT: _("知悉")}
    urgency = Urgency(notice.urgency)
    return {"notice": notice, "word": words[urgency], "tone": TONES[urgency]}
