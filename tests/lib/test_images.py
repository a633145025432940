"""Photographs: only pixels go through, upright and small; whatever else is sent is refused with a reason."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from meervoud.core.errors import InputError
from meervoud.lib.images import MOST_BYTES, REFUSALS, PreparedImage, prepare_photo

RED, BLUE, WHITE = (200, 30, 30), (30, 30, 200), (255, 255, 255)
KINDS = ("JPEG", "PNG", "WEBP")
Colour = tuple[int, int, int]


def written(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format=kind, **options)
    return file.getvalue()


def two_colours(width: int = 80, height: int = 40) -> Image.Image:
    """Red at the left, blue at the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def colour_at(prepared: PreparedImage, x: float, y: float) -> Colour:
    """Return the colour at a share of the width and the height."""
    image = Image.open(io.BytesIO(prepared.data)).convert("RGB")
    found = image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))
    assert isinstance(found, tuple)
    return (int(found[0]), int(found[1]), int(found[2]))


def is_near(one: Colour, other: Colour) -> bool:
    return all(abs(first - second) < 30 for first, second in zip(one, other, strict=True))


def refusal_of(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        prepare_photo(data)
    assert str(caught.value) == REFUSALS[caught.value.code] % caught.value.values
    return caught.value.code


def code_of(data: bytes) -> str:
    """Return the code of the refusal, "" where nothing is refused."""
    try:
        prepare_photo(data)
    except InputError as error:
        return error.code
    return ""


def notes(orientation: int = 1) -> Image.Exif:
    """Notes of a camera with a maker, an orientation and a place."""
    made = Image.Exif()
    made[ExifTags.Base.Make] = "NotedCamera"
    made[ExifTags.Base.Orientation] = orientation
    place = made.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (52.0, 22.0, 12.5)
    return made


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, rows: bytes) -> bytes:
    """A PNG of 8-bit grey that says it is as large as you like."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def jpeg_claiming(width: int, height: int) -> bytes:
    """A small JPEG whose header gives another size."""
    data = written(two_colours())
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


class TestSizes:
    @pytest.mark.parametrize("kind", KINDS)
    def test_a_large_photograph_comes_in_three_widths(self, kind: str) -> None:
        prepared = prepare_photo(written(two_colours(2400, 1200), kind))

        assert [(each.width, each.height) for each in prepared] == [(480, 240), (960, 480), (1600, 800)]
        for each in prepared:
            with Image.open(io.BytesIO(each.data)) as image:
                assert (image.format, image.size) == ("WEBP", (each.width, each.height))
            assert is_near(colour_at(each, 0.1, 0.5), RED)
            assert is_near(colour_at(each, 0.9, 0.5), BLUE)

    @pytest.mark.parametrize(
        ("size", "widths"),
        [((300, 200), [300]), ((480, 1), [480]), ((700, 900), [480, 700]), ((1601, 9), [480, 960, 1600])],
    )
    def test_a_photograph_is_never_enlarged(self, size: tuple[int, int], widths: list[int]) -> None:
        assert [each.width for each in prepare_photo(written(two_colours(*size)))] == widths

    def test_a_line_of_pixels_keeps_one(self) -> None:
        assert [(each.width, each.height) for each in prepare_photo(written(two_colours(9000, 2), "PNG"))] == [
            (480, 1),
            (960, 1),
            (1600, 1),
        ]

    def test_the_same_photograph_gives_the_same_bytes(self) -> None:
        data = written(two_colours(700, 500))

        assert prepare_photo(data) == prepare_photo(data)


class TestWhatIsLeftOut:
    @pytest.mark.parametrize("kind", KINDS)
    def test_the_place_and_the_camera_are_gone(self, kind: str) -> None:
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a GPSLatitude="52,22.2N"/></x:xmpmeta>'
        data = written(two_colours(), kind, exif=notes(), icc_profile=profile, xmp=xmp)
        assert b"NotedCamera" in data
        assert Image.open(io.BytesIO(data)).getexif().get_ifd(ExifTags.IFD.GPSInfo)

        [prepared] = prepare_photo(data)

        with Image.open(io.BytesIO(prepared.data)) as image:
            assert not image.getexif()
            assert not image.info.keys() & {"exif", "icc_profile", "xmp", "comment"}
        for secret in (b"NotedCamera", b"GPS", b"EXIF", b"ICCP", b"XMP", b"xmpmeta"):
            assert secret not in prepared.data

    def test_texts_beside_the_pixels_are_gone(self) -> None:
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Author", "NotedAuthor")

        assert b"NotedAuthor" not in prepare_photo(written(two_colours(), "PNG", pnginfo=texts))[0].data
        assert b"NotedRemark" not in prepare_photo(written(two_colours(), comment=b"NotedRemark"))[0].data

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_page_behind_the_photograph_is_gone(self, kind: str) -> None:
        page = b"<html><script>alert(1)</script></html>"

        [prepared] = prepare_photo(written(two_colours(), kind) + page)

        assert b"script" not in prepared.data
        assert prepared == prepare_photo(written(two_colours(), kind))[0]

    def test_what_is_transparent_becomes_white(self) -> None:
        image = two_colours(64, 64).convert("RGBA")
        image.putalpha(0)
        palette = Image.new("P", (64, 64), 0)
        palette.putpalette([*RED, *BLUE])

        for data in (
            written(image, "PNG"),
            written(image, "WEBP", exact=True),
            written(palette, "PNG", transparency=0),
            written(Image.new("LA", (64, 64), (0, 0)), "PNG"),
        ):
            assert colour_at(prepare_photo(data)[0], 0.2, 0.5) == WHITE

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "MPO"])
    def test_of_several_frames_the_first_stays(self, kind: str) -> None:
        frames = [Image.new("RGB", (60, 40), colour) for colour in (RED, BLUE, WHITE)]

        [prepared] = prepare_photo(written(frames[0], kind, save_all=True, append_images=frames[1:]))

        with Image.open(io.BytesIO(prepared.data)) as image:
            assert getattr(image, "n_frames", 1) == 1
        assert is_near(colour_at(prepared, 0.5, 0.5), RED)


class TestOrientation:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        ("orientation", "size", "red_at"),
        [
            (1, (80, 40), (0.1, 0.5)),
            (2, (80, 40), (0.9, 0.5)),
            (3, (80, 40), (0.9, 0.5)),
            (4, (80, 40), (0.1, 0.5)),
            (5, (40, 80), (0.5, 0.1)),
            (6, (40, 80), (0.5, 0.1)),
            (7, (40, 80), (0.5, 0.9)),
            (8, (40, 80), (0.5, 0.9)),
            (9, (80, 40), (0.1, 0.5)),
        ],
    )
    def test_the_photograph_stands_upright(
        self, kind: str, orientation: int, size: tuple[int, int], red_at: tuple[float, float]
    ) -> None:
        [prepared] = prepare_photo(written(two_colours(), kind, exif=notes(orientation)))

        assert (prepared.width, prepared.height) == size
        assert is_near(colour_at(prepared, *red_at), RED)
        assert is_near(colour_at(prepared, 1 - red_at[0], 1 - red_at[1]), BLUE)

    def test_the_widths_are_those_of_the_upright_photograph(self) -> None:
        prepared = prepare_photo(written(two_colours(4000, 2000), exif=notes(6)))

        assert [(each.width, each.height) for each in prepared] == [(480, 960), (960, 1920), (1600, 3200)]

    @pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
    @pytest.mark.parametrize("kind", KINDS)
    def test_notes_that_cannot_be_read_spoil_no_photograph(self, kind: str) -> None:
        for broken in (b"Exif\x00\x00nonsense", b"Exif\x00\x00II*\x00\xff\xff\xff\xff"):
            assert prepare_photo(written(two_colours(), kind, exif=broken))[0].width == 80


class TestColours:
    @pytest.mark.parametrize(
        ("mode", "kind"),
        [("1", "PNG"), ("L", "PNG"), ("L", "JPEG"), ("P", "PNG"), ("CMYK", "JPEG"), ("RGBA", "PNG"), ("LA", "PNG")],
    )
    def test_every_kind_of_pixel_keeps_its_light(self, mode: str, kind: str) -> None:
        image = Image.new("RGB", (64, 32), (250, 250, 250))
        image.paste((5, 5, 5), (32, 0, 64, 32))

        [prepared] = prepare_photo(written(image.convert(mode), kind))

        assert is_near(colour_at(prepared, 0.1, 0.5), (250, 250, 250))
        assert is_near(colour_at(prepared, 0.9, 0.5), (5, 5, 5))

    def test_sixteen_bits_of_grey_keep_their_light(self) -> None:
        for options in ({}, {"transparency": 30_000}):
            [prepared] = prepare_photo(written(Image.new("I;16", (20, 20), 30_000), "PNG", **options))
            assert is_near(colour_at(prepared, 0.5, 0.5), (117, 117, 117))


class TestRefusals:
    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"Just a text.\n",
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            b'<?xml version="1.0"?><svg/>',
            b"<html></html>",
            b"%PDF-1.7\n",
            b"%!PS-Adobe-3.0 EPSF-3.0\n",
            b"RIFF\x24\x00\x00\x00WAVEfmt ",
            b"\x00\x00\x00\x20ftypheic",
            *(written(two_colours(), kind) for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM", "TGA", "JPEG2000", "PDF")),
            b"GIF89a" + written(two_colours()),
            b"\n" + written(two_colours()),
        ],
    )
    def test_another_kind_of_file_is_refused(self, data: bytes) -> None:
        assert refusal_of(data) == "image_kind"

    @pytest.mark.parametrize(
        "data",
        [
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"RIFF\x00\x00\x00\x00WEBP",
            b"\xff\xd8\xff<svg/>",
            b"\x89PNG\r\n\x1a\n" + b"\x00" * 500,
            b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\x00" * 500,
            png(50, 50, b"\x00" * 100),
            png(0, 0, b""),
            png(5000, 5000, b"\x00" * 100),
        ],
    )
    def test_a_damaged_photograph_and_one_that_lies_about_its_size_are_refused(self, data: bytes) -> None:
        assert refusal_of(data) == "image_unreadable"

    def test_a_jpeg_that_ends_too_early_but_properly_is_filled_with_one_colour(self) -> None:
        [*_, largest] = prepare_photo(jpeg_claiming(2000, 2000))

        assert (largest.width, largest.height) == (1600, 1600)
        assert colour_at(largest, 0.5, 0.7) == colour_at(largest, 0.9, 0.9)

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.99])
    def test_half_a_photograph_is_refused(self, kind: str, share: float) -> None:
        data = written(Image.effect_noise((200, 200), 60).convert("RGB"), kind)

        assert refusal_of(data[: int(len(data) * share) + 12]) == "image_unreadable"

    @pytest.mark.parametrize(
        "data",
        [
            png(8000, 6000, b"\x00" * 100),
            png(16_001, 1, b"\x00" * 16_002),
            png(1, 30_000, b"\x00" * 60_000),
            png(12_000, 10_000, b""),
            png(50_000, 50_000, b""),
            png(2_000_000_000, 2_000_000_000, b""),
            jpeg_claiming(65_000, 65_000),
            jpeg_claiming(7000, 6000),
        ],
    )
    def test_too_many_pixels_are_refused_before_they_are_read(self, data: bytes) -> None:
        assert refusal_of(data) == "image_too_many_pixels"

    def test_a_file_over_twelve_megabytes_is_refused_and_one_of_twelve_is_not(self) -> None:
        photograph = written(two_colours())

        assert refusal_of(photograph + b"\x00" * (MOST_BYTES - len(photograph) + 1)) == "image_too_large"
        assert prepare_photo(photograph + b"\x00" * (MOST_BYTES - len(photograph)))

    def test_a_text_that_swells_is_refused(self) -> None:
        swollen = chunk(b"zTXt", b"a\x00\x00" + zlib.compress(b"\x00" * 70_000_000))
        data = written(two_colours(), "PNG")

        assert refusal_of(data[:33] + swollen + data[33:]) == "image_unreadable"

    @given(st.sampled_from(KINDS), st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=8))
    def test_whatever_is_changed_in_a_file_it_is_a_photograph_or_refused(
        self, kind: str, changes: list[tuple[int, int]]
    ) -> None:
        data = bytearray(written(two_colours(40, 20), kind, exif=notes(6)))
        for at, value in changes:
            data[at % len(data)] = value

        assert code_of(bytes(data)) in {"", *REFUSALS}


def test_nothing_is_read_from_or_written_to_a_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    prepare_photo(written(two_colours()))

    assert list(tmp_path.iterdir()) == []
