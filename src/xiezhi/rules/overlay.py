"""Content laid over content: shipped first, then a site's own, which stands in for something only by saying so."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Protocol, TypeVar

from xiezhi.kernel.errors import ContentError, Place
from xiezhi.kernel.yaml_document import Document


class Replacing(Protocol):
    """What may stand in for another of its kind."""

    @property
    def replaces(self) -> str | None: ...


Item = TypeVar("Item", bound=Replacing)


def lay(
    shelf: MutableMapping[str, Item],
    kind: str,
    name: str,
    item: Item,
    document: Document,
    documents: MutableMapping[tuple[str, str], Document],
    laid: set[tuple[str, str]],
) -> None:
    """Put an item on its shelf; in a later root only over what it says it replaces. `laid`: what this root has brought so far.

    Raises ContentError for a name that is there already, and for something to replace that is not.
    """
    replaces = item.replaces
    if name in shelf and (replaces != name or (kind, name) in laid):
        raise defined_twice(name, documents[kind, name].path, document.place("code" if kind == "rule" else "id"))
    if replaces is not None and (replaces not in shelf or replaces in {other for _, other in laid}):
        raise ContentError(
            "XZ-CONTENT-05",
            zh=f"要取代的 {replaces} 不存在",
            en=f"there is no {replaces} to replace",
            place=document.place("replaces"),
        )
    if replaces is not None:
        del shelf[replaces], documents[kind, replaces]
    shelf[name] = item
    documents[kind, name] = document
    laid.add((kind, name))


def defined_twice(name: str, other: Path, place: Place) -> ContentError:
    """The refusal of a name that another file has already."""
    return ContentError(
        "XZ-CONTENT-04",
        zh=f"{name} 已在 {other} 中定义",
        en=f"{name} is already defined in {other}",
        place=place,
        todo_zh=f"站点内容要取代它,请写 replaces: {name}",
        todo_en=f"to stand in for it in a site's content, write replaces: {name}",
    )
