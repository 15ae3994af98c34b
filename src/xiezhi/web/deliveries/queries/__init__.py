"""What deliveries' pages show. The first argument is always the viewer, whose scope every row passes."""

from xiezhi.web.deliveries.queries.calendar import Line, calendar, contacts_of, freshness
from xiezhi.web.deliveries.queries.cards import figures, to_do
from xiezhi.web.deliveries.queries.days import elsewhere, today
from xiezhi.web.deliveries.queries.deliveries import DeliveryCriteria, deliveries, delivery, related, upload_of
from xiezhi.web.deliveries.queries.quality import history, newest, ranking
from xiezhi.web.deliveries.queries.uploads import batch, recent_batches, uploads

__all__ = [
    "DeliveryCriteria",
    "Line",
    "batch",
    "calendar",
    "contacts_of",
    "deliveries",
    "delivery",
    "elsewhere",
    "figures",
    "freshness",
    "history",
    "newest",
    "ranking",
    "recent_batches",
    "related",
    "to_do",
    "today",
    "upload_of",
    "uploads",
]
