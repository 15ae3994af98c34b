"""Deliveries by filter, one delivery, and those that belong together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.deliveries.models import Delivery, Upload
from xiezhi.web.kit.numbers import whole_number

_NUMBERED = re.compile(r"^(\d{8})-")
"""How the file of rows that went back is called: by the number of the delivery it came from."""

NEARBY = 8


@dataclass(frozen=True)
class DeliveryCriteria:
    """A filter of the list; empty parts filter nothing."""

    text: str = ""
    department: str = ""
    dataset: str = ""
    fate: str = ""
    since: date | None = None
    until: date | None = None


def deliveries(viewer: Viewer, wanted: DeliveryCriteria | None = None) -> QuerySet[Delivery]:
    """The deliveries a filter leaves."""
    asked = wanted or DeliveryCriteria()
    found = seen_by(Delivery.objects.select_related("unit"), viewer.scope)
    exact = {"department": asked.department, "contract": asked.dataset, "fate": asked.fate}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if asked.since:
        found = found.filter(received_at__date__gte=asked.since)
    if asked.until:
        found = found.filter(received_at__date__lte=asked.until)
    if asked.text:
        number = whole_number(asked.text)
        words = Q(file__icontains=asked.text) | Q(member__icontains=asked.text) | Q(sheet__icontains=asked.text)
        found = found.filter(words if number is None else words | Q(number=number))
    return found


def delivery(viewer: Viewer) -> QuerySet[Delivery]:
    """Those of which one is opened: `get_object_or_404(delivery(viewer), number=…)`."""
    return seen_by(Delivery.objects.select_related("unit"), viewer.scope)


def related(viewer: Viewer, one: Delivery) -> list[Delivery]:
    """What was delivered before and after in its place: the same file again, and rows of it that were mended. Oldest first."""
    origin = _NUMBERED.match(one.file)
    root = int(origin[1]) if origin else one.number
    same = Q(sha256=one.sha256) | Q(contract=one.contract, file=one.file) if one.contract else Q(sha256=one.sha256)
    mended = Q(number=root) | Q(file__startswith=f"{root:08d}-")
    found = seen_by(Delivery.objects.filter((same & Q(member=one.member, sheet=one.sheet)) | mended), viewer.scope)
    return sorted(found.exclude(pk=one.pk).order_by("-number")[:NEARBY], key=lambda other: other.number)


def upload_of(viewer: Viewer, one: Delivery) -> Upload | None:
    """The upload a delivery came with; None where it was received at the command line."""
    return seen_by(Upload.objects.filter(numbers__contains=[one.number]), viewer.scope).order_by("sent_at").first()
