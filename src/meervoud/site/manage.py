"""Django's own commands: `python -m meervoud.site.manage migrate`."""

import os
import sys

from django.core.management import execute_from_command_line


def main(arguments: list[str] | None = None) -> None:
    """Run one of Django's commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meervoud.site.settings")
    execute_from_command_line(["meervoud", *(sys.argv[1:] if arguments is None else arguments)])


if __name__ == "__main__":
    main()
