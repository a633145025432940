"""What requests ask that do not say it themselves, written on the command line."""

import shlex
from dataclasses import replace

from meervoud.core.engine.types.requests import Request
from meervoud.files.messages import unreadable
from meervoud.files.sources.requests import requests_in
from meervoud.files.tables.mapping import ColumnMapping
from meervoud.files.tables.tables import table_of
from meervoud.files.values.closed_days import Calendar

TEMPLATE_ID = "template"


def read_template(text: str, calendar: Calendar) -> Request:
    """Read a request written as "weekdays=Tu,Th window=18:00-22:00 minutes=120 people=15".

    Args:
        text: fields of a request and their values; a value with a space stands between quotation marks.
        calendar: the planned period.

    Raises:
        InputError: a field is unknown or a value cannot be read.
    """
    try:
        pairs = [part.partition("=") for part in shlex.split(text)]
    except ValueError as error:
        raise unreadable("template_broken", value=text) from error
    if any(not sign for _, sign, _ in pairs):
        raise unreadable("template_broken", value=text)
    cells = {"id": TEMPLATE_ID, **{name: value for name, _, value in pairs}}
    mapping = ColumnMapping(columns={name: name for name in cells})
    reading = requests_in(table_of("--ask", [(1, cells, ())]), mapping, calendar)
    if reading.refused:
        first = reading.refused[0]
        about = {"column": first.column, "written": first.value, "reason": first.message, "reason_code": first.code}
        raise unreadable("template_value", **{**first.values, **about})
    return reading.taken[0]


def fill_in(request: Request, template: Request) -> Request:
    """Return a request with what it does not say itself taken from the template."""
    return replace(
        request,
        needs=request.needs or template.needs,
        max_metres=request.max_metres if request.max_metres is not None else template.max_metres,
        group_min=request.group_min or template.group_min,
        group_max=request.group_max or template.group_max,
        area_m2=request.area_m2 or template.area_m2,
        facilities=request.facilities or template.facilities,
        wishes=request.wishes or template.wishes,
        step_free=request.step_free or template.step_free,
        activities=request.activities or template.activities,
        loudness=request.loudness or template.loudness,
        cause=request.cause or template.cause,
        budget=request.budget or template.budget,
        kind_of_activity=request.kind_of_activity or template.kind_of_activity,
    )
