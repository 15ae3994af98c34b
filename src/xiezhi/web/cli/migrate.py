"""xiezhi migrate"""

from __future__ import annotations

from typing import Any

import click
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections

from xiezhi.cli.terminal import err, say
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.cli.database import prepare, reachable, require_owner
from xiezhi.web.database import shape
from xiezhi.web.database.embedded import Embedded
from xiezhi.web.matters.actions.calendars import seed_years


@click.command("migrate")
@click.option("--accept-altered", is_flag=True, help="接受被改动的数据库定义 / what was altered since was meant.")
def command(accept_altered: bool) -> None:
    """建立或升级数据库 / make or upgrade the database, as the owner of its tables. Safe to repeat."""
    require_owner()
    with reachable() as server:
        migrate(server, accept_altered=accept_altered)
    err().print(say("数据库已是最新", "the database is up to date"))


def migrate(server: Embedded | None, *, accept_altered: bool = False) -> None:
    """Bring the database up to date and write down what is defined in it.

    Raises IntegrityError where that was altered since the last time, unless `accept_altered`.
    """
    owner = connections["owner"]
    known = _is_made(owner)
    if known and not accept_altered:
        shape.refuse_altered(settings.XIEZHI_HOME, owner.connection)
    shape.forget(settings.XIEZHI_HOME)
    prepare(server)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    call_command("createcachetable", database="owner", verbosity=0)
    with system_scope("migrate") as by:
        seed_years(by=by)
    owner.ensure_connection()
    shape.keep(settings.XIEZHI_HOME, owner.connection)


def _is_made(owner: Any) -> bool:
    """Whether there is a database of ours: on the first day there is none, nor the role that would ask."""
    try:
        owner.ensure_connection()
        return "django_migrations" in owner.introspection.table_names()
    except DatabaseError:
        return False
