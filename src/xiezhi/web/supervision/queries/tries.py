"""Tries of other parameters. Of the hits, everybody counts and lists those of their own scope, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.shortcuts import get_object_or_404

from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.supervision.models import TriedHit, WhatIf


def what_if(number: UUID) -> WhatIf:
    """Raises Http404."""
    return get_object_or_404(WhatIf, pk=number)


def tries_of(code: str, most: int = 10) -> list[WhatIf]:
    return list(WhatIf.objects.filter(rule=code)[:most])


def tried_hits(viewer: Viewer, tried: WhatIf) -> QuerySet[TriedHit]:
    return seen_by(TriedHit.objects.filter(what_if=tried), viewer.scope)


def grouped(viewer: Viewer, tried: WhatIf) -> Sequence[dict[str, Any]]:
    """Hits and money by fate, place and level on both sides: all that the charts are drawn from. One query."""
    groups = tried_hits(viewer, tried).order_by().values("fate", "unit_path", "level_before", "level_after")
    counted = groups.annotate(number=Count("pk"), before=Sum("amount_before"), after=Sum("amount_after"))
    return [dict(group) for group in counted]
