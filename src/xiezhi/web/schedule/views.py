"""The table of what happens by itself."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.jobs.presenters import TONES, state_word
from xiezhi.web.jobs.states import JobState
from xiezhi.web.schedule import queries


@guarded(Permission.SYSTEM_RUN)
def table(request: Request) -> HttpResponse:
    rows = [
        {
            "line": line,
            "word": state_word(line.state) if line.state else "",
            "tone": TONES[JobState(line.state)] if line.state else "",
        }
        for line in queries.lines(request.viewer)
    ]
    return render(request, "schedule/table.html", {"rows": rows})
