"""What every event of the present request carries: from where, under which number, for what purpose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNIX = "unix"
"""In TRUSTED_PROXIES: whoever reaches us through a unix socket."""


@dataclass(frozen=True)
class Facts:
    """Empty where there is no request: a job, a command."""

    ip: str = ""
    request_id: str = ""
    purpose: str = ""
    case: str = ""


_NONE = Facts()
_present: ContextVar[Facts] = ContextVar("xiezhi_request_facts", default=_NONE)


def present() -> Facts:
    return _present.get()


@contextmanager
def facts(*, ip: str = "", request_id: str = "") -> Iterator[Facts]:
    """What is recorded inside came with this request."""
    token = _present.set(Facts(ip=ip, request_id=request_id))
    try:
        yield _present.get()
    finally:
        _present.reset(token)


@contextmanager
def for_purpose(purpose: str, case: str = "") -> Iterator[Facts]:
    """What is recorded inside was done for this purpose, and for this case where there is one."""
    token = _present.set(replace(_present.get(), purpose=purpose, case=case))
    try:
        yield _present.get()
    finally:
        _present.reset(token)


def address_of(request: HttpRequest) -> str:
    """Whence a request came: the nearest address that is none of our own proxies. Anybody may send X-Forwarded-For;
    it is believed only as far as trusted proxies wrote it.
    """
    hops = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    nearest = str(request.META.get("REMOTE_ADDR") or UNIX)
    while hops and is_trusted(nearest):
        nearest = hops.pop()
    return "" if nearest == UNIX else _canonical(nearest)


def is_trusted(address: str) -> bool:
    """Whether this is one of the site's own proxies: TRUSTED_PROXIES holds addresses, networks, or "unix"."""
    trusted: tuple[str, ...] = tuple(getattr(settings, "TRUSTED_PROXIES", ()))
    if address == UNIX:
        return UNIX in trusted
    try:
        asked = ip_address(address)
        return any(asked in ip_network(one, strict=False) for one in trusted if one != UNIX)
    except ValueError:
        return False


def _canonical(address: str) -> str:
    """One spelling of an address; what is none is not written into the trail."""
    try:
        return str(ip_address(address))
    except ValueError:
        return ""
