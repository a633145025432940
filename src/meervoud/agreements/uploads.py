"""Paper that people send: a PDF as it is, or a photograph of it with nothing hidden inside."""

from dataclasses import dataclass
from typing import Final

from meervoud.core.errors import InputError
from meervoud.lib.images import MEDIA_TYPE as IMAGE_TYPE
from meervoud.lib.images import prepare_photo

MOST_BYTES: Final = 10_000_000
PDF_TYPE: Final = "application/pdf"
ENDINGS: Final = {PDF_TYPE: "pdf", IMAGE_TYPE: "webp"}
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True)
class Paper:
    """A scan as it is kept: a PDF, or the pixels of a photograph alone."""

    data: bytes
    media_type: str


def read_paper(data: bytes) -> Paper:
    """Return what is kept of a file, whatever it is called: the place and the camera in a photograph are not.

    Raises:
        InputError: it is larger than 10 MB, or neither a PDF nor a JPEG or PNG that can be read.
    """
    if len(data) > MOST_BYTES:
        raise InputError("The file is larger than 10 MB.", code="paper_large", megabytes=MOST_BYTES // 1_000_000)
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return Paper(data, PDF_TYPE)
    if not data.startswith(_PICTURES):
        raise InputError("The file is no PDF, JPEG or PNG. Scan the paper again.", code="paper_kind")
    return Paper(prepare_photo(data)[-1].data, IMAGE_TYPE)
