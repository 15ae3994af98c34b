"""What the templates are given."""

from xiezhi.web.alerts.presenters.alerts import (
    export_cells,
    export_heads,
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
    timeline,
    unit_name,
)
from xiezhi.web.alerts.presenters.evidence import conditions, evidence_rows, figures, smallest_undo
from xiezhi.web.alerts.presenters.words import listed, said

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
    "moves",
    "numbered",
    "parties",
    "relation",
    "reveal_ticket",
    "row",
    "rows",
    "said",
    "smallest_undo",
    "timeline",
    "unit_name",
]
