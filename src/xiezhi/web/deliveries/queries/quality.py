"""How good deliveries are over time, and whose."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, Sum

from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.deliveries.models import Delivery
from xiezhi.web.deliveries.states import Fate

SHOWN = 36
"""Deliveries of a chart, newest; more than that nobody can tell apart."""


def history(viewer: Viewer, dataset: str) -> list[Delivery]:
    """The newest deliveries of a dataset that were not refused, oldest first."""
    found = seen_by(Delivery.objects.filter(contract=dataset).exclude(fate__in=[Fate.REFUSED, Fate.ERASED]), viewer.scope)
    return list(found.order_by("-number")[:SHOWN])[::-1]


def newest(viewer: Viewer, dataset: str) -> Delivery | None:
    return next(iter(history(viewer, dataset)[::-1]), None)


def ranking(viewer: Viewer) -> list[dict[str, Any]]:
    """Departments by the share of rows that came back, worst first."""
    counted = (
        seen_by(Delivery.objects.exclude(department="").exclude(fate=Fate.ERASED), viewer.scope)
        .values("department")
        .annotate(
            deliveries=Count("pk"),
            refusals=Count("pk", filter=Q(fate=Fate.REFUSED)),
            rows=Sum("delivered"),
            mended=Sum("repaired"),
            aside=Sum("set_aside"),
        )
        .order_by("department")
    )
    rows = [{**one, "share": 100 * one["aside"] / one["rows"] if one["rows"] else 0.0} for one in counted]
    return sorted(rows, key=lambda row: (-row["share"], row["department"]))


def totals(viewer: Viewer, **wanted: Any) -> dict[str, int]:
    """Rows and deliveries in all."""
    found = seen_by(Delivery.objects.exclude(fate=Fate.ERASED).filter(**wanted), viewer.scope)
    summed = found.aggregate(
        deliveries=Count("pk"),
        rows=Sum("delivered"),
        aside=Sum("set_aside"),
        refusals=Count("pk", filter=Q(fate=Fate.REFUSED)),
        kept=Sum(F("accepted") + F("repaired")),
    )
    return {name: value or 0 for name, value in summed.items()}
