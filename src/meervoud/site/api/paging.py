"""What can be asked of a list, and a page of it."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404
from ninja import Field, Schema
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from meervoud.parties.models import Programme

M = TypeVar("M", bound=Model)
MOST, FARTHEST = 100, 100_000
Word = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00]*$")]
"""A text to look for; a database does not take a zero byte."""


class PageAsked(Schema):
    """Which part of a list."""

    limit: int = Field(50, ge=1, le=MOST, description="How many at most.")
    offset: int = Field(0, ge=0, le=FARTHEST, description="How many to leave out before the first.")


class PageOut(Schema):
    """What a page of a list says besides its items."""

    total: int = Field(description="How many there are on all pages.")
    next_offset: int | None = Field(description="The offset of the next page; null on the last one.")


def page_of(rows: QuerySet[M], asked: PageAsked) -> tuple[list[M], dict[str, Any]]:  # Any: the values of a PageOut
    """Return the rows of a page in their order, the oldest first, and what the page says of them."""
    total = rows.count()
    found = list(rows.order_by("created_at", "id")[asked.offset : asked.offset + asked.limit])
    after = asked.offset + asked.limit
    return found, {"total": total, "next_offset": after if after < total and after <= FARTHEST else None}


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
