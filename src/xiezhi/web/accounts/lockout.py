"""The answer after too many failures: when to try again, and who can help."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    """429, and the same words whether or not the account exists."""
    return render(request, "accounts/locked.html", status=429)
