"""The library of models: which there are, and what each found so far in what the viewer may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Max, Sum

from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.language import localise
from xiezhi.web.supervision import gateway
from xiezhi.web.supervision.gateway import RuleDescription
from xiezhi.web.supervision.models import RuleOutcome, RunRule, Tally
from xiezhi.web.supervision.policies import Precision, precision_of
from xiezhi.web.supervision.queries.coverage import coverage_by_rule
from xiezhi.web.supervision.queries.settings import Site
from xiezhi.web.supervision.states import EVALUATED, Ending, HitState, concerned


@dataclass
class RuleFigures:
    """`run` None: it never ran to its end, so there is no number of hits, not even nought."""

    run: int | None = None
    found: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    """Of coverage."""
    precision: Precision | None = None

    @property
    def hits(self) -> int | None:
        return None if self.run is None else sum(number for state, number in self.found.items() if state != HitState.GONE)

    @property
    def new(self) -> int | None:
        return None if self.run is None else self.found.get(HitState.NEW, 0)

    @property
    def population(self) -> int:
        return concerned(self.outcomes)

    @property
    def covered(self) -> float | None:
        """The share that could be evaluated, in percent. None where there is nothing to evaluate."""
        return 100 * self.outcomes.get(EVALUATED, 0) / self.population if self.population else None


def figures_of_rules(viewer: Viewer) -> defaultdict[str, RuleFigures]:
    """Rule → its figures within the viewer's scope. Four queries."""
    found: defaultdict[str, RuleFigures] = defaultdict(RuleFigures)
    newest = newest_runs()
    for code, run in newest.items():
        found[code].run = run
    counted = seen_by(Tally.objects.filter(run_id__in=set(newest.values())).order_by(), viewer.scope)
    for row in counted.values("run_id", "rule", "state").annotate(number=Sum("hits")):
        if newest.get(row["rule"]) == row["run_id"]:
            found[row["rule"]].found[row["state"]] = row["number"]
    for code, outcomes in coverage_by_rule(viewer).items():
        found[code].outcomes = outcomes
    for code, outcomes in _judged().items():
        found[code].precision = precision_of(outcomes)
    return found


def newest_runs() -> dict[str, int]:
    """Rule → the newest run that evaluated it to its end."""
    done = RunRule.objects.filter(ending=Ending.DONE).order_by()
    return dict(done.values("rule").annotate(newest=Max("run_id")).values_list("rule", "newest"))


def _judged() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in RuleOutcome.objects.order_by().values("rule", "outcome").annotate(number=Count("pk")):
        found[row["rule"]][row["outcome"]] = row["number"]
    return found


def outcomes_of(code: str) -> dict[int, dict[str, int]]:
    """Version → outcome → number, newest version first."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    counted = RuleOutcome.objects.filter(rule=code).order_by("-version").values("version", "outcome")
    for row in counted.annotate(number=Count("pk")):
        found[row["version"]][row["outcome"]] = row["number"]
    return dict(found)


def matching(site: Site, wanted: Mapping[str, str]) -> list[RuleDescription]:
    """The rules that a filter leaves: domain, status, level, dataset, owner, and text in either language."""
    text = wanted.get("q", "").strip().casefold()
    return [
        rule
        for rule in gateway.rules().values()
        if wanted.get("domain", "") in ("", rule.domain)
        and wanted.get("status", "") in ("", site.status(rule).value)
        and wanted.get("level", "") in ("", rule.level.value)
        and (not wanted.get("dataset") or wanted["dataset"] in rule.datasets)
        and wanted.get("owner", "") in ("", rule.owner.zh)
        and (not text or text in _text(rule))
    ]


def owners() -> list[tuple[str, str]]:
    """(what a filter sends, what a person reads) of every owner."""
    found = {rule.owner.zh: localise(rule.owner) for rule in gateway.rules().values()}
    return sorted(found.items(), key=lambda pair: pair[1])


def _text(rule: RuleDescription) -> str:
    parts = (rule.title, rule.summary, rule.why_suspicious, rule.owner, *(norm.title for norm in rule.norms))
    return " ".join((rule.code, *(f"{words.zh} {words.en}" for words in parts))).casefold()
