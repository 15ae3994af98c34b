"""xiezhi migrate"""

from __future__ import annotations

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from xiezhi.cli.terminal import err, say
from xiezhi.web.command.database import prepare, reachable, require_owner
from xiezhi.web.database import shape


@click.command("migrate")
def command() -> None:
    """建立或升级数据库 / make or upgrade the database, as the owner of its tables. Safe to repeat."""
    require_owner()
    with reachable() as server:
        prepare(server)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        call_command("createcachetable", database="owner", verbosity=0)
        owner = connections["owner"]
        owner.ensure_connection()
        shape.keep(settings.XIEZHI_HOME, owner.connection)
    err().print(say("数据库已是最新", "the database is up to date"))
