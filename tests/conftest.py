"""What all tests share: where the reference data stands."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder with `real/`; without it the test is skipped."""
    folder = os.environ.get("MEERVOUD_REFERENCE_DATA")
    if not folder:
        pytest.skip("set MEERVOUD_REFERENCE_DATA to the folder that holds real/")
    return Path(folder)
