"""The way in for machines: a token, a rate, a scope. Browsers' sessions open nothing here, so nothing here needs CSRF."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.utils import translation

from xiezhi.kernel import clock
from xiezhi.web.accounts.request import Request
from xiezhi.web.accounts.scope import entered
from xiezhi.web.accounts.viewer import ANONYMOUS, Viewer
from xiezhi.web.api import events, queries
from xiezhi.web.api.actions.tokens import digest_of, used
from xiezhi.web.api.models import MachineToken
from xiezhi.web.api.problems import NO_TOKEN, Problem, answer, too_many
from xiezhi.web.audit.context import address_of
from xiezhi.web.audit.record import record

A_MINUTE = 60
CALLS = 600
"""Requests of one token in a minute."""
FAILURES = 30
"""Requests without a valid token from one address in a minute."""

View = Callable[..., HttpResponseBase]


def door(view: View) -> View:
    """Lets a machine through, acting as its account, or answers with a problem."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.viewer, request.held_posts = ANONYMOUS, []
        try:
            token, viewer = _known(request)
        except Problem as problem:
            return answer(request, problem)
        request.viewer = viewer
        with entered(viewer.scope), translation.override(viewer.language):
            response = view(request, *args, **kwargs)
            if request.method == "GET" and response.status_code == HTTPStatus.OK:
                record(events.READ, by=viewer, on=request.path, token=token.prefix)
        used(token)
        return response

    guarded.permission, guarded.audience = None, "machine"  # type: ignore[attr-defined]
    guarded.csrf_exempt = True  # type: ignore[attr-defined]
    return guarded


def _known(request: Request) -> tuple[MachineToken, Viewer]:
    address = address_of(request)
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        _limit(f"api:none:{address}", FAILURES)
        raise NO_TOKEN
    token = queries.token_of(digest_of(secret.strip()))
    viewer = queries.machine_of(token, address) if token is not None else None
    if token is None or viewer is None:
        _limit(f"api:none:{address}", FAILURES)
        named = token.prefix if token else "?"
        record(events.TURNED_AWAY, by=ANONYMOUS, on=request.path, outcome="refused", token=named)
        raise NO_TOKEN
    _limit(f"api:{token.pk}", CALLS)
    return token, viewer


def _limit(name: str, most: int) -> None:
    """Count one more in this minute. Raises Problem once it is too many.

    One at a time under a lock: the database cache reads and then writes, so that of many at once most would not be counted.
    """
    second = int(clock.now().timestamp())
    minute, left = second // A_MINUTE, A_MINUTE - second % A_MINUTE
    key = f"{name}:{minute}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        cache.add(key, 0, 2 * A_MINUTE)
        count = cache.incr(key)
    if count > most:
        raise too_many(left)
