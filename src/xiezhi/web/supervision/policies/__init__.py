"""What decides without asking the database who asks: where a hit lies, how good a rule is, what follows a run."""

from xiezhi.web.supervision.policies.following import AfterRun, after_run, following
from xiezhi.web.supervision.policies.naming import with_places
from xiezhi.web.supervision.policies.placing import (
    CLASSES,
    IDENTITIES,
    Placement,
    Places,
    label_of,
    places,
    region_of,
    subject_key_of,
)
from xiezhi.web.supervision.policies.precision import FEW, Precision, precision_of, wilson

__all__ = [
    "CLASSES",
    "FEW",
    "IDENTITIES",
    "AfterRun",
    "Placement",
    "Places",
    "Precision",
    "after_run",
    "following",
    "label_of",
    "places",
    "precision_of",
    "region_of",
    "subject_key_of",
    "wilson",
    "with_places",
]
