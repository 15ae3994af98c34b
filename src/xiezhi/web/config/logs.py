"""Logs: one JSON line an event, with the request's number, and nothing in it that names a person."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

from xiezhi.web.audit.context import present

LONG_NUMBER = re.compile(r"(?<!\d)(\d{3})\d{7,16}([\dXx])(?![\dXx])")
"""Citizen ids, phones and bank accounts: whatever a traceback or a library puts into a message."""


def with_request(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the number under which the trail knows this request."""
    if number := present().request_id:
        event["request"] = number
    return event


def without_identities(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask long numbers in every text of the event. The request's own number may look like one, and has to stay whole."""
    texts = {key for key, value in event.items() if isinstance(value, str) and key != "request"}
    return {key: LONG_NUMBER.sub(r"\1***\2", value) if key in texts else value for key, value in event.items()}


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    with_request,
    structlog.processors.format_exc_info,
    without_identities,
]


def logging() -> dict[str, Any]:
    """Django's LOGGING: everything to stderr, as the service manager expects it."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "xiezhi": {"level": "INFO"},
            "django": {"level": "WARNING"},
            "axes": {"level": "ERROR"},
            "procrastinate": {"level": "WARNING"},
        },
    }
