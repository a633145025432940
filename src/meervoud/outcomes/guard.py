"""The guard of the database over what was published: the bytes of a report are never changed.

Removing the row is left to the database's own keys (corrections and released numbers hold on to the report); the journal
has the hash, so a row that was removed and written anew is found out.
"""

from typing import Final

from meervoud.lib.guards import Guard

TABLE: Final = "outcomes_published"
NAME: Final = "what_was_published_stays"
MAKE_FUNCTION: Final = (
    f"CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{NAME}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
)
MAKE_TRIGGER: Final = f"CREATE TRIGGER {NAME} BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {NAME}()"
GUARD: Final = Guard(
    table=TABLE,
    name=NAME,
    triggers={
        f"{NAME}_update": f"CREATE TRIGGER {NAME}_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{NAME}'); END"
    },
    postgres=(MAKE_FUNCTION, MAKE_TRIGGER),
    undo=(f"DROP TRIGGER IF EXISTS {NAME} ON {TABLE}", f"DROP FUNCTION IF EXISTS {NAME}()"),
    asks=f"SELECT 1 FROM pg_trigger WHERE tgname = '{NAME}'",  # noqa: S608  # constants
    check="outcomes.E001",
    danger="a published report could be changed",
)
