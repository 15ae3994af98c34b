"""One model a file."""

from xiezhi.web.matters.models.calendar import CalendarDay, CalendarYear
from xiezhi.web.matters.models.clock import MatterClock
from xiezhi.web.matters.models.matter import Matter
from xiezhi.web.matters.models.proposal import Proposal
from xiezhi.web.matters.models.step import Step
from xiezhi.web.matters.models.task import Task

__all__ = ["CalendarDay", "CalendarYear", "Matter", "MatterClock", "Proposal", "Step", "Task"]
