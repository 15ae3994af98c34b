"""What the demonstration asks of the core: a city, and where its places lie."""

from __future__ import annotations

from pathlib import Path

from xiezhi.operations.build_demo import Demo, build_demo
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.map_city import Place, map_city

__all__ = ["CoreConfig", "Demo", "Place", "build_demo", "places"]


def places(home: Path) -> list[Place]:
    """The places of the city that was built in the demonstration's folder."""
    return map_city(home / "delivered")
