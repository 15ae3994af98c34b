"""One subject a file. Truth that must hold whatever the code does is a constraint here."""

from xiezhi.web.supervision.models.change import Change
from xiezhi.web.supervision.models.coverage import Coverage
from xiezhi.web.supervision.models.outcome import RuleOutcome
from xiezhi.web.supervision.models.run import Run, RunRule
from xiezhi.web.supervision.models.setting import ParameterSetting, StatusSetting
from xiezhi.web.supervision.models.tally import Tally
from xiezhi.web.supervision.models.what_if import TriedHit, WhatIf

__all__ = [
    "Change",
    "Coverage",
    "ParameterSetting",
    "RuleOutcome",
    "Run",
    "RunRule",
    "StatusSetting",
    "Tally",
    "TriedHit",
    "WhatIf",
]
