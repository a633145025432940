"""What the command shows on a terminal: tables, sums, one request explained."""

from collections.abc import Iterator, Sequence
from math import floor

from rich.console import Console
from rich.table import Table
from rich.text import Text

from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import Answer, FirstFree, Proposal
from meervoud.core.engine.types.spaces import Space
from meervoud.core.errors import InputError
from meervoud.files.output.result_file import Matched
from meervoud.files.reading import Reading
from meervoud.files.sources.scout import AssumedShare
from meervoud.files.wording.language import Language
from meervoud.files.wording.names import name_of
from meervoud.files.wording.need_sentences import say_need
from meervoud.files.wording.reading_sentences import say_note, say_reading, say_refusal
from meervoud.files.wording.sentences import (
    say_counts,
    say_doubts,
    say_edges,
    say_exclusion,
    say_headline,
    say_missing,
    say_near_miss,
    say_parts,
    say_pattern,
    say_relaxation,
    say_rounding,
    say_without_room,
)

MOST_NOTES = 10
STYLES = {"sure": "green", "assumed": "yellow", "ask": "magenta"}
# control characters, and those that turn the direction of what follows or cannot be seen
_CONTROLS = {
    code: None
    for code in (
        *range(32),
        *range(127, 160),
        0x61C,
        0x200B,
        *range(0x200E, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2066, 0x206A),
        0xFEFF,
    )
    if chr(code) not in "\t\n"
}
SIGNS = {"sure": "●", "assumed": "◐", "ask": "?"}
PLAIN_SIGNS = {"sure": "+", "assumed": "~", "ask": "?"}


def plain(text: str, style: str = "") -> Text:
    """Return text that a terminal shows and does not obey: without control characters."""
    return Text(text.translate(_CONTROLS), style=style)


class Terminal(Console):
    """A console that falls silent when the reader of its output has gone; the work goes on, files are still written."""

    def on_broken_pipe(self) -> None:
        """Say nothing more."""
        self.quiet = True


