"""What an import itself refuses, beside what the readers of the files refuse; and how both are said."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as mark

from meervoud.core.errors import InputError, MeervoudError
from meervoud.files.reading import Note, Problem, Refusal, refuse
from meervoud.files.wording.language import Language
from meervoud.files.wording.reading_sentences import say_note
from meervoud.lib.saying import say_error

SAYS: Final[Mapping[str, str]] = {
    "import_too_large": mark("The file is larger than %(most)s MB. Split it, or export fewer columns."),
    "import_too_many": mark("The file has more than %(most)s rows. Split it into smaller files."),
    "import_ending": mark("A file that ends in “%(value)s” cannot be read here. Use one of: %(endings)s."),
    "import_too_long": mark("This text has %(number)s letters, and only %(most)s fit. Make it shorter."),
    "import_host_missing": mark("The row does not say who lends the space. Fill in the host."),
    "import_area_unknown": mark(
        "The neighbourhood “%(value)s” is not on the map of this programme, and the row has no position. "
        "Fill in latitude and longitude, or write the name as it is on the map."
    ),
    "import_currency": mark(
        "The amount is in %(value)s, and this programme counts in %(wanted)s. Write it in %(wanted)s."
    ),
    "import_key_twice": mark(
        "The programme has this number more than once: “%(value)s”. Change the number of one of them on its own page."
    ),
    "import_building_shared": mark(
        "This space is in one building with “%(other)s”, and the two rows say different things of %(columns)s. "
        "Make the rows equal, or give this space a new id."
    ),
    "import_host_shared": mark(
        "This space is in one building with “%(other)s”, which has another host and is not in this sheet. "
        "Put both in the sheet, or give this space a new id."
    ),
    "import_area_code": mark("There is no neighbourhood with the code “%(value)s”. Import the neighbourhoods first."),
    "import_column_missing": mark("The column “%(value)s” is missing. These columns are needed: %(columns)s."),
    "import_value_missing": mark("Nothing stands in the column “%(value)s”. Fill it in."),
    "import_twice": mark("“%(value)s” stands in row %(row)s already. Remove one of the two."),
    "import_cell_too_long": mark("A cell of the column “%(value)s” is too long for a workbook. Take the file as CSV."),
    "import_year": mark("“%(value)s” is no year. Write it like 2026."),
}


class RowError(InputError):
    """One cell of a row cannot be imported; `column` and `shown` say which cell."""

    def __init__(self, code: str, *, column: str = "", shown: str = "", **values: str | float) -> None:
        super().__init__(SAYS[code] % values, code=code, **values)
        self.column = column
        self.shown = shown


def refuse_row(file: str, row: int, error: InputError, column: str = "") -> list[Refusal]:
    """Turn what is wrong with a row into its refusal."""
    shown = error.shown if isinstance(error, RowError) else str(error.values.get("value", ""))
    named = error.column if isinstance(error, RowError) else column
    return refuse(file, row, [Problem(named, shown, error)])


def say_refused(said: Language, refusal: Refusal) -> str:
    """Return why a row was refused and what to do, without its place, in the language of the page."""
    if refusal.code in SAYS:
        return gettext(SAYS[refusal.code]) % refusal.values
    return said.sentence(refusal.code, refusal.values) or refusal.message


def say_fault(error: MeervoudError) -> str:
    """Return why a whole file was refused."""
    if isinstance(error, InputError) and error.code in SAYS:
        return gettext(SAYS[error.code]) % error.values
    return say_error(error)


def say_remark(said: Language, file: str, note: Note) -> str:
    """Return what one should know though nothing was refused."""
    return say_note(said, file, note)
