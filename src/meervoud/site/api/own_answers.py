"""What the API says to whom it concerns: requests and proposals."""

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema

from meervoud.site.api.paging import PageOut
from meervoud.site.api.public_answers import FreeMomentOut


class RequestOut(Schema):
    """A request, for who asks and for the staff of its programme."""

    id: UUID
    programme: str = Field(description="The slug of its programme.")
    state: str
    title: str
    organisation: str
    cause: str
    for_whom: str
    brings_about: str
    when: list[str] = Field(description="Its rules in words, in the language of the answer.")
    group_min: int
    group_max: int
    area_m2: float
    neighbourhood: str
    max_metres: int | None
    facilities: list[str]
    wishes: list[str]
    activities: list[str]
    step_free: bool
    loudness: str
    budget_cents: int | None
    budget_per: str
    meets_now: str
    meets_until: date | None
    is_sheltered: bool
    expires_on: date | None
    created_at: datetime


class RequestsOut(PageOut):
    """A page of requests."""

    items: list[RequestOut]


class ScorePartOut(Schema):
    """One part of a score."""

    name: str
    points: int = Field(description="0 to 10,000.")
    weight: int


class ProposalOut(Schema):
    """A proposal as one side may see it. What is null or "" is not told, or not told yet."""

    id: UUID
    programme: str
    sides: list[str] = Field(description="For whom you read it: asker, host, staff.")
    state: str
    certainty: str
    score: int | None = Field(description="0 to 10,000, the weighted mean of its parts; for the staff only.")
    parts: list[ScorePartOut] | None = Field(description="What the score is made of; for the staff only.")
    offer: UUID
    space: str
    request: UUID | None = Field(description="For a host only after both said yes.")
    group: str = Field(description="Who asks; for a host only after both said yes.")
    host: str
    street: str = Field(description="Without its number after the host said yes, with it after both did.")
    house_rules: str
    people: int
    cause: str
    brings_about: str
    when: list[FreeMomentOut]
    asker_says: str
    host_says: str
    asked_at: datetime | None
    expires_at: datetime | None
    created_at: datetime


class ProposalsOut(PageOut):
    """A page of proposals."""

    items: list[ProposalOut]
