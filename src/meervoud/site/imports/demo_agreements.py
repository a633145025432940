"""Agreements of the demo city, begun some weeks ago: each found by the engine in one space, then signed by both sides."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from meervoud.agreements.consenting import say_consent
from meervoud.agreements.drafts import begin_agreement, change_terms, last_version, propose_agreement
from meervoud.agreements.models import Agreement
from meervoud.agreements.signing import Pen, sign
from meervoud.agreements.terms import read_terms
from meervoud.core.engine import answer, build_index
from meervoud.core.engine.types.requests import Request as Asked
from meervoud.core.engine.types.requests import Weekly, Window
from meervoud.core.engine.types.results import Proposal as Found
from meervoud.core.engine.types.time import DateRange, Grid
from meervoud.demand.actions import begin_request, open_request
from meervoud.demand.as_request import request_of
from meervoud.demand.models import Request
from meervoud.lib.journal import journal
from meervoud.matching.answering import HOLD_DAYS
from meervoud.matching.city_index import weights
from meervoud.matching.models import Proposal, Side, State
from meervoud.matching.pairs import spans_of
from meervoud.matching.snapshot import write_snapshot
from meervoud.parties.models import Person, Programme
from meervoud.supply.as_space import space_of, with_parts
from meervoud.supply.calendar import active_occupations, take_time
from meervoud.supply.models import Offer

BECAUSE: Final = "the demo city is made up"
AHEAD: Final = 10
STREET: Final = "Verzonnen kade"
EMERGENCY: Final = "Bel 112. Verzamel buiten bij de hoofdingang. Bel daarna het programma."


@dataclass(frozen=True)
class Story:
    """An agreement to be.

    Attributes:
        name: by which the story goes on.
        group: number in the file of the request whose organisation asks.
        title: of what they do.
        spaces: numbers in the file, of which the first that fits is taken.
        weekdays: that would suit; the one that comes next is tried first.
        window: hours of the day, from and until.
        minutes: how long.
        people: how many at most.
        weeks_ago: how many weeks before this one it began.
    """

    name: str
    group: str
    title: str
    spaces: tuple[str, ...]
    weekdays: tuple[int, ...]
    window: tuple[int, int]
    minutes: int
    people: int
    weeks_ago: int = 5
    is_trial: bool = False
    is_sheltered: bool = False


STORIES: Final = (
    Story("host", "R01", "Conversatieavond", ("S01",), (0, 1, 2, 3), (18, 22), 90, 18),
    Story("neighbour", "R24", "Leesclub: het boek van de maand", ("S01",), (3, 2, 1, 0), (18, 22), 90, 10, 3),
    Story("choir", "R30", "Oefenavond van de zangkring", ("S34", "S33", "S31"), (1, 3), (19, 22), 120, 35, 3),
    Story("dinner", "R33", "Samen eten aan de kade", ("S18", "S15"), (6, 5), (16, 21), 180, 22, 3),
    Story("trial", "R16", "Rouwcafé", ("S18", "S15", "S16"), (0, 1, 2), (13, 17), 120, 12, 0, is_trial=True),
    Story("shelter", "R19", "Vrouwencafé", ("S60", "S20", "S15"), (2, 4), (10, 16), 150, 20, 2, is_sheltered=True),
)


def sign_stories(programme: Programme, people: Mapping[str, Person], now: datetime) -> dict[str, Agreement]:
    """Let the groups of the stories find their rooms and sign; one for which no room fits is left out."""
    found = {}
    for story in STORIES:
        proposal = _agreed(programme, people, story, now)
        if proposal is not None:
            found[story.name] = _signed(proposal, people, story, begun(story, now))
    return found


def begun(story: Story, now: datetime) -> datetime:
    """Return when both sides said yes: some days before the week in which the group comes first."""
    monday = first_monday(story, now.date())
    return now - timedelta(days=(now.date() - monday).days + 10)


def first_monday(story: Story, today: date) -> date:
    """Return the Monday of the first week; a trial evening is past by today, and not for long."""
    monday = today - timedelta(days=today.weekday())
    if story.is_trial and today.weekday() <= max(story.weekdays):
        return monday - timedelta(weeks=1)
    return monday - timedelta(weeks=story.weeks_ago)


@dataclass(frozen=True)
class _Fit:
    """A space for a story, and when."""

    offer: Offer
    asked: Asked
    found: Found


def _agreed(programme: Programme, people: Mapping[str, Person], story: Story, now: datetime) -> Proposal | None:
    """Write down that both sides said yes to a space, as they would have done then; None where none fits."""
    rows = Request.objects.every(because=BECAUSE).filter(programme=programme, source_key=story.group)
    group = rows.select_related("programme", "organisation", "asked_by").first()
    fit = _fit(group, story, now) if group else None
    if group is None or fit is None:
        return None
    then, staff = begun(story, now), people["matchmaker"]
    _give_address(fit.offer, programme)
    request = _request(group, story, fit, staff, then)
    spans = spans_of(fit.asked, fit.found, programme.time_zone)
    until = then + timedelta(days=HOLD_DAYS)
    hold = take_time(
        space=fit.offer.space, spans=spans, request_key=f"demo {story.name}", by=staff, now=then, hold_until=until
    )
    proposal = Proposal.objects.create(
        programme=programme,
        request=request,
        offer=fit.offer,
        made_by=staff,
        state=State.AGREED,
        certainty=fit.found.certainty,
        score=fit.found.score,
        rank=1,
        snapshot=write_snapshot(fit.found),
        asker_says="yes",
        host_says="yes",
        asked_at=then,
        expires_at=until,
        hold=hold,
    )
    journal(staff, "proposal.agreed", proposal, request=str(request.pk))
    return proposal


def _give_address(offer: Offer, programme: Programme) -> None:
    """Let a building have a street, as it must before anybody can find it; the file of the demo city has none."""
    building = offer.space.building
    if not building.street:
        building.street, building.town = f"{STREET} {offer.space.source_key.lstrip('S0')}", programme.city
        building.save(update_fields=["street", "town", "changed_at"])


def _request(group: Request, story: Story, fit: _Fit, staff: Person, then: datetime) -> Request:
    values = {
        "organisation": group.organisation,
        "title": story.title,
        "group_max": story.people,
        "cause": group.cause,
        "is_sheltered": story.is_sheltered,
    }
    request = begin_request(
        programme=group.programme, asked_by=group.asked_by, by=staff, values=values, needs=fit.asked.needs
    )
    return open_request(request=request, by=staff, today=then.date())


def _fit(group: Request, story: Story, now: datetime) -> _Fit | None:
    """Return the first space that fits, on the first weekday that does; each is looked at by itself."""
    monday = first_monday(story, now.date())
    weeks = (now.date() - monday).days // 7 + AHEAD
    within = DateRange(monday, monday + timedelta(weeks=weeks, days=-1))
    row = Request(programme=group.programme, organisation=group.organisation, group_max=story.people)
    for offer in _offers(group.programme, story):
        space = space_of(offer, taken=_taken(offer, begun(story, now)), today=monday)
        index = build_index([space], Grid(group.programme.time_zone, monday, weeks))
        for weekday in sorted(story.weekdays, key=lambda each: (each - now.date().weekday()) % 7):
            window = Window(*(hour * 60 for hour in story.window))
            need = Weekly(frozenset({weekday}), window, story.minutes, monday, weeks, coverage_share=0.7)
            asked = request_of(row, within=within, needs=(need,))
            proposals = answer(index, asked, weights(), k=1).proposals
            if proposals:
                return _Fit(offer, asked, proposals[0])
    return None


def _offers(programme: Programme, story: Story) -> list[Offer]:
    online = Offer.objects.online(programme).filter(space__source_key__in=story.spaces)
    rows = {each.space.source_key: each for each in with_parts(online)}
    return [rows[key] for key in story.spaces if key in rows]


def _taken(offer: Offer, since: datetime) -> list[tuple[datetime, datetime]]:
    rows = active_occupations(since).filter(atom__in=offer.space.atoms.all(), ends_at__gt=since)
    return list(rows.order_by("starts_at").values_list("starts_at", "ends_at"))


def _signed(proposal: Proposal, people: Mapping[str, Person], story: Story, then: datetime) -> Agreement:
    """Write it down and let both sides sign: those who can sign in do it themselves, the others on paper."""
    staff = people["matchmaker"]
    agreement = begin_agreement(proposal=proposal, by=staff, language="nl", now=then)
    number = 1
    if story.is_trial or story.name == "host":
        terms = replace(read_terms(last_version(agreement).terms), emergency=EMERGENCY, is_trial=story.is_trial)
        number = change_terms(agreement=agreement, by=staff, terms=terms).number
    propose_agreement(agreement=agreement, by=staff)
    own = {Side.HOST: people["host"], Side.ASKER: people["initiative"]} if story.name == "host" else {}
    for side in Side:
        say_consent(agreement=agreement, number=number, side=side, by=own.get(side, staff), kind="agree")
    for side in Side:
        pen = Pen(side, own.get(side, staff), "platform" if side in own else "paper")
        agreement = sign(agreement=agreement, number=number, pen=pen, now=then, today=then.date())
    return agreement
