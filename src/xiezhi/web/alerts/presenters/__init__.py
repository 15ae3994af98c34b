"""What the templates are given."""

from xiezhi.web.alerts.presenters.alerts import (
    facts,
    kind_word,
    leading,
    moves,
    numbered,
    parties,
    relation,
    reveal_ticket,
    row,
    rows,
    told_in_full,
    told_together,
    unit_name,
)
from xiezhi.web.alerts.presenters.evidence import (
    conditions,
    evidence_rows,
    figures,
    norms,
    row_url,
    smallest_undo,
    visible_deliveries,
)
from xiezhi.web.alerts.presenters.exports import export_cells, export_heads
from xiezhi.web.alerts.presenters.history import mismatch, sealed_rows, seals, timeline
from xiezhi.web.alerts.presenters.sheet import sheet
from xiezhi.web.alerts.presenters.words import listed

__all__ = [
    "conditions",
    "evidence_rows",
    "export_cells",
    "export_heads",
    "facts",
    "figures",
    "kind_word",
    "leading",
    "listed",
    "mismatch",
    "moves",
    "norms",
    "numbered",
    "parties",
    "relation",
    "reveal_ticket",
    "row",
    "row_url",
    "rows",
    "sealed_rows",
    "seals",
    "sheet",
    "smallest_undo",
    "timeline",
    "told_in_full",
    "told_together",
    "unit_name",
    "visible_deliveries",
]
