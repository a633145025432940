"""The guard of the database over what was signed: the bytes of a document are never changed and never removed."""

from typing import Final

from meervoud.lib.guards import Guard

TABLE: Final = "agreements_document"
NAME: Final = "what_was_signed_stays"
TRIGGERS: Final = {
    f"{NAME}_{deed}": (
        f"CREATE TRIGGER {NAME}_{deed} BEFORE {deed.upper()} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{NAME}'); END"
    )
    for deed in ("update", "delete")
}
MAKE_FUNCTION: Final = (
    f"CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{NAME}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
)
MAKE_TRIGGER: Final = f"CREATE TRIGGER {NAME} BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {NAME}()"
GUARD: Final = Guard(
    table=TABLE,
    name=NAME,
    triggers=TRIGGERS,
    postgres=(MAKE_FUNCTION, MAKE_TRIGGER),
    undo=(f"DROP TRIGGER IF EXISTS {NAME} ON {TABLE}", f"DROP FUNCTION IF EXISTS {NAME}()"),
    asks=f"SELECT 1 FROM pg_trigger WHERE tgname = '{NAME}'",  # noqa: S608  # constants
    check="agreements.E001",
    danger="a signed document could be changed",
)
