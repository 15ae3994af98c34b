"""Facts of the present request that every event of it carries: from where, under which number, for what purpose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class RequestFacts:
    """Empty where there is no request: a job, a command."""

    ip: str = ""
    request_id: str = ""
    purpose: str = ""
    case: str = ""


_NONE = RequestFacts()
_present: ContextVar[RequestFacts] = ContextVar("xiezhi_request_facts", default=_NONE)


def present() -> RequestFacts:
    return _present.get()


@contextmanager
def facts(*, ip: str = "", request_id: str = "") -> Iterator[RequestFacts]:
    """What is recorded inside came with this request."""
    token = _present.set(RequestFacts(ip=ip, request_id=request_id))
    try:
        yield _present.get()
    finally:
        _present.reset(token)


@contextmanager
def for_purpose(purpose: str, case: str = "") -> Iterator[RequestFacts]:
    """What is recorded inside was done for this purpose, and for this case where there is one."""
    token = _present.set(replace(_present.get(), purpose=purpose, case=case))
    try:
        yield _present.get()
    finally:
        _present.reset(token)
