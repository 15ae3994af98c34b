"""A database as a site has it, and how tests speak to it: as owner, as application, through Django's own migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from xiezhi.web.database import roles
from xiezhi.web.database.context import set_context
from xiezhi.web.database.embedded import Embedded


@dataclass(frozen=True)
class Site:
    server: Embedded
    database: str
    blocker: Any
    """What keeps other tests away from Django's connections; these make their own."""

    def url(self, role: str) -> str:
        return self.server.url(role, self.database)

    def connect(self, role: str = roles.APP) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url(role))

    def owner(self, *statements: str) -> None:
        with psycopg.connect(self.url(roles.OWNER)) as connection:
            for statement in statements:
                connection.execute(statement)

    @contextmanager
    def acting(self, role: str = roles.APP, **context: Any) -> Iterator[psycopg.Connection[Any]]:
        """A transaction under a context: `acting(paths=["1."])` sets xiezhi.paths."""
        with psycopg.connect(self.url(role)) as connection:
            set_context(connection, {f"xiezhi.{name}": value for name, value in context.items()})
            yield connection

    def migrate(self, *operations: Operation) -> None:
        self._run(operations, forwards=True)

    def undo(self, *operations: Operation) -> None:
        self._run(operations, forwards=False)

    @contextmanager
    def django(self, role: str = roles.OWNER) -> Iterator[DatabaseWrapper]:
        """Django's own connection."""
        values = {"NAME": self.database, "USER": role, "HOST": str(self.server.socket_folder), "PASSWORD": "", "PORT": ""}
        plain = {"OPTIONS": {}, "TIME_ZONE": None, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True}
        connection = DatabaseWrapper({**values, **plain, "ATOMIC_REQUESTS": False, "TEST": {}}, alias=self.database)
        connections[self.database] = connection
        with self.blocker.unblock():
            try:
                yield connection
            finally:
                connection.close()
                del connections[self.database]

    def _run(self, operations: tuple[Operation, ...], *, forwards: bool) -> None:
        state = ProjectState()
        with self.django() as connection, connection.schema_editor() as editor:
            for operation in operations:
                act = operation.database_forwards if forwards else operation.database_backwards
                act("alerts", editor, state, state)
