"""One model a file."""

from xiezhi.web.alerts.models.alert import Alert
from xiezhi.web.alerts.models.counter import Counter
from xiezhi.web.alerts.models.export import Export
from xiezhi.web.alerts.models.history import History
from xiezhi.web.alerts.models.mismatch import Mismatch
from xiezhi.web.alerts.models.seal import Seal
from xiezhi.web.alerts.models.view import SavedView, Visit

__all__ = ["Alert", "Counter", "Export", "History", "Mismatch", "SavedView", "Seal", "Visit"]
