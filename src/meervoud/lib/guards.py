"""Guards of the database: what it refuses, whatever the code does.

On SQLite they are triggers, which Django drops without a word whenever it rebuilds the table; so they are made again after
every migrate, and a check refuses to start without them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.signals import post_migrate


@dataclass(frozen=True)
class Guard:
    """One guard over one table.

    Attributes:
        table: that it stands over.
        name: of the guard; what the database says when it refuses.
        triggers: for SQLite, by name.
        postgres: statements that make it on PostgreSQL.
        undo: statements that take it away there.
        asks: a query that finds a row where it stands there.
        check: number of the check that refuses to start without it.
        danger: what could happen without it, for that check.
        prepare: what PostgreSQL needs first.
    """

    table: str
    name: str
    triggers: Mapping[str, str]
    postgres: tuple[str, ...]
    undo: tuple[str, ...]
    asks: str
    check: str
    danger: str
    prepare: Callable[[BaseDatabaseSchemaEditor], None] | None = None

    def add(self, apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG002  # Any: Django's own signature
        """Put the guard on the table, in its first migration."""
        if editor.connection.vendor == "sqlite":
            self.put_triggers(editor.connection)
            return
        if self.prepare is not None:
            self.prepare(editor)
        for statement in self.postgres:
            editor.execute(statement)

    def drop(self, apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG002  # Any: Django's own signature
        """Take the guard away, when the first migration is taken back."""
        is_sqlite = editor.connection.vendor == "sqlite"
        for statement in [f"DROP TRIGGER IF EXISTS {each}" for each in self.triggers] if is_sqlite else self.undo:
            editor.execute(statement)

    def put_triggers(self, connection: BaseDatabaseWrapper) -> None:
        """Make the triggers that are missing."""
        with connection.cursor() as cursor:
            for name in self.missing(connection):
                cursor.execute(self.triggers[name])

    def missing(self, connection: BaseDatabaseWrapper) -> list[str]:
        """Return the names of what is not there, [] where all is or the table is not there yet."""
        with connection.cursor() as cursor:
            if self.table not in connection.introspection.table_names(cursor):
                return []
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [self.table])
                return sorted(set(self.triggers) - {row[0] for row in cursor.fetchall()})
            cursor.execute(self.asks)
            return [] if cursor.fetchone() else [self.name]

    def put_back_after_migrate(self, sender: AppConfig, using: str, **_: Any) -> None:  # noqa: ARG002  # Any: a signal's values
        """Make the triggers again that a rebuild of the table has dropped."""
        if connections[using].vendor == "sqlite":
            self.put_triggers(connections[using])

    def look(self, app_configs: Any, databases: Any = None, **_: Any) -> list[CheckMessage]:  # noqa: ARG002  # Any: Django's own
        """Refuse to start without the guard."""
        missing = [name for alias in databases or [DEFAULT_DB_ALIAS] for name in self.missing(connections[alias])]
        return [
            Error(f"The guard {name} is missing: {self.danger}. Run migrate; it puts the guard back.", id=self.check)
            for name in missing
        ]


def stand(guard: Guard, sender: AppConfig) -> None:
    """Let a room check its guard at every start, and put it back after every migrate."""

    def look(app_configs: Any, databases: Any = None, **rest: Any) -> list[CheckMessage]:  # Any: Django's own
        return guard.look(app_configs, databases, **rest)

    register(look, Tags.database)
    post_migrate.connect(guard.put_back_after_migrate, sender=sender, dispatch_uid=guard.name)
