"""What the pages of this app show. Whatever tells of hits or units takes the viewer first."""

from xiezhi.web.supervision.queries.cards import figures, to_do
from xiezhi.web.supervision.queries.changes import change, changes, changes_of, decided_before, open_changes, waiting_for
from xiezhi.web.supervision.queries.coverage import coverage_by_place, coverage_by_rule, coverage_of
from xiezhi.web.supervision.queries.naming import Names, fact_names, names_of, place_names, region_names
from xiezhi.web.supervision.queries.rules import RuleFigures, figures_of_rules, matching, newest_runs, outcomes_of, owners
from xiezhi.web.supervision.queries.runs import (
    finished_runs,
    found_by_rule,
    found_by_run,
    history,
    live_job,
    run,
    run_rules,
    runs,
)
from xiezhi.web.supervision.queries.settings import Lapsed, Site, site
from xiezhi.web.supervision.queries.tries import grouped, tried_hits, tries_of, what_if

__all__ = [
    "Lapsed",
    "Names",
    "RuleFigures",
    "Site",
    "change",
    "changes",
    "changes_of",
    "coverage_by_place",
    "coverage_by_rule",
    "coverage_of",
    "decided_before",
    "fact_names",
    "figures",
    "figures_of_rules",
    "finished_runs",
    "found_by_rule",
    "found_by_run",
    "grouped",
    "history",
    "live_job",
    "matching",
    "names_of",
    "newest_runs",
    "open_changes",
    "outcomes_of",
    "owners",
    "place_names",
    "region_names",
    "run",
    "run_rules",
    "runs",
    "site",
    "to_do",
    "tried_hits",
    "tries_of",
    "waiting_for",
    "what_if",
]
