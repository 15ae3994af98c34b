"""The table of jobs."""

from xiezhi.web.jobs.models.job import Job

__all__ = ["Job"]