class Screen:
    """A terminal and a language."""

    def __init__(self, console: Console, language: Language) -> None:
        self.console = console
        self.language = language
        self.signs = SIGNS if console.encoding.lower().startswith("utf") else PLAIN_SIGNS

    def say(self, message: str, **gaps: str | float) -> None:
        """Print one sentence."""
        self._print(self.language.say(message, **gaps))

    def tell(self, text: str) -> None:
        """Print a line that is said already."""
        self._print(text)

    def fail(self, error: InputError) -> None:
        """Print what is wrong and what to do."""
        self._print(self.language.error(error), style="red")

    def show_readings(self, readings: Sequence[Reading[object]], *, every_refusal: bool = False) -> None:
        """Print read = taken + refused for each file, then each refusal with its remedy, then the notes."""
        for reading in readings:
            self._print(say_reading(self.language, reading), style="bold" if reading.refused else "")
            shown = reading.refused if every_refusal else reading.refused[:MOST_NOTES]
            for refusal in shown:
                self._print(f"  {say_refusal(self.language, refusal)}", style="red")
            self._more(len(reading.refused) - len(shown))
            notes = reading.notes if every_refusal else reading.notes[:MOST_NOTES]
            for note in notes:
                self._print(f"  {say_note(self.language, reading.file, note)}")
            self._more(len(reading.notes) - len(notes))

    def show_matches(self, what: Matched, *, top: int) -> None:
        """Print a table with the best proposals of each request."""
        say = self.language.say
        table = Table(title=say("Proposals"), title_justify="left", header_style="bold", show_lines=False)
        for header in (say("Request"), "", say("Space"), say("When"), say("Distance"), say("Score")):
            table.add_column(header, overflow="fold")
        for request, answer in zip(what.requests, what.result.answers, strict=True):
            for row in self._match_rows(what, request, answer, top):
                table.add_row(*row)
            table.add_section()
        self.console.print(table)
        legend = [f"{self.signs[code]} {name_of(self.language, 'certainties', code)}" for code in self.signs]
        self._print("   ".join(legend))

    def show_best(self, what: Matched, number: int) -> None:
        """Print how many requests can be placed, and the best proposals over all requests."""
        for text in say_headline(self.language, what.result.answers):
            self._print(f"  {text}")
        firsts = [
            (answer.proposals[0], request)
            for request, answer in zip(what.requests, what.result.answers, strict=True)
            if answer.proposals
        ]
        firsts.sort(key=lambda pair: (list(self.signs).index(pair[0].certainty), -pair[0].score, pair[1].id))
        self._print("")
        self._print(self.language.say("The best proposals"), style="bold")
        for proposal, request in firsts[:number]:
            space = what.space(proposal.space_id)
            when = "; ".join(say_pattern(self.language, pattern) for pattern in proposal.patterns)
            score = self.language.percent(proposal.score / 10_000)
            who = request.organisation or request.name or request.id
            self._print(f"  {self.signs[proposal.certainty]} {who} -> {_name(space)}: {when} ({score})")

    def explain(self, what: Matched, request: Request, answer: Answer) -> None:
        """Print everything the engine says about one request."""
        language = self.language
        self._print(f"{request.id} {request.organisation or request.name}", style="bold")
        for text in say_need(language, request):
            self._print(f"  {text}")
        self._print(say_counts(language, answer), style="bold")
        if answer.without_room:
            self._print(say_without_room(language))
        for rounding in answer.rounding:
            self._print(say_rounding(language, rounding))
        for proposal in answer.proposals:
            self._explain_proposal(what.space(proposal.space_id), proposal)
        self._list(
            language.say("What would open more"), [say_relaxation(language, request, r) for r in answer.relaxations]
        )
        found = [(miss, what.space(miss.space_id)) for miss in answer.near_misses]
        misses = [f"{_name(space)}: {say_near_miss(language, request, miss, space)}" for miss, space in found]
        self._list(language.say("Fails on one condition only"), misses)
        self._list(
            language.say("What excluded how many"), [say_exclusion(language, each) for each in answer.exclusions]
        )

    def show_first_free(self, found: Sequence[FirstFree], spaces: Sequence[Space], top: int) -> None:
        """Print the first free moment of each space."""
        say, names = self.language.say, {space.id: _name(space) for space in spaces}
        table = Table(header_style="bold")
        for header in (say("Space"), say("First free")):
            table.add_column(header, overflow="fold")
        for each in found[:top]:
            moment = each.moment
            when = say("not in this period")
            if moment is not None:
                span = f"{self.language.clock(moment.start)}-{self.language.clock(moment.end)}"
                when = f"{self.language.day(moment.day)} {span}"
            table.add_row(plain(names[each.space_id]), when)
        self.console.print(table)
        self._more(len(found) - top)

    def show_assumed(self, shares: Sequence[AssumedShare]) -> None:
        """Print how much of what is known was assumed."""
        say = self.language.say
        table = Table(title=say("How much is assumed"), title_justify="left", header_style="bold")
        for header in (say("Attribute"), say("Known"), say("Of which assumed"), say("Share assumed")):
            table.add_column(header)
        for share in shares:
            name = name_of(self.language, "conditions", share.attribute)
            table.add_row(
                name, str(share.known), str(share.assumed), self.language.percent(floor(share.share * 100) / 100)
            )
        self.console.print(table)

    def _match_rows(
        self, what: Matched, request: Request, answer: Answer, top: int
    ) -> Iterator[tuple[str | Text, ...]]:
        who = plain(f"{request.id} {request.organisation or request.name}")
        if not answer.proposals:
            hint = [say_relaxation(self.language, request, each) for each in answer.relaxations[:2]]
            yield who, "-", self.language.say("No space fits"), "; ".join(hint), "", ""
        for proposal in answer.proposals[:top]:
            first = who if proposal.rank == 1 else plain("")
            metres = "?" if proposal.metres is None else self.language.distance(proposal.metres)
            doubts = "; ".join(say_doubts(self.language, proposal))
            when = "; ".join(say_pattern(self.language, pattern) for pattern in proposal.patterns)
            space = plain(_name(what.space(proposal.space_id)))
            sign = plain(self.signs[proposal.certainty], STYLES[proposal.certainty])
            score = self.language.percent(proposal.score / 10_000)
            yield first, sign, space, "\n".join(text for text in (when, doubts) if text), metres, score

    def _explain_proposal(self, space: Space, proposal: Proposal) -> None:
        language = self.language
        certainty = name_of(language, "certainties", proposal.certainty)
        score = language.percent(proposal.score / 10_000)
        self._print(f"\n{proposal.rank}. {_name(space)}: {score}, {certainty}", style=STYLES[proposal.certainty])
        texts = [say_pattern(language, pattern) for pattern in proposal.patterns]
        texts += [say_missing(language, pattern) for pattern in proposal.patterns]
        if proposal.metres is not None:
            texts.append(language.distance(proposal.metres))
        texts += [*say_doubts(language, proposal), *say_edges(language, proposal.edges), say_parts(language, proposal)]
        for text in texts:
            if text:
                self._print(f"   {text}")

    def _list(self, title: str, texts: Sequence[str]) -> None:
        if texts:
            self._print(f"\n{title}", style="bold")
            for text in texts:
                self._print(f"  {text}")

    def _more(self, number: int) -> None:
        if number > 0:
            self._print("  " + self.language.count("and %(number)s more", "and %(number)s more", number))

    def _print(self, text: str, style: str = "") -> None:
        # no markup, no emoji, no guessing at highlights: names from files are text and nothing else
        self.console.print(plain(text, style), soft_wrap=True)


def _name(space: Space) -> str:
    return f"{space.id} {space.name}".strip()
