"""Migration operations for row-level security. Each says what it does, can be undone, and shows its SQL in `sqlmigrate`.

Inserting into a table made with `insert="any"`, or into a trail, a person may write rows they cannot see. PostgreSQL then
refuses `RETURNING`: give such models a key made by Python (a UUID), not by the database.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from django.db import router
from django.db.migrations.operations.base import Operation, OperationCategory

from xiezhi.kernel.errors import UserError
from xiezhi.web.database.functions import predicate
from xiezhi.web.database.roles import APP

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState

Insert = Literal["scope", "any"]

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_RIGHTS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})


class SqlOperation(Operation):
    """SQL both ways. The state of the models is untouched: Django knows nothing of roles and policies."""

    reduces_to_sql = True
    reversible = True
    elidable = False
    category = OperationCategory.SQL

    def __init__(self, table: str) -> None:
        self.table = _name(table)

    def forwards_sql(self) -> tuple[str, ...]:
        raise NotImplementedError

    def backwards_sql(self) -> tuple[str, ...]:
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._execute(app_label, schema_editor, self.forwards_sql())

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._execute(app_label, schema_editor, self.backwards_sql())

    def _execute(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, statements: tuple[str, ...]) -> None:
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            for statement in statements:
                schema_editor.execute(statement, params=None)

    @property
    def migration_name_fragment(self) -> str:
        return f"{type(self).__name__.lower()}_{self.table}"


class _RightsOperation(SqlOperation):
    """A change of what the application may do with a table."""

    def __init__(self, table: str, privileges: str) -> None:
        super().__init__(table)
        self.privileges = privileges
        self.rights = _rights(privileges)

    def _grant(self) -> str:
        return f'GRANT {self.rights} ON "{self.table}" TO {APP}'

    def _revoke(self) -> str:
        return f'REVOKE {self.rights} ON "{self.table}" FROM {APP}'


class GrantToApp(_RightsOperation):
    """The application may do these with the table, beside what it may already."""

    def describe(self) -> str:
        return f"Let the application {self.rights} on {self.table}"

    def forwards_sql(self) -> tuple[str, ...]:
        return (self._grant(),)

    def backwards_sql(self) -> tuple[str, ...]:
        return (self._revoke(),)


class RevokeFromApp(_RightsOperation):
    """The application may no longer do these with the table. Default privileges give it all four at first."""

    def describe(self) -> str:
        return f"Take {self.rights} on {self.table} from the application"

    def forwards_sql(self) -> tuple[str, ...]:
        return (self._revoke(),)

    def backwards_sql(self) -> tuple[str, ...]:
        return (self._grant(),)


class _PolicyOperation(SqlOperation):
    """A table of which a person sees the rows that a condition takes in. FORCE: its owner is bound as well."""

    def __init__(self, table: str, insert: Insert) -> None:
        super().__init__(table)
        if insert not in ("scope", "any"):
            raise _wrong(insert)
        self.insert = insert

    def condition(self) -> str:
        raise NotImplementedError

    def forwards_sql(self) -> tuple[str, ...]:
        seen = self.condition()
        added = seen if self.insert == "scope" else "true"
        return (
            f'ALTER TABLE "{self.table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{self.table}" FORCE ROW LEVEL SECURITY',
            f'CREATE POLICY "xiezhi_read" ON "{self.table}" FOR SELECT USING ({seen})',
            f'CREATE POLICY "xiezhi_add" ON "{self.table}" FOR INSERT WITH CHECK ({added})',
            f'CREATE POLICY "xiezhi_change" ON "{self.table}" FOR UPDATE USING ({seen}) WITH CHECK ({seen})',
            f'CREATE POLICY "xiezhi_remove" ON "{self.table}" FOR DELETE USING ({seen})',
        )

    def backwards_sql(self) -> tuple[str, ...]:
        names = ("xiezhi_remove", "xiezhi_change", "xiezhi_add", "xiezhi_read")
        return (
            *(f'DROP POLICY "{name}" ON "{self.table}"' for name in names),
            f'ALTER TABLE "{self.table}" NO FORCE ROW LEVEL SECURITY',
            f'ALTER TABLE "{self.table}" DISABLE ROW LEVEL SECURITY',
        )


class ScopedTable(_PolicyOperation):
    """Rows are seen, added and changed inside the scope of whoever acts: unit, line of work, rank, label, recusal.

    A column given as None is not there. `insert="any"`: rows may be added for others, though not seen.
    """

    def __init__(
        self,
        table: str,
        path: str = "unit_path",
        line: str | None = "line",
        cadre: str | None = "cadre_level",
        label: str | None = "label",
        subject: str | None = "subject_key",
        insert: Insert = "scope",
        parties: str | None = None,
        holders: str | None = None,
    ) -> None:
        super().__init__(table, insert)
        self.path = _name(path)
        columns = (line, cadre, label, subject, parties, holders)
        self.line, self.cadre, self.label, self.subject, self.parties, self.holders = (_optional(name) for name in columns)

    def describe(self) -> str:
        return f"Show of {self.table} only rows within the scope of whoever acts"

    def condition(self) -> str:
        names = (_quoted(name) for name in (self.line, self.cadre, self.label, self.subject, self.parties, self.holders))
        return predicate(f'"{self.path}"', *names)


class PartiesTable(ScopedTable):
    """Rows of a table that `ScopedTable` scoped before, with the columns it has by default, are from now on also hidden from
    whoever is recused from one of their `parties`."""

    def __init__(self, table: str, insert: Insert = "scope", parties: str = "parties") -> None:
        super().__init__(table, insert=insert, parties=parties)
        self._before = ScopedTable(table, insert=insert)

    def describe(self) -> str:
        return f"Show rows of {self.table} to nobody who is recused from one of their {self.parties}"

    def forwards_sql(self) -> tuple[str, ...]:
        return (*self._before.backwards_sql(), *super().forwards_sql())

    def backwards_sql(self) -> tuple[str, ...]:
        return (*super().backwards_sql(), *self._before.forwards_sql())


class ReplacePolicy(SqlOperation):
    """Rows of a table that `before` protected are from now on protected by `after`."""

    def __init__(self, before: _PolicyOperation, after: _PolicyOperation) -> None:
        super().__init__(after.table)
        self.before, self.after = before, after

    def describe(self) -> str:
        return self.after.describe()

    def forwards_sql(self) -> tuple[str, ...]:
        return (*self.before.backwards_sql(), *self.after.forwards_sql())

    def backwards_sql(self) -> tuple[str, ...]:
        return (*self.after.backwards_sql(), *self.before.forwards_sql())


class FollowingTable(_PolicyOperation):
    """Rows are seen by whoever sees the row of `of` that their `column` names, by that table's own policy."""

    def __init__(self, table: str, of: str, column: str, insert: Insert = "scope") -> None:
        super().__init__(table, insert)
        self.of, self.column = _name(of), _name(column)

    def describe(self) -> str:
        return f"Show rows of {self.table} to whoever sees their {self.of}"

    def condition(self) -> str:
        seen = f'EXISTS (SELECT FROM "{self.of}" AS followed WHERE followed.id = "{self.table}"."{self.column}")'
        return f"((SELECT public.xiezhi_system()) OR {seen})"


