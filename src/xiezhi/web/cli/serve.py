"""xiezhi serve"""

from __future__ import annotations

import logging
import signal
import socket
import threading

import click
from django.conf import settings
from django.db import connection

from xiezhi.cli.terminal import err, say
from xiezhi.kernel.errors import IntegrityError, RetryableError, UserError
from xiezhi.web.accounts.actions import links
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.cli.children import Child, keep
from xiezhi.web.cli.database import reachable
from xiezhi.web.cli.migrate import migrate
from xiezhi.web.cli.static import prepare_static
from xiezhi.web.database import embedded
from xiezhi.web.database.role_checks import check_app_role
from xiezhi.web.deliveries.actions.mirroring import mirror_all
from xiezhi.web.jobs.worker import start_reaper

BACKLOG = 1024
"""Connections that wait in the kernel until a web process takes them."""

log = logging.getLogger("xiezhi.serve")


@click.command("serve")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="地址;前面要有 TLS 代理 / address; put a TLS proxy before it."
)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="端口 / port.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="网页进程数 / web processes.")
@click.option("--jobs", type=click.IntRange(1, 32), default=2, show_default=True, help="同时任务数 / background jobs at once.")
@click.option("--no-worker", is_flag=True, help="不带后台任务进程 / without the process of background jobs.")
def command(host: str, port: int, workers: int, jobs: int, no_worker: bool) -> None:
    """打开平台:网页与后台任务 / run the platform: web and background jobs. Ctrl-C ends it.

    What a dead worker held is given back from here, too. With the embedded PostgreSQL the database is made or upgraded
    first; a site's own is upgraded by `xiezhi migrate`.
    """
    stop, listening = threading.Event(), _listen(host, port)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with reachable() as server:
        if server is not None:
            migrate(server)
        _assert_role()
        prepare_static()
        mirror_all()
        _say_where(host, port)
        connection.close()
        start_reaper(stop=stop)
        with listening:
            keep(_children(listening, workers, 0 if no_worker else jobs), stop, lambda: _tend(server))


def _children(listening: socket.socket, workers: int, jobs: int) -> list[Child]:
    pages = ("xiezhi.web.cli.pages", str(listening.fileno()))
    web = [Child("web", pages, (listening.fileno(),)) for _ in range(workers)]
    return [*web, *([Child("worker", ("xiezhi", "worker", "--concurrency", str(jobs)))] if jobs else [])]


def _listen(host: str, port: int) -> socket.socket:
    """The socket that all web processes accept from; it is there before any of them is, and while one starts again."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise UserError(
            "XZ-SERVE-01",
            zh=f"{host}:{port} 不能用：{error.strerror}",
            en=f"{host}:{port} cannot be used: {error.strerror}",
            todo_zh="换一个端口（--port），或先停掉占用它的程序",
            todo_en="choose another port (--port), or stop what uses it",
        ) from error


def _tend(server: embedded.Embedded | None) -> None:
    """Bring a killed database back. One that does not come at once, because it was killed again, comes at the next look."""
    if server is not None and not server.listening():
        try:
            embedded.start(settings.XIEZHI_HOME / "postgres")
        except RetryableError as error:
            log.warning("%s", error)


def _assert_role() -> None:
    """Refuse to serve where row-level security would not hold."""
    findings = check_app_role(connection)
    if findings:
        first = findings[0]
        raise IntegrityError(first.code, zh=first.what.zh, en=first.what.en, todo_zh=first.todo.zh, todo_en=first.todo.en)


def _say_where(host: str, port: int) -> None:
    site = _address(host, port)
    _tell(say(f"獬豸在 {site}/ （Ctrl-C 结束）", f"xiezhi is at {site}/ (Ctrl-C ends it)"))
    if not User.objects.exists():
        with system_scope("first_run") as by:
            secret = links.make_link(None, by=by, minutes=24 * 60)
        link = f"{site}/setup/{secret}/"
        _tell(say(f"首次使用，请打开（24 小时内有效，只能用一次）：{link}", f"first run: open {link} (once, within 24 hours)"))


def _address(host: str, port: int) -> str:
    """As people reach it: behind a TLS proxy by the site's name, else here."""
    return f"https://{settings.ALLOWED_HOSTS[0]}" if settings.SESSION_COOKIE_SECURE else f"http://{host}:{port}"


def _tell(text: str) -> None:
    """In one line, however narrow the terminal or the journal: a link that is broken in two opens nothing."""
    err().print(text, soft_wrap=True)
