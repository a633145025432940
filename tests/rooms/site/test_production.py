"""Production settings: what must be said, what Django's own check finds, and what a browser is told."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from tests.rooms.makers import make_programme

PRODUCTION = {"MEERVOUD_MODE": "production", "MEERVOUD_HOSTS": "ruimte.example"}


def run(*arguments: str, folder: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, **PRODUCTION, "MEERVOUD_DATA": str(folder), **more}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "meervoud.site.manage", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_production_passes_the_check_for_deployment(tmp_path: Path) -> None:
    key = secrets.token_urlsafe(60)
    done = run("check", "--deploy", "--fail-level", "WARNING", folder=tmp_path, MEERVOUD_SECRET_KEY=key)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.slow
def test_production_does_not_start_without_a_secret_of_its_own(tmp_path: Path) -> None:
    for key in ("", "short"):
        done = run("check", folder=tmp_path, MEERVOUD_SECRET_KEY=key)
        assert done.returncode != 0
        assert "MEERVOUD_SECRET_KEY" in done.stderr


@pytest.mark.django_db
def test_a_browser_may_run_only_what_the_house_serves(client: Client) -> None:
    make_programme()
    for path in ("/", "/find/", "/account/login/", "/nothing/"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
