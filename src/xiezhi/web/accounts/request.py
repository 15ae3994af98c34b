"""A request as it reaches a view: with who acts, in which of their posts."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from xiezhi.web.accounts.models import Post
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer


class Request(HttpRequest):
    """What the middleware adds, for the type checker: views are written against this, Django makes its own."""

    viewer: Viewer
    held_posts: list[Post]
    """Those held today, of whoever is signed in."""
    htmx: HtmxDetails
    ended: str
    """Why a session ended with this very request, or ""."""
    failed: bool
    """A view raised; what it wrote is undone."""
    refused: Permission | None
    """What the post would have needed."""
    request_id: str
    way_in: str
    has_two_factors: bool
    """Whoever vouched for the person has asked for two factors, and the site says that this is enough."""
