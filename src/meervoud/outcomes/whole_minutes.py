"""Times as whole minutes, computed by the database: a dekad of moments has thousands of times to read."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Func
from django.db.models.sql.compiler import SQLCompiler


class WholeMinutes(Func):
    """Whole minutes since 1970-01-01T00:00Z, seconds left out."""

    output_field = BigIntegerField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:  # Any: SQL and parameters
        """Count from the epoch."""
        return self.as_sql(compiler, connection, template="FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / 60)::bigint")

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_said: Any) -> Any:
        """Count from the epoch; parts of a second are cut off first, for strftime would round them up."""
        whole = "CAST(STRFTIME('%%%%s', SUBSTR(%(expressions)s, 1, 19)) AS INTEGER) / 60"
        return self.as_sql(compiler, connection, template=whole)
