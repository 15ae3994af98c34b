"""For load balancers and monitoring: alive, ready, and figures. They say nothing about anyone's data."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from xiezhi.web.accounts.guard import public
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.doctor.metrics import Platform


@public()
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "alive"})


@public()
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers too: 503 where it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ready"})


@public()
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, for whoever sends the token of XIEZHI_METRICS_TOKEN_FILE; to others the page does not exist.

    Not by address: behind a proxy everybody comes from this machine.
    """
    if not _knows_the_token(request.headers.get("Authorization", "")):
        raise Http404
    registry = CollectorRegistry()
    with system_scope("metrics"):
        registry.register(Platform())
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _knows_the_token(said: str) -> bool:
    """Read anew each time, so that a new token needs no restart. An empty file is no token."""
    path = settings.XIEZHI_METRICS_TOKEN_FILE
    token = path.read_text("utf-8").strip() if path is not None and path.is_file() else ""
    return bool(token) and constant_time_compare(said, f"Bearer {token}")
