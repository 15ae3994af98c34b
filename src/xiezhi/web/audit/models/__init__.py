"""The tables of the trail."""

from xiezhi.web.audit.models.chain import AuditBatch, AuditLink, AuditPending
from xiezhi.web.audit.models.event import AuditEvent, EventOutcome

__all__ = ["AuditBatch", "AuditEvent", "AuditLink", "AuditPending", "EventOutcome"]
