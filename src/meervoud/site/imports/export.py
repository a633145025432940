"""The spaces and requests of a programme as sheets that the readers read back without a difference."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from meervoud.core.engine.types.requests import WEEKDAYS
from meervoud.core.engine.types.time import DateRange
from meervoud.core.errors import InputError
from meervoud.demand.models import RequestRule
from meervoud.files.output.rows_out import safe_cell
from meervoud.files.output.spaces_out import COLUMNS
from meervoud.parties.models import Person, Programme
from meervoud.site.imports.differences import Stored, Values
from meervoud.site.imports.requests import Requests
from meervoud.site.imports.runs import setting_of
from meervoud.site.imports.space_values import ranges_in
from meervoud.site.imports.spaces import Spaces

Form = Literal["csv", "xlsx"]
Cells = dict[str, str | int | float]
LONGEST_CELL: Final = 32_767  # of a workbook
EVERYTHING: Final = DateRange(date.min, date.max)
SPACE_COLUMNS: Final = (*COLUMNS, "season_first", "season_last")
REQUEST_COLUMNS: Final = (
    *("id", "name", "organisation", "neighbourhood", "latitude", "longitude", "max_metres", "people", "area_m2"),
    *("facilities", "wishes", "step_free", "activities", "loudness", "cause", "budget", "kind_of_activity", "meets_at"),
    *("weekdays", "window", "minutes", "first", "weeks", "coverage", "per_week", "same_start", "dates"),
    *("hours_per_week", "min_block", "days", "closed", "extra"),
)
