"""Read what came back from mail servers."""

import mailbox
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from meervoud.lib.clock import now
from meervoud.parties.bounces import MOST_BYTES, note_bounces

LARGEST_BOX: Final = 200_000_000
MOST_MAILS: Final = 10_000


class Command(BaseCommand):
    """`meervoud web bounces PLACE`."""

    help = "Read delivery status notifications from a maildir, an mbox, one mail in a file, or - for the input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask where they are."""
        parser.add_argument("place", help="a maildir, an mbox, a file with one mail, or - for the standard input")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  # Any, args: Django's own signature
        """Read, note, and say how many."""
        try:
            found = note_bounces(mails_in(options["place"]), now=now())
        except OSError as error:
            raise CommandError(f"{options['place']} cannot be read: {error.strerror}. Check the name.") from error
        self.stdout.write(
            f"{found.hard} do not arrive, {found.soft} for the time being, {found.known} known already, "
            f"{found.strange} not about a mail of ours, {found.unreadable} not readable."
        )


def mails_in(place: str) -> Iterator[bytes]:
    """Yield the mails of a place, one byte more than the limit of each at most; nothing there is changed."""
    if place == "-":
        yield sys.stdin.buffer.read(MOST_BYTES + 1)
        return
    path = Path(place)
    if path.is_dir():
        yield from _maildir(path)
        return
    with path.open("rb") as file:
        is_box = file.read(5) == b"From "
    if not is_box:
        yield _beginning(path)
        return
    if path.stat().st_size > LARGEST_BOX:
        raise CommandError(f"{path} is larger than {LARGEST_BOX // 1_000_000} MB. Give a smaller part.")
    with closing(mailbox.mbox(path, create=False)) as box:
        for key in islice(box.iterkeys(), MOST_MAILS):
            with box.get_file(key) as mail:
                yield mail.read(MOST_BYTES + 1)


def _maildir(path: Path) -> Iterator[bytes]:
    files = [each for part in ("new", "cur") for each in sorted((path / part).glob("*")) if each.is_file()]
    yield from (_beginning(each) for each in files[:MOST_MAILS])


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
