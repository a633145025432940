"""The guard of the database over occupations: no two active ones of an atom overlap, whatever the code does.

PostgreSQL: an exclusion constraint. SQLite: two triggers.
"""

from typing import Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.utils import DatabaseError

from meervoud.lib.guards import Guard

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


def _add_extension(editor: BaseDatabaseSchemaEditor) -> None:
    try:
        editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    except DatabaseError as error:
        raise DatabaseError(NO_EXTENSION) from error


GUARD: Final = Guard(
    table=TABLE,
    name=NAME,
    triggers=TRIGGERS,
    postgres=(POSTGRES,),
    undo=(f"ALTER TABLE {TABLE} DROP CONSTRAINT IF EXISTS {NAME}",),
    asks=f"SELECT 1 FROM pg_constraint WHERE conname = '{NAME}' AND contype = 'x'",  # noqa: S608  # constants
    check="supply.E001",
    danger="a space could be taken twice",
    prepare=_add_extension,
)
add_guard, drop_guard = GUARD.add, GUARD.drop
put_triggers, missing_guards = GUARD.put_triggers, GUARD.missing
check_guard = GUARD.look
