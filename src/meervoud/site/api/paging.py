"""What can be asked of a list, and a page of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest
from ninja import Field, Schema
from ninja.errors import ValidationError
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from meervoud.parties.models import Programme

M = TypeVar("M", bound=Model)
MOST: Final = 100
MOST_LETTERS: Final = 400
SALT: Final = "meervoud.site.api.cursor"
Word = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00]*$")]
"""A text to look for; a database does not take a zero byte."""


class PageAsked(Schema):
    """Which part of a list."""

    limit: int = Field(50, ge=1, le=MOST, description="How many at most.")
    cursor: Annotated[str, StringConstraints(max_length=MOST_LETTERS)] | None = Field(
        None, description="Where the page begins: what `next_cursor` of the page before says."
    )


class PageOut(Schema):
    """What a page of a list says besides its items."""

    total: int = Field(description="How many there are on all pages.")
    next_cursor: str | None = Field(description="The cursor of the next page; null on the last one.")


def page_of(request: HttpRequest, rows: QuerySet[M], asked: PageAsked) -> tuple[list[M], dict[str, Any]]:
    """Return the rows of a page, the oldest first, and what the page says of them; the gate links the next page.

    A page begins after a row and not after a number of rows, so that what is added or removed in between shifts nothing.

    Raises:
        ValidationError: the cursor is none that a page of this list gave.
    """  # Any: the values of a PageOut
    total = rows.count()
    after = rows.filter(_after(rows.model, asked.cursor)) if asked.cursor is not None else rows
    found = list(after.order_by("created_at", "id")[: asked.limit + 1])
    shown = found[: asked.limit]
    cursor = write_cursor(shown[-1]) if len(found) > len(shown) else None
    request.next_page = _next_page(request, cursor)  # type: ignore[attr-defined]  # read by the gate
    return shown, {"total": total, "next_cursor": cursor}


def write_cursor(row: Model) -> str:
    """Return the signed place of a row in its list; whoever reads a list need not understand it."""
    created_at: datetime = row.created_at  # type: ignore[attr-defined]  # every row of ours has it
    return _signer(type(row)).sign_object([created_at.isoformat(), str(row.pk)])


def _after(model: type[Model], cursor: str) -> Q:
    try:
        at, key = _signer(model).unsign_object(cursor)
        moment, pk = datetime.fromisoformat(at), UUID(key)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise ValidationError([{"type": "strange_cursor", "loc": ("query", "cursor")}]) from error
    return Q(created_at__gt=moment) | Q(created_at=moment, id__gt=pk)


def _signer(model: type[Model]) -> signing.Signer:
    return signing.Signer(salt=f"{SALT} {model._meta.label}")  # the cursor of one list is strange in another


def _next_page(request: HttpRequest, cursor: str | None) -> str:
    if cursor is None:
        return ""
    asked = request.GET.copy()
    asked["cursor"] = cursor
    return f"{settings.BASE_URL}{request.path}?{asked.urlencode()}"


@dataclass(frozen=True)
class OneOf:
    """Says of a text that it is one word of a closed list."""

    words: tuple[str, ...]

    def check(self, value: str) -> str:
        """Refuse another word, with those that there are."""
        if value not in self.words:
            raise PydanticCustomError("unknown_word", "one of {words}", {"words": ", ".join(self.words)})
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # Any: pydantic's
        """Check after the text was read."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, said: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Show the words in the document."""  # Any: values of JSON
        return {**handler(said), "enum": list(self.words)}


def public_programme(slug: str | None) -> Programme:
    """Return a public programme by its name in addresses, the first one without.

    Raises:
        Http404: there is none.
    """
    rows = Programme.objects.filter(is_public=True).order_by("starts_on", "slug")
    found = (rows.filter(slug=slug) if slug else rows).first()
    if found is None:
        raise Http404
    return found
