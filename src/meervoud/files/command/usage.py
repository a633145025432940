"""A parser of arguments whose usage, help and faults speak a language."""

import argparse
import re
import sys
from collections.abc import Iterable
from functools import partial
from typing import Any, Final, NoReturn

from meervoud.files.wording.language import Language, mark

WRONG_USAGE = 2
_FAULTS: Final = (
    (
        r"the following arguments are required: (?P<names>.+)",
        mark("Missing: %(names)s. Add it; --help says what it is."),
    ),
    (r"unrecognized arguments: (?P<names>.+)", mark("Not known here: %(names)s. --help lists what is known.")),
    (
        r"argument (?P<name>.+?): invalid choice: (?P<value>[^(]+) \(choose from (?P<choices>.+)\)",
        mark("%(name)s cannot be %(value)s. Choose from: %(choices)s."),
    ),
    (r"argument (?P<name>.+?): expected one argument", mark("%(name)s needs a value. Write it behind %(name)s.")),
    (
        r"argument (?P<name>.+?): ignored explicit argument (?P<value>.+)",
        mark("%(name)s takes no value. Leave out %(value)s."),
    ),
    (
        r"ambiguous option: (?P<name>.+) could match (?P<choices>.+)",
        mark("%(name)s may mean several options. Write one of: %(choices)s."),
    ),
    (r"argument (?P<name>.+?): (?P<fault>.+)", mark("%(name)s: %(fault)s")),
)
"""What argparse says, and what we say instead; a new sentence of argparse is shown as it is."""


class Parser(argparse.ArgumentParser):
    """Has a group of arguments and one of options, with titles in the language."""

    def __init__(self, *, language: Language, **rest: Any) -> None:  # whatever ArgumentParser takes
        formatter = partial(_Formatter, language=language)
        super().__init__(add_help=False, formatter_class=formatter, **rest)
        self.language = language
        self.say = language.say
        self.needed = self.add_argument_group(self.say("arguments"))
        self.options = self.add_argument_group(self.say("options"))
        self.options.add_argument("-h", "--help", action="help", help=self.say("show this help and stop"))

    def error(self, message: str) -> NoReturn:
        """Print the usage and what is wrong, and leave."""
        self.print_usage(sys.stderr)
        self.exit(WRONG_USAGE, f"{self.prog}: {say_fault(self.language, message)}\n")

    def positive(self, text: str) -> int:
        """Read a whole number above 0."""
        number = self.whole(text)
        if number < 1:
            raise argparse.ArgumentTypeError(self.say("%(value)s is below 1. Write 1 or more.", value=text))
        return number

    def whole(self, text: str) -> int:
        """Read a whole number."""
        try:
            return int(text)
        except ValueError as error:
            fault = self.say("%(value)s is not a whole number. Write digits only.", value=text)
            raise argparse.ArgumentTypeError(fault) from error


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str, *, language: Language) -> None:
        super().__init__(prog)
        self._usage = language.say("usage:")

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],  # argparse keeps the type of its groups to itself
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, f"{self._usage} " if prefix is None else prefix)


def say_fault(language: Language, message: str) -> str:
    """Return in a language what argparse says in English."""
    for pattern, sentence in _FAULTS:
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match:
            return language.say(sentence, **match.groupdict())
    return message
