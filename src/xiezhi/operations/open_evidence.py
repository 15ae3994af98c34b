"""Open the evidence of one hit, as an object, as JSON or as a printable page."""

from __future__ import annotations

from pathlib import Path

from xiezhi.evidence.bundle import Evidence
from xiezhi.evidence.bundle import open_evidence as bundle
from xiezhi.evidence.page import page
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.content_in_force import content_in_force, contracts_in_force


def open_evidence(config: CoreConfig, lake: Path, fingerprint: str) -> Evidence:
    """The evidence of the hit whose fingerprint starts so. Raises UserError if none or several do."""
    with Lake.open(lake) as opened:
        return bundle(opened, content_in_force(config), contracts_in_force(config), fingerprint)


def evidence_page(evidence: Evidence, language: str) -> str:
    """The evidence as one self-contained HTML page."""
    return page(evidence, language)
