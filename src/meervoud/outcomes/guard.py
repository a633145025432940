"""The guards of the database: what was published, locked or computed is never changed.

Removing a row is left to the database's own keys (corrections and released numbers hold on to the report); the journal
has the hash, so a row that was removed and written anew is found out.
"""

from typing import Final

from meervoud.lib.guards import Guard


def unchanging(table: str, name: str, *, check: str, danger: str, when: str = "") -> Guard:
    """Return a guard that refuses to change the rows of a table.

    Args:
        table: its name.
        name: of the guard; what the database says when it refuses.
        check: number of the check that refuses to start without it.
        danger: what could happen without it.
        when: SQL over OLD and NEW: only then is a change refused; "" is always.
    """
    only = f"WHEN ({when}) " if when else ""
    function = (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    trigger = f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW {only}EXECUTE FUNCTION {name}()"
    on_sqlite = f"CREATE TRIGGER {name}_update BEFORE UPDATE ON {table} {only}BEGIN SELECT RAISE(ABORT, '{name}'); END"
    return Guard(
        table=table,
        name=name,
        triggers={f"{name}_update": on_sqlite},
        postgres=(function, trigger),
        undo=(f"DROP TRIGGER IF EXISTS {name} ON {table}", f"DROP FUNCTION IF EXISTS {name}()"),
        asks=f"SELECT 1 FROM pg_trigger WHERE tgname = '{name}'",  # noqa: S608  # constants
        check=check,
        danger=danger,
    )


GUARD: Final = unchanging(
    "outcomes_published",
    "what_was_published_stays",
    check="outcomes.E001",
    danger="a published report could be changed",
)
LOCKED: Final = unchanging(
    "outcomes_stepversion",
    "what_was_locked_stays",
    check="outcomes.E002",
    danger="a locked step of an impact plan could be changed",
    when="OLD.locked_at IS NOT NULL",
)
RUNS: Final = unchanging(
    "outcomes_valuationrun",
    "what_was_valued_stays",
    check="outcomes.E003",
    danger="a valuation could be changed after it was made",
)
IMPACT: Final = unchanging(
    "outcomes_impactreport",
    "what_impact_was_published_stays",
    check="outcomes.E004",
    danger="a published impact report could be changed",
    when="OLD.data <> NEW.data OR OLD.sha256 <> NEW.sha256 OR OLD.number <> NEW.number",
)
GUARDS: Final = (GUARD, LOCKED, RUNS, IMPACT)
