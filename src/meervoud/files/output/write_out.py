"""Writing a result: the ending of the file says how; a file is there whole or not at all."""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from meervoud.files.messages import unreadable
from meervoud.files.output.geojson_out import write_geojson
from meervoud.files.output.report import ReportInput, write_report
from meervoud.files.output.result_file import Matched, write_json
from meervoud.files.output.rows_out import write_csv, write_xlsx
from meervoud.files.wording.language import Language

ENDINGS = (".csv", ".xlsx", ".json", ".geojson", ".html")


def check_endings(paths: Sequence[Path], endings: Sequence[str] = ENDINGS, *, not_over: Sequence[Path] = ()) -> None:
    """Refuse a file that could not be written, before the work begins.

    Args:
        paths: the files to write.
        endings: those that can be written.
        not_over: the files that are read: none of them is replaced.

    Raises:
        InputError: the ending is none of those that can be written, the folder is not there, or it is a file we read.
    """
    for path in paths:
        if path.suffix.lower() not in endings:
            raise unreadable("out_ending", file=path.name, endings=", ".join(endings))
        if not path.absolute().parent.is_dir():
            raise unreadable("out_folder", folder=str(path.parent))
        if any(path.exists() and other.exists() and path.samefile(other) for other in not_over):
            raise unreadable("out_over_input", file=str(path))


def write_out(path: Path, what: Matched, language: Language, about: ReportInput) -> None:
    """Write a result in the form that the ending of the file names.

    Raises:
        InputError: the file cannot be written.
    """
    writers: dict[str, Callable[[Path], object]] = {
        ".csv": lambda place: write_csv(place, what, language),
        ".xlsx": lambda place: write_xlsx(place, what, language),
        ".json": lambda place: place.write_text(write_json(what), "utf-8"),
        ".geojson": lambda place: place.write_text(write_geojson(what, language), "utf-8"),
        ".html": lambda place: place.write_text(write_report(what, language, about), "utf-8"),
    }
    write_whole(path, writers[path.suffix.lower()])


def write_whole(path: Path, writer: Callable[[Path], object]) -> None:
    """Let a writer fill a new file and put it in the place of the old one when it is complete.

    Raises:
        InputError: the file cannot be written; the old one stays as it was.
    """
    unfinished: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name[:100]}.")
        os.close(handle)
        unfinished = Path(name)
        writer(unfinished)
        unfinished.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        unfinished.replace(path)
    except OSError as error:
        raise unreadable("out_unwritable", file=str(path), reason=str(error.strerror or error)) from error
    finally:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)


def _umask() -> int:
    # the only way to read it is to set it
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
