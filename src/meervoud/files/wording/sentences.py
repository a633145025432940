"""What a result says, in whole sentences: from codes and numbers to words."""

from collections.abc import Sequence

from meervoud.core.engine.types.requests import Hours, Request
from meervoud.core.engine.types.results import (
    Answer,
    Exclusion,
    FrameEdge,
    NearMiss,
    Pattern,
    Proposal,
    Relaxation,
    Rounding,
)
from meervoud.core.engine.types.spaces import Space
from meervoud.files.wording.language import Language, mark
from meervoud.files.wording.names import name_of, names_of

MANY_DATES = 6
TOGETHER = "together"


def say_pattern(language: Language, pattern: Pattern) -> str:
    """Return when a group can come: weekdays, time, and in how many of the weeks."""
    time = _time(language, pattern)
    how_often = {
        "weeks": language.say("%(held)s of %(wanted)s weeks", held=pattern.held, wanted=pattern.wanted),
        "dates": language.say("%(held)s of %(wanted)s dates", held=pattern.held, wanted=pattern.wanted),
        "days": language.say("%(held)s of %(wanted)s days", held=pattern.held, wanted=pattern.wanted),
    }[pattern.unit]
    return language.say("%(time)s, %(how_often)s", time=time, how_often=how_often)


def say_missing(language: Language, pattern: Pattern) -> str:
    """Return the dates on which it does not work, "" where there are none."""
    if not pattern.missing:
        return ""
    shown = language.days(pattern.missing[:MANY_DATES])
    more = len(pattern.missing) - MANY_DATES
    if more > 0:
        return language.count(
            "Not on %(days)s and %(number)s more", "Not on %(days)s and %(number)s more", more, days=shown
        )
    return language.say("Not on %(days)s", days=shown)


def say_edges(language: Language, edges: tuple[FrameEdge, ...]) -> list[str]:
    """Return what bounds the time, before and after, the nearest first."""
    texts = {
        "before": mark("Before: %(cause)s until %(time)s"),
        "after": mark("After: %(cause)s from %(time)s"),
    }
    return [
        language.say(texts[edge.side], cause=name_of(language, "edges", edge.cause), time=_edge_time(language, edge))
        for edge in edges
    ]


def say_doubts(language: Language, proposal: Proposal) -> list[str]:
    """Return what must be asked first, and what rests on an assumption."""
    said: list[str] = []
    if proposal.ask:
        said.append(language.say("Ask first: %(what)s", what=names_of(language, "conditions", ",".join(proposal.ask))))
    if proposal.assumed:
        what = names_of(language, "conditions", ",".join(proposal.assumed))
        said.append(language.say("Assumed, not told by the host: %(what)s", what=what))
    return said


def say_parts(language: Language, proposal: Proposal) -> str:
    """Return the parts of the score: "time 100 %, distance 71 %"."""
    return ", ".join(
        language.say(
            "%(part)s %(share)s",
            part=name_of(language, "parts", part.name),
            share=language.percent(part.points / 10_000),
        )
        for part in proposal.parts
    )


def say_near_miss(language: Language, request: Request, miss: NearMiss, space: Space) -> str:
    """Return the one condition on which a space fails; where that rests on an assumption it says so."""
    said = _near_miss(language, request, miss)
    attribute = {"distance": "position", "budget": "price", "currency": "price"}.get(miss.condition, miss.condition)
    if attribute in space.assumed:
        return language.say("%(said)s (assumed, not told by the host)", said=said)
    return said


def _near_miss(language: Language, request: Request, miss: NearMiss) -> str:
    if miss.condition == "step_free":
        return language.say("no step-free access")
    if miss.condition == "time" and miss.found == TOGETHER:
        return language.say("each moment fits by itself, and not all of them in this space")
    wanted = _values(language, request, miss.condition, miss.wanted)
    found = _values(language, request, miss.condition, miss.found)
    if miss.condition == "facilities":
        return language.say("without %(found)s", found=found)
    if miss.condition == "activities":
        return language.say("the host does not permit %(found)s", found=found)
    if miss.condition == "time":
        return language.say("free in %(found)s of the moments; %(wanted)s is asked", found=found, wanted=wanted)
    what = name_of(language, "conditions", miss.condition)
    return language.say("%(what)s %(found)s; asked: %(wanted)s", what=what, found=found, wanted=wanted)


def say_relaxation(language: Language, request: Request, relaxation: Relaxation) -> str:
    """Return one change and how many more spaces it opens."""
    return language.count(
        "%(change)s: %(number)s more space",
        "%(change)s: %(number)s more spaces",
        relaxation.opens,
        change=_change(language, request, relaxation),
    )


def say_exclusion(language: Language, exclusion: Exclusion) -> str:
    """Return how many spaces a condition excludes, and how many it excludes alone."""
    return language.count(
        "%(condition)s: %(number)s space fails, %(alone)s on this alone",
        "%(condition)s: %(number)s spaces fail, %(alone)s on this alone",
        exclusion.spaces,
        condition=name_of(language, "conditions", exclusion.condition),
        alone=language.number(exclusion.alone),
    )


def say_rounding(language: Language, rounding: Rounding) -> str:
    """Return what the half-hour grid cost."""
    if rounding.what in ("window_start", "window_end"):
        asked, used = language.clock(rounding.asked), language.clock(rounding.used)
    else:
        asked, used = (
            language.say("%(number)s minutes", number=language.number(each)) for each in (rounding.asked, rounding.used)
        )
    texts = {
        "minutes": mark("Length rounded to the half-hour: %(asked)s asked, %(used)s used"),
        "min_block": mark("Shortest block rounded to the half-hour: %(asked)s asked, %(used)s used"),
        "per_week": mark("Time a week rounded to the half-hour: %(asked)s asked, %(used)s used"),
        "window_start": mark("Earliest start rounded to the half-hour: %(asked)s asked, %(used)s used"),
        "window_end": mark("Latest end rounded to the half-hour: %(asked)s asked, %(used)s used"),
    }
    return language.say(texts[rounding.what], asked=asked, used=used)


