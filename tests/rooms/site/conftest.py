"""What the tests of the pages share."""

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(autouse=True, scope="session")
def _folder_for_static_files() -> None:
    # WhiteNoise warns where the folder is not there yet, and here a warning is a fault
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
