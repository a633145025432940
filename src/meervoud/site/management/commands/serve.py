"""Serve the web with gunicorn, on this machine alone unless told otherwise."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """`meervoud web serve`."""

    help = "Serve the web."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8741)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--threads", type=int, default=4)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  # Any: Django's own signature
        """Become gunicorn: whoever stops this command stops the server."""
        command = [sys.executable, "-m", "gunicorn", "meervoud.site.wsgi", "--no-control-socket"]
        command += ["--bind", f"{options['host']}:{options['port']}"]
        command += ["--workers", str(options["workers"]), "--threads", str(options["threads"]), "--preload"]
        sys.stdout.flush()
        os.execv(sys.executable, command)  # noqa: S606  # fixed words and checked numbers
