"""Every sentence that the readers say, by its code. The gaps are named, so that a translation may move them."""

from collections.abc import Mapping
from typing import Final

from meervoud.core.engine.opening_tokens import REFUSALS
from meervoud.core.errors import InputError
from meervoud.files.impact_messages import IMPACT

Values = Mapping[str, str | float]

MESSAGES: Final[dict[str, str]] = {
    # the file
    "file_missing": "The file %(file)s cannot be opened. Check its name and that you may read it.",
    "file_empty": "The file %(file)s has no rows. Save it with a row of column names and a row for each thing.",
    "encoding_unknown": "The text of %(file)s is in no known encoding. Save it as CSV UTF-8.",
    "encoding_guessed": "The text is not UTF-8; it was read as %(encoding)s. Check the accents, or save it as CSV UTF-8.",
    "line_too_long": "A line is longer than %(characters)s characters. Check that the file has line ends.",
    "quotes_broken": "The quotation marks in lines %(first_line)s to %(last_line)s do not match. Close each quotation, "
    "and double the marks inside it.",
    "nul_byte": "The cell holds a NUL byte, which no text has. Save the file again from your spreadsheet program.",
    "row_ragged": "The row has %(cells)s cells and there are %(columns)s columns. Put text with a delimiter in it "
    "between quotation marks, and give each column a header.",
    "column_without_header": "The column %(column)s has no header; its values are kept as notes.",
    "column_not_known": "The column %(column)s is not known; its values are kept as notes. Nearest: %(nearest)s.",
    "columns_kept": "Kept as notes: %(columns)s.",
    "column_twice": "The column %(column)s is there more than once; the later ones are kept under a number.",
    "column_ambiguous": "The column %(column)s is there more than once. Rename one of them.",
    "columns_both": "The columns %(columns)s may all be meant as %(field)s. Say which one in the mapping, "
    'e.g. %(field)s = "%(first)s".',
    "column_missing": "The mapping names the column %(column)s, which is not there. There are: %(columns)s.",
    "field_unknown": "The mapping fills %(field)s, which does not exist. There are: %(fields)s.",
    "table_on_its_side": "The names of the columns stand below each other in the first column. Turn the table: "
    "paste it with Transpose.",
    "no_column_known": "None of the columns is known: %(columns)s. Say in a mapping which is which, "
    'e.g. id = "%(first)s".',
    "mapping_broken": "The mapping %(file)s cannot be read: %(reason)s. Mend it, or begin with an empty one.",
    "mapping_part_unknown": "The mapping has a part %(part)s, which means nothing. There are: %(parts)s.",
    "mapping_value": "The mapping gives %(key)s the value %(value)s. Use: %(allowed)s.",
    "flag_broken": "%(value)s is not a mapping. Write it like capacity=Number of patrons.",
    "sheet_chosen": "The workbook has several sheets; the first one, %(sheet)s, was read. Name another if you meant it.",
    "sheet_missing": "There is no sheet %(sheet)s. There are: %(sheets)s.",
    "workbook_old": "%(file)s is a workbook of the old kind. Save it as .xlsx or as CSV.",
    "workbook_locked": "%(file)s is locked with a password. Save it without one.",
    "workbook_broken": "%(file)s is not a readable .xlsx workbook. Open it in your spreadsheet program and save it again.",
    "workbook_broken_at": "%(file)s is damaged after row %(row)s. Open it in your spreadsheet program and save it again.",
    "workbook_too_large": "%(file)s unfolds to more than a workbook of %(megabytes)s MB can hold. Save the one sheet "
    "as CSV.",
    "cell_merged": "The cell is merged with others, so that it is not clear for which rows it counts. Unmerge it and "
    "fill in each row.",
    "cell_error": "The cell holds the error %(value)s. Mend its formula, or type the value.",
    "formula_without_result": "The cell holds a formula without a stored result. Open and save the file in your "
    "spreadsheet program, or paste as values.",
    "json_broken": "%(file)s is not readable GeoJSON: %(reason)s. Export it again.",
    "json_kind": "%(file)s is no collection of %(wanted)s. Export it as such.",
    "crs_unknown": "The coordinates of %(file)s are in %(crs)s. Export them in WGS84 (EPSG:4326).",
    # the row
    "id_missing": "The row has no id. Give each row an id of its own.",
    "id_twice": "The id %(id)s is also in row %(row)s, and its rows say different things of %(columns)s. Give each its own "
    "id, or make them equal.",
    "id_same_row": "The id %(id)s is already in row %(row)s with the same values. Remove one of the two.",
    "seasons_overlap": "The id %(id)s is also in row %(row)s, and its rows count for some of the same days. Give each row a "
    "season of its own, or each space its own id.",
    "sibling_refused": "Row %(row)s of %(id)s was refused, and half of it would be wrong. Mend that row first.",
    "value_missing": "%(field)s is missing, and %(because)s needs it. Fill it in.",
    "lend_missing": "Opening hours of the kind %(kind)s may be the hours to lend in or those to keep out of. "
    "Fill in lend: inside or outside.",
    "lend_always_with_hours": "The space can always be lent and yet has opening hours. Leave out one of the two.",
    "facility_both_ways": "%(words)s is said to be there and not to be there. Leave out one of the two.",
    # values
    "not_a_number": "%(value)s is not a number. Write digits only.",
    "number_ambiguous": '%(value)s may mean %(one)s or %(other)s. Set decimal = "," or "." in the mapping, '
    "or leave out the thousands separator.",
    "number_not_whole": "%(value)s is not a whole number. Round it.",
    "number_outside": "%(value)s is not between %(low)s and %(high)s. Correct it.",
    "number_is_sum": "%(value)s is a sum. Give one number: list two spaces, or write the sum.",
    "number_is_range": "%(value)s is a range. Give one number.",
    "number_is_date": "%(value)s is a date where a number belongs. Format the cell as text and type it again.",
    "range_backwards": "%(value)s ends below where it begins. Swap the two numbers.",
    "metres_unit": "%(value)s is not a distance. Write metres, or a number with m or km.",
    "minutes_unit": "%(value)s is not a length of time. Write minutes, or 2 h, or 1:30.",
    "share_outside": "%(value)s is not a share. Write 90%% or 0.9.",
    "money_unreadable": "%(value)s is not an amount of money. Write it like EUR 7.50, or free.",
    "currency_missing": "%(value)s has no currency. Write it like EUR 7.50, or set currency in the mapping.",
    "currency_ambiguous": "%(value)s may be in several currencies. Write the code, e.g. DKK 50.",
    "cents_not_whole": "%(value)s has parts of cents. Round it to two decimals.",
    "yes_or_no": "%(value)s is neither yes nor no. Write yes or no.",
    "word_unknown": "%(value)s is not known. Nearest: %(nearest)s. Use one of: %(known)s.",
    "time_unreadable": "%(value)s is not a time. Write it like 19:00.",
    "window_unreadable": "%(value)s is not a part of the day. Write it like 19:00-22:00.",
    "date_unreadable": "%(value)s is not a date. Write it like 2026-03-31.",
    "date_order": "%(value)s has no month %(month)s. Write 2026-03-31, or set dayfirst = false in the mapping.",
    "date_with_time": "%(value)s has a time of the day where a date belongs. Leave out the time.",
    "date_serial": "%(value)s is a number where a date belongs. Format the cell as a date.",
    "weekday_unknown": "%(value)s is not a weekday. Write them like Tu,Th or Mo-Fr.",
    "period_unreadable": "%(value)s is not a period. Write it like 2026-07-13:2026-07-27, 07:08 or 12-24:12-31.",
    "period_needs_year": "%(value)s names no year. Write the year, or say which period is planned.",
    "school_holidays_unknown": "%(value)s speaks of school holidays, and none were given. Write the dates.",
    "coordinate_unreadable": "%(value)s is not a coordinate. Write degrees like 52.3702.",
    "coordinate_half": "There is a latitude or a longitude, not both. Fill in the other, or clear it.",
    "coordinate_swapped": "%(value)s cannot be a latitude and a longitude; the two seem swapped. "
    "Put the latitude first, or swap the columns.",
    "coordinate_outside": "%(value)s lies outside the world. Write WGS84 degrees: latitude, then longitude.",
    "coordinate_zero": "The position 0, 0 lies in the ocean and often stands for unknown. Clear it or correct it.",
    "positions_differ": "The position %(value)s lies %(metres)s m from the latitude and longitude. Correct one of them.",
    "not_a_point": "The feature is a %(kind)s, not a point. Export the centre of each place as a point.",
    "not_an_area": "The feature is a %(kind)s, not a polygon. Export the boundaries as polygons.",
    "area_broken": "The boundary cannot be used: %(reason)s. Repair its geometry.",
    "area_nameless": "The area has no name in the column %(column)s. Say which property is the name.",
    "feature_broken": "The feature is not as GeoJSON has it. Export the file again.",
    # needs
    "needs_mixed": "The row asks by %(kind)s, which does not use %(columns)s; beside it may stand: %(allowed)s. Clear one "
    "of the two, or use a row for each rule, with the same id.",
    "window_twice": "The window is %(window)s, and the start and the end are %(times)s. Clear one of the two.",
    "rrule_unreadable": "The recurrence %(value)s cannot be read: %(part)s. Write it as RFC 5545 does, e.g. "
    "FREQ=WEEKLY;BYDAY=TU.",
    "rrule_unsupported": "The recurrence %(value)s uses %(part)s. Write out the dates instead.",
    "rrule_without_start": "The recurrence %(value)s needs a first day to count from. Fill in first.",
    "rrule_empty": "The recurrence %(value)s has no day between %(first)s and %(last)s. Check the period.",
    "lists_uneven": "There are %(rules)s recurrences, %(starts)s start times and %(ends)s end times. Give each "
    "recurrence one of both.",
    "closed_text_unread": "%(name)s says when it is closed in words (%(text)s); no date was made of them. "
    "Give closed days if they matter.",
    "school_holiday_broken": "Row %(row)s of %(file)s is no school holiday. Give it a name, a first and a last day.",
    # calendars
    "calendar_broken": "%(file)s is not a readable calendar: %(reason)s. Export it again.",
    "calendar_too_large": "%(file)s is larger than %(megabytes)s MB. Export a shorter period.",
    "calendar_too_many": "%(file)s has more than %(most)s events. Export a shorter period.",
    "event_broken": "The event cannot be read: %(reason)s. Mend it in the calendar.",
    "event_too_often": "The event repeats %(frequency)s. Make it one event for each moment that matters.",
    "event_too_many": "The event happens more than %(most)s times in the period. Give it an end, or a shorter period.",
    "event_reversed": "The event ends before it starts. Correct its end.",
    "zone_assumed": "%(events)s events name no time zone; their times were read in %(zone)s.",
    "time_zone_unknown": "The time zone %(zone)s is not known. Write it like Europe/Amsterdam.",
    "zone_unknown_in_file": "The calendar names the time zone %(zone)s, which is not known; its times were read in %(used)s.",
    "events_not_booked": "%(events)s events are cancelled or leave the time free; they book nothing.",
    "event_outside": "%(events)s events have no moment in the period.",
    "location_missing": "The event says no location, and the file has several spaces. Fill in the location.",
    "location_unknown": "The location %(value)s is no space. Nearest: %(nearest)s. Write the id or the name of a space.",
    "location_ambiguous": "The location %(value)s is the name of several spaces. Write the id.",
    # the scout
    "kind_unknown": "The place has none of the tags that say what it is. Leave it out, or add the kind to the profiles.",
    "not_a_room": "A %(kind)s has no room to lend. Leave it out.",
    "too_small": "Of %(area)s m2 about %(usable)s m2 can be used, room for %(people)s people; under %(least)s is not offered.",
    "hours_refused": "%(name)s: the opening hours %(value)s were not understood, so its time is unknown. %(reason)s",
    "value_ignored": "%(name)s: %(column)s is %(value)s, which was not understood; it is left unknown.",
    # results that were written earlier
    "request_unknown": "There is no request %(value)s. There are: %(known)s.",
    "result_unreadable": "%(file)s is no result of a match. Give a file that the match command wrote.",
    "template_broken": "%(value)s cannot be read. Write fields and values like weekdays=Tu,Th minutes=120.",
    "template_value": "--ask: %(column)s is %(written)s. %(reason)s",
    "out_ending": "%(file)s has an ending that cannot be written. Use one of: %(endings)s.",
    "out_over_input": "%(file)s is one of the files that are read. Write to another name.",
    "out_folder": "The folder %(folder)s is not there. Make it, or write elsewhere.",
    "out_unwritable": "%(file)s cannot be written: %(reason)s. Check the place and your rights.",
    "capacity_order": "The space holds %(capacity)s people and lends to groups of %(capacity_min)s and more. "
    "Correct one of the two.",
    "window_too_long": "The window lasts %(minutes)s minutes. Give one of 24 hours at most.",
    "index_unreadable": "%(file)s is no index of Meervoud. Compile the spaces again.",
    "index_stale": "%(file)s belongs to other spaces, hours, bookings or weeks. Compile the spaces again.",
    # what the engine itself refuses
    "window_outside_day": "The window from minute %(start)s to %(end)s is not inside a day and the 8 hours after it. "
    "Give a start before midnight and an end before 08:00 the next morning.",
    "no_weekday": "A weekly rule needs one or more weekdays. Name them, e.g. Tu,Th.",
    "per_week": "%(per_week)s moments a week do not fit on %(weekdays)s weekdays. Name more weekdays or ask for fewer "
    "moments.",
    "weeks": "A weekly rule lasts at least one week.",
    "dates_order": "A rule by dates needs dates, in order, each once.",
    "hours_past_midnight": "Hours a week lie within a day: let the window end at 24:00.",
    "hours_incomplete": "Hours a week need weekdays, a number of weeks and a length.",
    "continuous": "Continuous use needs at least one day and a share above 0 and up to 1.",
    "longer_than_window": "A moment of %(minutes)s minutes does not fit in a window of %(window)s minutes. Widen the "
    "window or shorten the moment.",
    "coverage": "The share of moments that must work is above 0 and at most 1, not %(value)s.",
    "range_reversed": "The period %(first)s to %(last)s ends before it begins. Swap the two dates.",
    "booking_naive": "The booking names no time zone. Give its times a zone.",
    "booking_reversed": "The booking at %(value)s ends before it starts. Check its end.",
    "grid_not_monday": "The grid must begin on a Monday; %(value)s is not one. Take the Monday before it.",
    "grid_weeks": "A grid holds 1 to 106 weeks, not %(value)s. Choose a shorter period.",
    "zone_unknown": "The time zone %(value)s is not known. Write it like Europe/Amsterdam.",
    "double_id": "The id %(value)s is there twice. Give each an id of its own.",
    "index_row": "The space %(value)s is new or has moved. Build the index again.",
    "all_days_closed": "Every day of this rule falls in a period in which the initiative is closed. Change the period "
    "or the days.",
    "outside_grid": "The day %(day)s lies outside the weeks that are searched (%(first)s to %(last)s). "
    "Search a period that holds it, or match this request by itself.",
    "hours_days_count": "Hours of less than one day cannot be worked out. Ask for one day at least.",
    "weights_unreadable": "The file of weights cannot be read: %(value)s. Start from the file that Meervoud brings.",
    "weights_zero": "At least one weight and the distance of half the points must be above 0. Raise them.",
    "weight_not_whole": "The value of %(name)s in the file of weights is %(value)s. Make it a whole number from 0 to %(most)s.",
    **{code: text.replace("%", "%%").replace("{part}", "'%(part)s'") for code, text in REFUSALS.items()},
    "hours_too_long": REFUSALS["hours_too_long"].replace("{part}", "%(part)s"),  # a number, so without quotes
    **IMPACT,
    # the command
    "language_unknown": "The language %(value)s is not there. Use en, nl or da.",
}


def say(code: str, values: Values) -> str:
    """Return the English sentence of a code with its gaps filled."""
    return MESSAGES[code] % values


def unreadable(code: str, **values: str | float) -> InputError:
    """Make the error for one value that cannot be read."""
    return InputError(say(code, values), code=code, **values)