def say_counts(language: Language, answer: Answer) -> str:
    """Return how many spaces fit, and how many leave something to ask."""
    sure = language.count("%(number)s space fits", "%(number)s spaces fit", answer.sure)
    assumed = language.count(
        "%(number)s fits if our assumptions hold", "%(number)s fit if our assumptions hold", answer.assumed
    )
    ask = language.count("%(number)s to ask first", "%(number)s to ask first", answer.to_ask)
    parts = [sure] + [assumed] * (answer.assumed > 0) + [ask] * (answer.to_ask > 0)
    return language.say(
        "%(counts)s (of %(considered)s)", counts=", ".join(parts), considered=language.number(answer.considered)
    )


def say_headline(language: Language, answers: Sequence[Answer]) -> list[str]:
    """Return how many requests can be placed, nearly, or not at all; counts of 0 are left out."""
    sure = sum(answer.sure > 0 for answer in answers)
    maybe = sum(answer.sure == 0 and answer.assumed + answer.to_ask > 0 for answer in answers)
    nearly = sum(answer.sure + answer.assumed + answer.to_ask == 0 and bool(answer.near_misses) for answer in answers)
    none = len(answers) - sure - maybe - nearly
    texts = [
        language.count("%(number)s request can be placed now", "%(number)s requests can be placed now", sure),
        language.count(
            "%(number)s request fits if a question is answered",
            "%(number)s requests fit if a question is answered",
            maybe,
        ),
        language.count(
            "%(number)s request fails on one condition only", "%(number)s requests fail on one condition only", nearly
        ),
        language.count("%(number)s request fits nowhere", "%(number)s requests fit nowhere", none),
    ]
    return [text for text, number in zip(texts, (sure, maybe, nearly, none), strict=True) if number]


def say_without_room(language: Language) -> str:
    """Return the question for activities that one does alone or that inform or decide."""
    return language.say(
        "Could this be done without a room? Working alone, informing and deciding often go well at home or online. "
        "It is only a question: nothing in the ranking changes."
    )


def _time(language: Language, pattern: Pattern) -> str:
    if pattern.unit == "days":
        return language.say("day and night")
    spans = {(moment.start, moment.end) for moment in pattern.moments}
    if pattern.start is None and len(spans) != 1:
        hours = language.number(pattern.minutes / 60)
        return language.say("%(hours)s hours, at changing times", hours=hours)
    start, end = spans.pop() if pattern.start is None else (pattern.start, pattern.start + pattern.minutes)
    span = language.span(start, end)
    if not pattern.weekdays:
        return span
    weekdays = language.together([language.weekday(day) for day in pattern.weekdays])
    return language.say("%(weekdays)s %(span)s", weekdays=weekdays, span=span)


def _edge_time(language: Language, edge: FrameEdge) -> str:
    clock = language.clock(edge.minute % 1440)
    if edge.minute < 0 or (edge.minute == 0 and edge.side == "after"):
        return language.say("%(clock)s the day before", clock=clock)
    if edge.minute == 1440:
        return "24:00"
    if edge.minute > 1440:
        return language.say("%(clock)s the next day", clock=clock)
    return clock


def _change(language: Language, request: Request, relaxation: Relaxation) -> str:
    kind, value = relaxation.kind, relaxation.value
    if kind == "start":
        return language.say("at %(clock)s", clock=language.clock(int(value)))
    if kind == "weekday":
        return language.say("%(weekday)s too", weekday=language.weekday(int(value)))
    if kind == "coverage":
        return language.say("if %(share)s of the moments is enough", share=language.percent(int(value) / 100))
    if kind == "minutes":
        return language.say(
            "%(number)s minutes instead of %(asked)s", number=value, asked=_asked_minutes(request, relaxation)
        )
    texts = {
        "distance": mark("within %(value)s"),
        "capacity": mark("with %(value)s people at most"),
        "capacity_min": mark("with %(value)s people at least"),
        "area": mark("with %(value)s"),
        "budget": mark("for %(value)s"),
        "facilities": mark("without %(value)s"),
        "activities": mark("without %(value)s"),
        "loudness": mark("no louder than %(value)s"),
        "step_free": mark("without step-free access"),
    }
    return language.say(texts[kind], value=_values(language, request, kind, value))


def _asked_minutes(request: Request, relaxation: Relaxation) -> str:
    need = request.needs[relaxation.rule]
    return "" if isinstance(need, Hours) else str(getattr(need, "minutes", ""))


def _values(language: Language, request: Request, condition: str, value: str) -> str:
    if condition == "distance":
        return language.distance(int(value))
    if condition == "area":
        return f"{language.number(float(value))} m²"
    if condition == "budget" and request.budget is not None:
        return _money(language, request, int(value))
    if condition == "time":
        return language.percent(int(value) / 100)
    if condition in ("facilities", "activities", "loudness"):
        return names_of(language, condition, value)
    return value


def _money(language: Language, request: Request, cents: int) -> str:
    currency, per = (request.budget.currency, request.budget.per) if request.budget else ("EUR", "hour")
    amount = language.money(cents, currency)
    return language.say(mark("%(amount)s an hour") if per == "hour" else mark("%(amount)s a month"), amount=amount)
