"""What places are called, by their statistical codes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from xiezhi.evidence.places import place_names
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig


def name_places(config: CoreConfig, lake: Path, codes: Iterable[Any]) -> dict[str, str]:
    """Code → name by the newest register of divisions in the lake; what is no code, or is not in it, is left out."""
    with Lake.open(lake) as opened:
        return place_names(opened.snapshot().tables, codes, config.memory)
