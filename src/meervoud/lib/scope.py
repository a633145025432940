"""Queries that must say for whom they ask: an unscoped one raises instead of showing another's rows."""

from collections.abc import Iterable
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=models.Model)


class UnscopedQueryError(RuntimeError):
    """A query over rows that belong to somebody did not say for whom it asks: a fault of the code."""


class ScopedQuery(Query):
    """A query that compiles only after it was told its scope."""

    scoped = False

    def get_compiler(self, using: str | None = None, connection: Any = None, elide_empty: bool = True) -> SQLCompiler:  # noqa: FBT001, FBT002  # Any, flags: Django's own signature
        """Refuse to become SQL without a scope."""
        refuse_unscoped(self)
        compiler: SQLCompiler = super().get_compiler(using, connection, elide_empty)
        return compiler


def refuse_unscoped(query: Query) -> None:
    """Raise UnscopedQueryError where a query over owned rows has no scope."""
    if isinstance(query, ScopedQuery) and not query.scoped:
        name = query.model.__name__ if query.model else "?"
        raise UnscopedQueryError(
            f"A query over {name} does not say for whom: use visible_to(viewer), of(parent=rows that were found), "
            "a published scope, or every(because=...)."
        )


class ScopedQuerySet(models.QuerySet[M, M]):
    """Rows that belong to somebody. Rooms add `visible_to` and the like, which call `_scoped`."""

    def __init__(
        self, model: type[M] | None = None, query: Query | None = None, using: str | None = None, hints: Any = None
    ) -> None:  # Any: Django's own signature
        super().__init__(model, query or (ScopedQuery(model) if model else None), using, hints)

    def _scoped(self) -> Self:
        rows = self.all()
        rows.query.scoped = True  # type: ignore[attr-defined]  # a ScopedQuery, see __init__
        return rows

    def every(self, *, because: str) -> Self:
        """Return the rows of everybody, with the reason why this code may see them."""
        if not because.strip():
            raise UnscopedQueryError("Say why this code may see the rows of everybody.")
        return self._scoped()

    def of(self, **found: Iterable[models.Model]) -> Self:
        """Return the rows of parents that were found in a scope: `of(offer=offers)`, as `offer.closures` for one."""
        ((name, parents),) = found.items()
        field = self.model._meta.get_field(name)
        if not isinstance(field, models.ForeignKey) or not getattr(field.related_model, "carries_scope", False):
            raise UnscopedQueryError(f"{name} is no parent of {self.model.__name__} that belongs to somebody.")
        if isinstance(parents, models.QuerySet):
            refuse_unscoped(parents.query)
            return self._scoped().filter(**{f"{name}__in": parents})
        return self._scoped().filter(**{f"{name}__in": [each.pk for each in parents]})

    def create(self, **values: Any) -> M:  # Any: the values of any field
        """Write one row; a new row shows nobody's."""
        return super().create(**values)

    def bulk_create(self, objs: Iterable[M], *args: Any, **options: Any) -> list[M]:  # Any: Django's own options
        """Write rows; where rows that are there may be changed, only those of a scope."""
        if options.get("update_conflicts"):
            refuse_unscoped(self.query)
        return super().bulk_create(objs, *args, **options)

    def raw(self, *args: Any, **options: Any) -> "models.query.RawQuerySet[M]":  # Any: Django's own options
        """Return rows by SQL; a query for nobody in particular gives the reason before: `every(because=...).raw(...)`."""
        refuse_unscoped(self.query)
        return super().raw(*args, **options)

    def __or__(self, other: models.QuerySet[M, M]) -> Self:
        """Join two scopes: rows that are in no scope would come along unseen."""
        refuse_unscoped(self.query)
        refuse_unscoped(other.query)
        return super().__or__(other)

    def __xor__(self, other: models.QuerySet[M, M]) -> Self:
        """Return what is in one of two scopes: rows that are in no scope would come along unseen."""
        refuse_unscoped(self.query)
        refuse_unscoped(other.query)
        joined: Self = super().__xor__(other)
        return joined

    def update(self, **values: Any) -> int:  # Any: the values of any field
        """Change rows; only those of a scope."""
        refuse_unscoped(self.query)
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete rows; only those of a scope."""
        refuse_unscoped(self.query)
        return super().delete()


class ScopedManager(models.Manager[M]):
    """The manager of owned rows: through a parent that was found in a scope they are in scope, else the query must say."""

    def get_queryset(self) -> ScopedQuerySet[M]:
        """Return the rows, in scope where a parent brings it: `offer.closures.all()`."""
        rows = super().get_queryset()
        assert isinstance(rows, ScopedQuerySet)  # noqa: S101  # each room makes it with from_queryset
        parent = getattr(self, "instance", None)
        return rows._scoped() if getattr(parent, "carries_scope", False) else rows  # noqa: SLF001  # its own manager
