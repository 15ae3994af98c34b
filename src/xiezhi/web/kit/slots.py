"""Places in the shell that an upper app fills without the kit knowing it: the post switcher, the bell, saved views, help."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Slot(StrEnum):
    """Where a template may be put. `kit/page.html`, `kit/bare.html` and `kit/filter_bar.html` render them."""

    POST_SWITCHER = "post_switcher"
    BELL = "bell"
    USER_MENU = "user_menu"
    BANNER = "banner"
    SAVED_VIEWS = "saved_views"
    HELP = "help"
    """Beside the heading of a page; at the foot of one without navigation."""


@dataclass(frozen=True, order=True)
class Filling:
    order: int
    template: str


_fillings: dict[Slot, set[Filling]] = {}


def fill(slot: Slot, template: str, order: int = 50) -> None:
    """Called in an app's `ready()`. The template sees the whole page context."""
    _fillings.setdefault(slot, set()).add(Filling(order, template))


def templates_of(slot: Slot) -> list[str]:
    return [filling.template for filling in sorted(_fillings.get(slot, ()))]
