"""A process that serves pages: `python -m xiezhi.web.cli.pages <descriptor of the listening socket>`.

Every request is read whole, in one loop over all connections, before a thread takes it: who sends slowly holds a connection and
no thread. (With a thread to each connection sixteen slow forms stalled the site.)
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from copy import copy
from types import FrameType
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server

from xiezhi.web.config.wsgi import application

THREADS = 4
"""Requests answered at once by one process."""

CONNECTIONS = 1000
"""Held by one process; more wait in the kernel's queue. nginx allows each address far fewer."""

IDLE = 60
"""Seconds after which a connection on which nothing came or went is closed."""

STATEMENT = 120
"""Seconds that one statement for a page may take; PGOPTIONS, where it is set, says otherwise. Everything long is a job."""

MOST_BODY = 2 << 30
"""Bytes of the largest delivery, as `deploy/nginx.conf` has it."""

DELIVERED_TO = ("/deliveries/upload/", "/api/v1/deliveries")
"""Where deliveries come in. Bodies are read before anybody is asked who they are: elsewhere a form's size is enough."""

MOST_FORM = 4 << 20
"""Bytes of any other body: the longest form holds some thousand characters."""


class _Request(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """A request whose body may be as long as what comes in at its address."""

    adj: Any

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if not str(self.path).startswith(DELIVERED_TO):
            limits = copy(self.adj)
            limits.max_request_body_size = MOST_FORM
            self.adj = limits


class _Channel(HTTPChannel):  # type: ignore[misc]  # nor here
    parser_class = _Request


def main(descriptor: int) -> None:
    """Serve until SIGTERM, which gives the requests that are being answered five seconds to end (waitress's own)."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal interrupts all; whoever keeps this process says when it ends
    os.environ.setdefault("PGOPTIONS", f"-c statement_timeout={STATEMENT}s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = create_server(
        application,
        sockets=[socket.socket(fileno=descriptor)],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE,
        max_request_body_size=MOST_BODY,
        asyncore_use_poll=True,  # `select` knows no more than 1024 descriptors
        clear_untrusted_proxy_headers=False,  # which proxies are trusted is the platform's own setting
        ident=None,
    )
    server.channel_class = _Channel
    server.run()


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit


if __name__ == "__main__":
    main(int(sys.argv[1]))
