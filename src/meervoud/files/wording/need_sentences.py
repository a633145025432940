"""What a request asks, in words."""

from collections.abc import Iterator

from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Request, Weekly, Window
from meervoud.files.wording.language import Language
from meervoud.files.wording.names import name_of, names_of

EVERY_DAY = 7


def say_need(language: Language, request: Request) -> list[str]:
    """Return the wishes of a request, the time first."""
    return [
        *(say_rule(language, need) for need in request.needs),
        *_sizes(language, request),
        *_named(language, request),
        *([_budget(language, request)] if request.budget is not None else []),
    ]


def _sizes(language: Language, request: Request) -> Iterator[str]:
    if request.group_max:
        yield language.count("%(number)s person at most", "%(number)s people at most", request.group_max)
    if request.area_m2:
        yield language.say("%(area)s m² at least", area=language.number(request.area_m2))
    if request.max_metres is not None:
        yield language.say("within %(value)s", value=language.distance(request.max_metres))


def _named(language: Language, request: Request) -> Iterator[str]:
    if request.facilities:
        yield language.say("must have: %(what)s", what=_names(language, "facilities", request.facilities))
    if request.step_free:
        yield language.say("step-free access")
    if request.activities:
        yield language.say("to do: %(what)s", what=_names(language, "activities", request.activities))
    if request.loudness:
        yield language.say("noise: %(what)s", what=name_of(language, "loudness", request.loudness))
    if request.wishes:
        yield language.say("would like: %(what)s", what=_names(language, "facilities", request.wishes))


def say_rule(language: Language, need: Need) -> str:
    """Return when, as one rule asks it: "120 minutes on Tuesday between 19:00-22:00, 12 weeks from ..."."""
    if isinstance(need, Continuous):
        return language.count(
            "day and night for %(number)s day from %(first)s",
            "day and night for %(number)s days from %(first)s",
            need.days,
            first=language.day(need.first),
        )
    window = _window(language, need.window)
    if isinstance(need, Dates):
        return language.count(
            "%(number)s date, %(minutes)s minutes between %(window)s",
            "%(number)s dates, %(minutes)s minutes between %(window)s",
            len(need.dates),
            minutes=str(need.minutes),
            window=window,
        )
    weekdays = _weekdays(language, need)
    first = language.day(need.first)
    if isinstance(need, Hours):
        hours = language.number(need.per_week_minutes / 60)
        return language.count(
            "%(hours)s hours a week on %(weekdays)s between %(window)s, %(number)s week from %(first)s",
            "%(hours)s hours a week on %(weekdays)s between %(window)s, %(number)s weeks from %(first)s",
            need.weeks,
            hours=hours,
            weekdays=weekdays,
            window=window,
            first=first,
        )
    often = "" if need.per_week == 1 else language.say("%(times)s times a week, ", times=str(need.per_week))
    return often + language.count(
        "%(minutes)s minutes on %(weekdays)s between %(window)s, %(number)s week from %(first)s",
        "%(minutes)s minutes on %(weekdays)s between %(window)s, %(number)s weeks from %(first)s",
        need.weeks,
        minutes=str(need.minutes),
        weekdays=weekdays,
        window=window,
        first=first,
    )


def say_refinements(language: Language, need: Need) -> list[str]:
    """Return what a rule asks besides: its dates, the days it leaves out, how often it must work."""
    said: list[str] = []
    if isinstance(need, Dates):
        said.append(language.days(need.dates))
    elif isinstance(need, Weekly) and need.extra:
        said.append(language.say("also on %(days)s", days=language.days(need.extra)))
    if isinstance(need, Weekly | Hours) and need.closed:
        periods = [language.period(each.first, each.last) for each in need.closed]
        said.append(language.say("not on %(days)s", days=language.together(periods)))
    if isinstance(need, Weekly) and not need.same_start:
        said.append(language.say("day and hour may change from week to week"))
    if need.coverage_share < 1:
        said.append(language.say("free at least %(share)s of the time", share=language.percent(need.coverage_share)))
    return said


def _weekdays(language: Language, need: Weekly | Hours) -> str:
    if len(need.weekdays) == EVERY_DAY:
        return language.say("any day")
    days = [language.weekday(day) for day in sorted(need.weekdays)]
    return language.either(days)


def _window(language: Language, window: Window) -> str:
    return language.span(window.start, window.end)


def _names(language: Language, table: str, codes: frozenset[str]) -> str:
    return names_of(language, table, ",".join(sorted(codes)))


def _budget(language: Language, request: Request) -> str:
    if request.budget is None or request.budget.cents == 0:
        return language.say("it must be free of charge")
    amount = language.money(request.budget.cents, request.budget.currency)
    if request.budget.per == "hour":
        return language.say("at most %(amount)s an hour", amount=amount)
    return language.say("at most %(amount)s a month", amount=amount)
