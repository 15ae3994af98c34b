"""Who sends slowly holds a connection, and nobody else's answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.web.cli.running import Serving, Shell

SLOW = 60
"""More than the web has threads, many times over."""

PIECES = {
    "a form of which one byte comes": b"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\na",
    "half a head": b"GET /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: a",
    "nothing at all": b"",
}


CHUNKED = "Transfer-Encoding: chunked"


@pytest.fixture
def serving(migrated: Shell) -> Iterator[Serving]:
    with migrated.serving("--no-worker") as serving:
        serving.get("/health/live/", Host="127.0.0.1")
        yield serving


def test_slow_senders_stall_nobody(serving: Serving) -> None:
    """With one thread to a connection these would hold them all until they tire; `ask` waits half a minute and no longer."""
    with ExitStack() as open_:
        for piece in [*PIECES.values()] * (SLOW // len(PIECES)):
            one = open_.enter_context(socket.create_connection(("127.0.0.1", serving.port)))
            one.sendall(piece)
        assert serving.ask("GET", "/health/live/", {"Host": "127.0.0.1"}).status == 200
        assert serving.ask("GET", "/account/login/", {"Host": "127.0.0.1"}).status == 200


def test_a_body_that_comes_in_pieces_is_read_whole(serving: Serving) -> None:
    """A form without its token: refused by the form, not by how it came."""
    form = serving.get("/account/login/", Host="127.0.0.1")
    body = b"login=a&password=b"
    head = f"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {form.cookie}\r\nContent-Length: {len(body)}\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", serving.port), timeout=60) as one:
        for piece in (head.encode(), *(body[at : at + 1] for at in range(len(body)))):
            one.sendall(piece)
        answer = b"".join(iter(lambda: one.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize(
    ("address", "length"),
    [("/account/login/", "Content-Length: 5000000"), ("/nothing/", "Content-Length: 5000000"), ("/me/theme/", CHUNKED)],
)
def test_a_form_as_long_as_a_delivery_is_not_read(address: str, length: str, serving: Serving) -> None:
    """Bodies lie in a temporary file before anybody is asked who they are: 2 GiB for whoever asks would fill the disk."""
    with socket.create_connection(("127.0.0.1", serving.port), timeout=60) as one:
        one.sendall(f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n{length}\r\n\r\n".encode())
        if length == CHUNKED:
            one.sendall(b"500000\r\n" + b"a" * 0x500000 + b"\r\n")
        assert one.recv(65536).startswith(b"HTTP/1.1 413")


def test_where_deliveries_come_in_a_long_body_is_waited_for(serving: Serving) -> None:
    with socket.create_connection(("127.0.0.1", serving.port), timeout=1) as one:
        one.sendall(b"POST /deliveries/upload/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500000000\r\n\r\n")
        with pytest.raises(TimeoutError):
            one.recv(1)


def test_a_port_that_is_taken_is_told(migrated: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = migrated.xiezhi("serve", "--port", str(taken.getsockname()[1]))
    assert ran.code == 2
    assert "XZ-SERVE-01" in ran.err
    assert "Traceback" not in ran.err
