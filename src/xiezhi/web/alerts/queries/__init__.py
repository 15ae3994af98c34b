"""What is asked of alerts. The first argument is always the viewer."""

from xiezhi.web.alerts.queries.alerts import (
    Wanted,
    alerts,
    history,
    lines_of,
    merge_targets,
    others,
    rules_seen,
    subjects,
    units_below,
)
from xiezhi.web.alerts.queries.cards import figures, to_do
from xiezhi.web.alerts.queries.own import default_view, export_of, last_visit, saved_views
from xiezhi.web.alerts.queries.relations import relations

__all__ = [
    "Wanted",
    "alerts",
    "default_view",
    "export_of",
    "figures",
    "history",
    "last_visit",
    "lines_of",
    "merge_targets",
    "others",
    "relations",
    "rules_seen",
    "saved_views",
    "subjects",
    "to_do",
    "units_below",
]
