"""Serve the web with gunicorn, on this machine alone unless told otherwise, with one worker for tasks beside it."""

import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """`meervoud web serve`."""

    help = "Serve the web, and do its tasks."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8741)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--threads", type=int, default=4)
        parser.add_argument(
            "--no-tasks", action="store_true", help="start no worker: `meervoud web work` runs elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  # Any: Django's own signature
        """Become gunicorn: whoever stops this command stops the server, and the worker notices."""
        command = [sys.executable, "-m", "gunicorn", "meervoud.site.wsgi", "--no-control-socket"]
        command += ["--bind", f"{options['host']}:{options['port']}"]
        command += ["--workers", str(options["workers"]), "--threads", str(options["threads"]), "--preload"]
        sys.stdout.flush()
        if not options["no_tasks"]:
            start_worker()
        os.execv(sys.executable, command)  # noqa: S606  # fixed words and checked numbers


def start_worker() -> None:
    """Start a worker that ends when this process does; in the demo, where nobody sets a timer, it ticks too."""
    worker = [sys.executable, "-m", "meervoud.site.manage", "work", "--beside", str(os.getpid())]
    subprocess.Popen([*worker, *(["--tick"] if settings.IS_DEMO else [])])  # noqa: S603  # fixed words and a number
