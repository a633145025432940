"""The printed report: one HTML file that needs no script and no network."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import Answer, Pattern, Proposal
from meervoud.files.output.city_map import draw_map
from meervoud.files.output.result_file import Matched
from meervoud.files.reading import Reading
from meervoud.files.sources.geojson import Area
from meervoud.files.wording.language import Language
from meervoud.files.wording.names import name_of, names_of
from meervoud.files.wording.need_sentences import say_need
from meervoud.files.wording.reading_sentences import say_reading, say_refusal
from meervoud.files.wording.sentences import (
    say_counts,
    say_doubts,
    say_edges,
    say_exclusion,
    say_headline,
    say_missing,
    say_near_miss,
    say_pattern,
    say_relaxation,
    say_rounding,
    say_without_room,
)

MOST_REFUSALS = 200
MOST_ANSWERS = 500  # more than a browser opens with ease, or anybody reads


@dataclass(frozen=True)
class ShownPart:
    """A part of a score: its name, its points as a percentage, its weight."""

    name: str
    percent: int
    weight: int


@dataclass(frozen=True)
class ShownProposal:
    """A proposal in words."""

    rank: int
    space: str
    about: str
    certainty: str
    certainty_code: str
    score: str
    when: list[str]
    weeks: list[list[bool]]
    missing: list[str]
    doubts: list[str]
    edges: list[str]
    parts: list[ShownPart]


@dataclass(frozen=True)
class ShownAnswer:
    """An answer in words."""

    id: str
    who: str
    name: str
    asks: list[str]
    counts: str
    question: str
    rounding: list[str]
    proposals: list[ShownProposal]
    relaxations: list[str]
    near_misses: list[tuple[str, str]]
    exclusions: list[str]


@dataclass(frozen=True)
class ReportInput:
    """What a report is made of, besides the result."""

    readings: Sequence[Reading[object]] = ()
    areas: Sequence[Area] = field(default=())


def write_report(what: Matched, language: Language, about: ReportInput) -> str:
    """Return the report as HTML.

    Args:
        what: the result with its spaces and requests.
        language: of every sentence.
        about: how the files were read, and the areas of the map.
    """
    environment = Environment(
        loader=PackageLoader("meervoud.files"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pairs = list(zip(what.requests, what.result.answers, strict=True))
    answers = [_answer(what, language, *pair) for pair in pairs[:MOST_ANSWERS]]
    refusals = [say_refusal(language, each) for reading in about.readings for each in reading.refused]
    title = language.say("Map of the spaces and the requests; the lists below say the same in words")
    grid = what.result.grid
    return environment.get_template("report.html").render(
        _=language.say,
        lang=language.code,
        period=language.say("%(first)s to %(last)s", first=language.day(grid.monday), last=language.day(grid.last)),
        weights=what.result.weights.version,
        readings=[say_reading(language, reading) for reading in about.readings],
        refusals=refusals[:MOST_REFUSALS],
        more_refusals=max(len(refusals) - MOST_REFUSALS, 0),
        map=Markup(draw_map(what, about.areas, title)),  # noqa: S704  # draw_map escapes every name it draws
        answers=answers,
        more_answers=_more_answers(language, len(pairs) - MOST_ANSWERS),
        placed=say_headline(language, what.result.answers),
    )


def _more_answers(language: Language, number: int) -> str:
    if number <= 0:
        return ""
    return language.count(
        "The report shows the first requests; %(number)s more is in the CSV, XLSX and JSON files.",
        "The report shows the first requests; %(number)s more are in the CSV, XLSX and JSON files.",
        number,
    )


def _answer(what: Matched, language: Language, request: Request, answer: Answer) -> ShownAnswer:
    return ShownAnswer(
        id=request.id,
        who=request.organisation or request.name or request.id,
        name="" if request.name in request.organisation else request.name,
        asks=say_need(language, request),
        counts=say_counts(language, answer),
        question=say_without_room(language) if answer.without_room else "",
        rounding=[say_rounding(language, each) for each in answer.rounding],
        proposals=[_proposal(what, language, each) for each in answer.proposals],
        relaxations=[say_relaxation(language, request, each) for each in answer.relaxations],
        near_misses=[
            (_space_name(what, miss.space_id), say_near_miss(language, request, miss, what.space(miss.space_id)))
            for miss in answer.near_misses
        ],
        exclusions=[say_exclusion(language, each) for each in answer.exclusions],
    )


def _proposal(what: Matched, language: Language, proposal: Proposal) -> ShownProposal:
    space = what.space(proposal.space_id)
    about = [name_of(language, "kinds", space.kind), space.neighbourhood or "", space.host]
    if space.capacity is not None:
        about.append(language.count("%(number)s person", "%(number)s people", space.capacity))
    if proposal.metres is not None:
        about.append(language.distance(proposal.metres))
    about.append(names_of(language, "facilities", ",".join(sorted(space.facilities))))
    return ShownProposal(
        rank=proposal.rank,
        space=_space_name(what, space.id),
        about=" · ".join(text for text in about if text),
        certainty=name_of(language, "certainties", proposal.certainty),
        certainty_code=proposal.certainty,
        score=language.percent(proposal.score / 10_000),
        when=[say_pattern(language, pattern) for pattern in proposal.patterns],
        weeks=[_weeks(pattern) for pattern in proposal.patterns if pattern.unit != "days"],
        missing=[text for text in (say_missing(language, pattern) for pattern in proposal.patterns) if text],
        doubts=say_doubts(language, proposal),
        edges=say_edges(language, proposal.edges),
        parts=[
            ShownPart(name_of(language, "parts", part.name), round(part.points / 100), part.weight)
            for part in proposal.parts
        ],
    )


def _weeks(pattern: Pattern) -> list[bool]:
    """Return for each wanted week or date, in order, whether it works; a strip to look at."""
    days = {moment.day: True for moment in pattern.moments} | dict.fromkeys(pattern.missing, False)
    return [days[day] for day in sorted(days)]


def _space_name(what: Matched, space_id: str) -> str:
    name = what.space(space_id).name
    return f"{name} ({space_id})" if name else space_id
