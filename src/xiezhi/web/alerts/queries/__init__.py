"""What is asked of alerts. The first argument is always the viewer."""

from xiezhi.web.alerts.queries.alerts import (
    THERE,
    AlertCriteria,
    alerts,
    history,
    lines_of,
    merge_targets,
    others,
    rules_seen,
    some_withheld,
    subjects,
)
from xiezhi.web.alerts.queries.cards import figures, to_do
from xiezhi.web.alerts.queries.mismatches import mismatches
from xiezhi.web.alerts.queries.own import default_view, export_of, last_visit, saved_views
from xiezhi.web.alerts.queries.recused import may_be_told, rows_may_be_shown, rules_to_ask
from xiezhi.web.alerts.queries.relations import relations
from xiezhi.web.alerts.queries.revealing import reveal_wanted
from xiezhi.web.alerts.queries.seals import Sealed, as_seal, numbers_of, sealed, seals_of

__all__ = [
    "THERE",
    "AlertCriteria",
    "Sealed",
    "alerts",
    "as_seal",
    "default_view",
    "export_of",
    "figures",
    "history",
    "last_visit",
    "lines_of",
    "may_be_told",
    "merge_targets",
    "mismatches",
    "numbers_of",
    "others",
    "relations",
    "reveal_wanted",
    "rows_may_be_shown",
    "rules_seen",
    "rules_to_ask",
    "saved_views",
    "sealed",
    "seals_of",
    "some_withheld",
    "subjects",
    "to_do",
]
