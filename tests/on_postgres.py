"""Run pytest on a PostgreSQL of our own: `python -m tests.on_postgres -n 2 tests/rooms`."""

import os
import subprocess
import sys

from bench.postgres import own_postgres


def main() -> int:
    """Start a server on a socket, run pytest with the arguments given, stop the server."""
    with own_postgres(survives_power_cuts=False) as connection:
        info = connection.info
        connection.execute("CREATE DATABASE meervoud")
        url = f"postgres://{info.user}@/meervoud?host={info.host}"
        environment = {**os.environ, "DATABASE_URL": url, "MEERVOUD_DATABASE": "postgresql"}
        return subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
