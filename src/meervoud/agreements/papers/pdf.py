"""The contract and the page for who approves as PDFs."""

from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from meervoud.lib.typeset import Data, typeset

Name = Literal["contract", "brief"]
PAGES: Final = Path(str(files("meervoud.agreements").joinpath("papers")))


def pdf_of(name: Name, data: Data, at: datetime) -> bytes:
    """Return a PDF of one of our pages.

    Args:
        name: of the page.
        data: what stands on it; see content.py.
        at: the moment that the file says it was made at.
    """
    return typeset((PAGES / f"{name}.typ").read_bytes(), data, at, root=PAGES)
