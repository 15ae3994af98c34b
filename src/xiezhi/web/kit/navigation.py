"""The left navigation. Each app registers its entries in `apps.py: ready()`; a viewer is shown only what they may open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Group(Enum):
    """The headings of the navigation, in their order."""

    WORK = "work"
    DATA = "data"
    MODELS = "models"
    OVERSIGHT = "oversight"
    SYSTEM = "system"

    @property
    def label(self) -> str | Promise:
        return LABELS[self]


LABELS: dict[Group, str | Promise] = {
    Group.WORK: _("工作"),
    Group.DATA: _("数据"),
    Group.MODELS: pgettext_lazy("导航", "模型"),
    Group.OVERSIGHT: _("监督与审计"),
    Group.SYSTEM: _("系统管理"),
}


class Able(Protocol):
    """The one thing the navigation asks of a viewer. Permissions are words of a layer above."""

    def can(self, permission: object) -> bool: ...


@dataclass(frozen=True)
class Entry:
    """A line of the navigation. `permission` None: for every signed-in person."""

    label: str | Promise
    url_name: str
    icon: str
    permission: object | None
    group: Group = Group.WORK
    order: int = 50


@dataclass(frozen=True)
class Shown:
    """An entry as one viewer sees it on one page."""

    label: str | Promise
    url: str
    icon: str
    here: bool


_entries: dict[str, Entry] = {}


def register(*entries: Entry) -> None:
    """Add entries; the same `url_name` again replaces, so that apps may be set up twice in one process."""
    for entry in entries:
        _entries[entry.url_name] = entry


def registered() -> tuple[Entry, ...]:
    return tuple(sorted(_entries.values(), key=lambda entry: (list(Group).index(entry.group), entry.order, entry.url_name)))


def shown_to(viewer: Able, path: str) -> list[tuple[Group, list[Shown]]]:
    """Groups with at least one entry this viewer may open; the entry whose address is the longest start of `path` is `here`."""
    allowed = [entry for entry in registered() if entry.permission is None or viewer.can(entry.permission)]
    addresses = {entry.url_name: address for entry in allowed if (address := _address(entry.url_name))}
    here = _nearest(path, addresses.values())
    groups: dict[Group, list[Shown]] = {}
    for entry in allowed:
        if address := addresses.get(entry.url_name):
            groups.setdefault(entry.group, []).append(Shown(entry.label, address, entry.icon, address == here))
    return list(groups.items())


def _address(url_name: str) -> str | None:
    """An entry whose page is not installed (a process that serves only a part) is left out rather than breaking every page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def _nearest(path: str, addresses: Iterable[str]) -> str | None:
    return max(
        (address for address in addresses if path == address or (address != "/" and path.startswith(address.rstrip("/") + "/"))),
        key=len,
        default=None,
    )
