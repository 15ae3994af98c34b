"""What the demonstration asks of the core: a city, and where its places lie."""

from __future__ import annotations

from pathlib import Path

from xiezhi.operations.city import Division, list_divisions
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.demonstration import DeliveredDemo, deliver_demo

__all__ = ["CoreConfig", "DeliveredDemo", "Division", "deliver_demo", "divisions"]


def divisions(home: Path) -> list[Division]:
    """The administrative divisions of the city that was built in the demonstration's folder."""
    return list_divisions(home / "delivered")
