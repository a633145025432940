"""Photographs that people send: checked, turned upright, made small, and without anything hidden in them."""

import io
import struct
from dataclasses import dataclass
from typing import Final

from PIL import ExifTags, Image, ImageOps

from meervoud.core.errors import InputError

MOST_BYTES: Final = 12_000_000
MOST_PIXELS: Final = 40_000_000
LONGEST_SIDE: Final = 16_000
"""In pixels; a WEBP can have 16383 at most."""
WIDTHS: Final = (480, 960, 1600)
MEDIA_TYPE: Final = "image/webp"

REFUSALS: Final[dict[str, str]] = {
    "image_too_large": "The photograph is larger than %(megabytes)s MB. Send a smaller one.",
    "image_kind": "The file is not a photograph of a kind that can be used. Send a JPEG, PNG or WEBP.",
    "image_unreadable": "The photograph is damaged or not complete. Open it, save it again and send that.",
    "image_too_many_pixels": "The photograph has more than %(megapixels)s million pixels, or a side of more than %(side)s. "
    "Send a smaller one.",
}
"""Code -> English sentence with named gaps."""

_QUALITY = 80
_BEGINNINGS = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF"}
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, OverflowError, struct.error, UserWarning)
"""What Pillow raises for damaged files; the last only where Python was told to raise warnings."""


@dataclass(frozen=True)
class PreparedImage:
    """A WEBP of `width` x `height` pixels, upright, without a note of place, time or camera."""

    width: int
    height: int
    data: bytes


def prepare_photo(data: bytes) -> tuple[PreparedImage, ...]:
    """Return a photograph in the widths of WIDTHS, smallest first.

    A photograph is never enlarged: one of 700 pixels gives 480 and 700. Only pixels are kept; what is transparent becomes
    white, of a moving picture the first frame stays. Colours are taken for sRGB.

    Args:
        data: a whole file.

    Raises:
        InputError: why not; the codes are the keys of REFUSALS.
    """
    if len(data) > MOST_BYTES:
        raise _refusal("image_too_large", megabytes=MOST_BYTES // 1_000_000)
    kind = _kind(data)
    try:
        upright = _upright(data, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except _BROKEN as error:
        raise _refusal("image_unreadable") from error
    widths = dict.fromkeys(min(width, upright.width) for width in WIDTHS)
    return tuple(_scaled(upright, width) for width in widths)


def _refusal(code: str, **values: str | float) -> InputError:
    return InputError(REFUSALS[code] % values, code=code, **values)


def _too_many_pixels() -> InputError:
    return _refusal("image_too_many_pixels", megapixels=MOST_PIXELS // 1_000_000, side=LONGEST_SIDE)


def _kind(data: bytes) -> str:
    """Tell the kind by the first bytes; a name or a label from outside says nothing."""
    for kind, beginning in _BEGINNINGS.items():
        if data.startswith(beginning) and (kind != "WEBP" or data[8:12] == b"WEBP"):
            return kind
    raise _refusal("image_kind")


def _upright(data: bytes, kind: str) -> Image.Image:
    """Read the pixels, no more than are wanted, and turn them as the camera was held."""
    with Image.open(io.BytesIO(data), formats=(kind,)) as image:
        width, height = image.size
        if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
            raise _too_many_pixels()
        image.draft(None, (WIDTHS[-1], WIDTHS[-1]))  # lets a JPEG be read at a half or a quarter, at least this large
        image.load()
        upright = _opaque(image)
        # on the file itself this would also rewrite its notes, which may be broken
        upright.getexif()[ExifTags.Base.Orientation] = _orientation(image)
        ImageOps.exif_transpose(upright, in_place=True)
        return upright


def _orientation(image: Image.Image) -> int:
    """Return how the camera was held, 1-8; notes that cannot be read spoil no photograph."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except _BROKEN:
        return 1
    return orientation if isinstance(orientation, int) else 1


def _opaque(image: Image.Image) -> Image.Image:
    """Return the pixels alone, on white: what is invisible may hide something."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value / 256).convert("L")
        image.info.clear()
    if image.has_transparency_data:
        layer = image if image.mode == "RGBA" else image.convert("RGBA")
        page = Image.new("RGB", image.size, "white")
        page.paste(layer, mask=layer)
        return page
    plain = image.convert("RGB")
    plain.info.clear()
    return plain


def _scaled(image: Image.Image, width: int) -> PreparedImage:
    height = max(1, round(image.height * width / image.width))
    small = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2)
    written = io.BytesIO()
    small.save(written, format="WEBP", quality=_QUALITY)
    return PreparedImage(width, height, written.getvalue())
