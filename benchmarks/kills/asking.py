"""Asks the platform of a data folder for jobs, as its own code does, from a process that nobody kills.

Reads kinds of jobs from stdin, one a line; for each starts a job, waits until it is over, and writes how it ended.
"""

from __future__ import annotations

import sys
import time

import django

django.setup()

from django.db import DatabaseError, connection  # noqa: E402
from procrastinate.exceptions import ConnectorException  # noqa: E402

from xiezhi.web.accounts.viewer import system_scope  # noqa: E402
from xiezhi.web.jobs.actions.starting import start  # noqa: E402
from xiezhi.web.jobs.models import Job  # noqa: E402
from xiezhi.web.jobs.states import FINAL  # noqa: E402

POLL = 0.5
SYSTEM = "drill"
AWAY = (DatabaseError, ConnectorException)


def asked(kind: str) -> Job:
    """The answer may be lost after the job was made: then the live job of the same key is found instead of a second."""
    while True:
        try:
            with system_scope(SYSTEM) as by:
                return start(kind, by=by, title=kind, key=kind)
        except AWAY:
            connection.close()
            time.sleep(POLL)


def ended(job: Job) -> str:
    while True:
        try:
            with system_scope(SYSTEM):
                state = Job.objects.values_list("state", flat=True).get(pk=job.pk)
        except AWAY:
            connection.close()
        else:
            if state in FINAL:
                return str(state)
        time.sleep(POLL)


for line in sys.stdin:
    print(ended(asked(line.strip())), flush=True)