class OwnRowsTable(_PolicyOperation):
    """Rows are seen by the one user whom `column` names."""

    def __init__(self, table: str, column: str = "user_id", insert: Insert = "scope") -> None:
        super().__init__(table, insert)
        self.column = _name(column)

    def describe(self) -> str:
        return f"Show of {self.table} only the rows of whoever acts"

    def condition(self) -> str:
        return f'((SELECT public.xiezhi_system()) OR "{self.column}" = (SELECT public.xiezhi_user()))'


class TrailTable(SqlOperation):
    """Rows are only ever added, by anyone; read by those who may read the trail; changed and removed by nobody.

    The triggers bind the owner and a superuser too, and are on even while rows are replicated. An owner could still take
    them off: that shows in the signed checkpoints outside the database.
    """

    def describe(self) -> str:
        return f"Let rows of {self.table} only be added"

    def forwards_sql(self) -> tuple[str, ...]:
        table = f'"{self.table}"'
        return (
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP}",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f'CREATE POLICY "xiezhi_read" ON {table} FOR SELECT USING ((SELECT public.xiezhi_reads_trail()))',
            f'CREATE POLICY "xiezhi_add" ON {table} FOR INSERT WITH CHECK (true)',
            f'CREATE TRIGGER "xiezhi_trail_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}'
            " FOR EACH STATEMENT EXECUTE FUNCTION public.xiezhi_trail_only()",
            f'ALTER TABLE {table} ENABLE ALWAYS TRIGGER "xiezhi_trail_only"',
        )

    def backwards_sql(self) -> tuple[str, ...]:
        table = f'"{self.table}"'
        return (
            f'DROP TRIGGER "xiezhi_trail_only" ON {table}',
            f'DROP POLICY "xiezhi_add" ON {table}',
            f'DROP POLICY "xiezhi_read" ON {table}',
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            f"GRANT UPDATE, DELETE ON {table} TO {APP}",
        )


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise _wrong(text)
    return text


def _optional(text: str | None) -> str | None:
    return None if text is None else _name(text)


def _quoted(name: str | None) -> str | None:
    return None if name is None else f'"{name}"'


def _rights(privileges: str) -> str:
    parts = [part.strip().upper() for part in privileges.split(",")]
    for part in parts:
        if part not in _RIGHTS:
            raise _wrong(part)
    return ", ".join(parts)


def _wrong(text: str) -> UserError:
    return UserError(
        "XZ-DB-12",
        zh=f"迁移操作中的名称或权限不合法:{text!r}",
        en=f"{text!r} is no name or right for a migration operation",
        todo_zh="表和列用小写字母、数字、下划线;权限为 SELECT, INSERT, UPDATE, DELETE",
        todo_en="tables and columns in small letters, digits and underscores; rights are SELECT, INSERT, UPDATE, DELETE",
    )
