"""The guard of the database over occupations: no two active ones of an atom overlap, whatever the code does.

PostgreSQL: an exclusion constraint. SQLite: two triggers, which Django drops without a word whenever it rebuilds the
table; so they are made again after every migrate, and the check below refuses to start without them.
"""

from typing import Any, Final

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.utils import DatabaseError

TABLE: Final = "supply_occupation"
NAME: Final = "no_two_occupations_of_an_atom_overlap"
POSTGRES: Final = f"""
ALTER TABLE {TABLE} ADD CONSTRAINT {NAME}
EXCLUDE USING gist (atom_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (is_active)
"""
OVERLAPS: Final = f"""
SELECT RAISE(ABORT, '{NAME}') WHERE EXISTS (
  SELECT 1 FROM {TABLE} WHERE atom_id = NEW.atom_id AND is_active AND id <> NEW.id
    AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at
);
"""  # noqa: S608  # constants
TRIGGERS: Final = {
    f"{TABLE}_insert": f"CREATE TRIGGER {TABLE}_insert BEFORE INSERT ON {TABLE} WHEN NEW.is_active BEGIN {OVERLAPS} END",
    f"{TABLE}_update": (
        f"CREATE TRIGGER {TABLE}_update BEFORE UPDATE OF atom_id, starts_at, ends_at, is_active ON {TABLE} "
        f"WHEN NEW.is_active BEGIN {OVERLAPS} END"
    ),
}
NO_EXTENSION: Final = (
    "PostgreSQL lacks the extension btree_gist, and this user may not add it. Ask whoever runs the database to run "
    "CREATE EXTENSION btree_gist; in it, and migrate again."
)


def add_guard(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001  # Any: Django's own signature
    """Put the guard on the table, in its first migration."""
    if editor.connection.vendor == "sqlite":
        put_triggers(editor.connection)
        return
    try:
        editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    except DatabaseError as error:
        raise DatabaseError(NO_EXTENSION) from error
    editor.execute(POSTGRES)


def drop_guard(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001  # Any: Django's own signature
    """Take the guard away, when the first migration is taken back."""
    if editor.connection.vendor == "sqlite":
        for name in TRIGGERS:
            editor.execute(f"DROP TRIGGER IF EXISTS {name}")
    else:
        editor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT IF EXISTS {NAME}")


def put_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers that are missing."""
    with connection.cursor() as cursor:
        for name in missing_guards(connection):
            cursor.execute(TRIGGERS[name])


def missing_guards(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of guards that are not there, [] where all are or the table is not there yet."""
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return []
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
            return sorted(set(TRIGGERS) - {row[0] for row in cursor.fetchall()})
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s AND contype = 'x'", [NAME])
        return [] if cursor.fetchone() else [NAME]


def put_back_after_migrate(sender: AppConfig, using: str, **_: Any) -> None:  # noqa: ARG001  # Any: a signal's values
    """Make the triggers again that a rebuild of the table has dropped."""
    if connections[using].vendor == "sqlite":
        put_triggers(connections[using])


def check_guard(app_configs: Any, databases: Any = None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001  # Any: Django's own signature
    """Refuse to start where the database would let a space be taken twice."""
    missing = [name for alias in databases or [DEFAULT_DB_ALIAS] for name in missing_guards(connections[alias])]
    return [
        Error(
            f"The guard {name} is missing: a space could be taken twice. Run migrate; it puts the guard back.",
            id="supply.E001",
        )
        for name in missing
    ]
