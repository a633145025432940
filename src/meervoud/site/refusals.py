"""The sentences of what the web refuses, by code; the gaps are the values of the error."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop as mark

WEB: Final[Mapping[str, str]] = {
    "span_naive": mark("Give the moment a time zone."),
    "span_seconds": mark("Give times in whole minutes."),
    "span_reversed": mark("The moment at %(value)s ends before it starts. Check its end."),
    "span_count": mark("Ask for 1 to %(most)s moments at once, not %(number)s."),
    "span_overlap": mark("Two of the moments overlap on %(value)s. Leave one out."),
    "calendar_too_many": mark("The calendar has %(number)s events. Give one with at most %(most)s."),
    "calendar_over_limit": mark("The calendar is larger than 1 MB. Export only the coming year."),
    "week_cells": mark("The week was not sent whole. Load the page again."),
    "request_key_reused": mark("This request was sent before with other moments. Start a new request."),
    "rule_is_past": mark("What this request asks lies before today or more than a year ahead. Give it new days."),
    "invitation_other": mark(
        "This invitation is not for your e-mail address. Sign in with the address it was sent to."
    ),
    "claim_unknown": mark(
        "No record has this code. Compare it with the letter: twelve letters and digits in three groups."
    ),
    "message_length": mark("Write a message of 1 to %(most)s letters; this one has %(number)s."),
    "map_box": mark("The map asked for no rectangle. Load the page again."),
    "closed_line": mark("“%(value)s” is no day or period. Write days like 2026-12-24, the first before the last."),
    "part_elsewhere": mark("A space can only be made of other spaces in its own building."),
    "offer_lacks_place": mark("This space cannot go online yet: say where it is."),
    "offer_lacks_people": mark("This space cannot go online yet: say how many people fit."),
    "offer_lacks_hours": mark("This space cannot go online yet: say when you lend it."),
    "request_lacks_when": mark("This request cannot be posted yet: say when you need the room."),
    "request_lacks_people": mark("This request cannot be posted yet: say for how many people."),
    "lead_reason": mark("Choose one of the reasons."),
    "lead_host": mark("Choose an organisation of this programme, or make a new one."),
    "lead_assignee": mark("Choose somebody who works for this programme."),
    "clause_length": mark("Write a clause of 1 to %(most)s letters."),
    "clause_unknown": mark("This clause is not part of the agreement. Look at it again."),
    "consent_kind": mark("Choose one of the answers."),
    "consent_reason": mark("Write why, so that the other side can do something about it."),
    "approval_who": mark("Choose who approves from the list."),
    "approval_answer": mark("Choose what they said from the list."),
    "approval_conditions": mark("Write the conditions: they become part of the contract."),
    "approval_days": mark("The approval ends before it was given. Check the two days."),
    "signing_way": mark("Choose how it was signed."),
    "case_assignee": mark("Choose somebody who works for this programme."),
    "call_why": mark("Write at most %(most)s letters about why you call back."),
    "call_day": mark("Choose the day to call back on."),
    "note_length": mark("Write a note of 1 to %(most)s letters."),
    "filter_name": mark("Give the filter a name of 1 to %(most)s letters."),
    "merge_pair": mark("Choose two requests of one programme."),
    "leads_too_many": mark("The file has more than %(most)s places. Give a smaller part."),
    "answer_unknown": mark("Choose an answer from the list."),
    "answer_empty": mark("Write a few words, so that the other side knows what you mean."),
    "reason_unknown": mark("Choose a reason from the list."),
    "visit_past": mark("Choose a day and an hour to come for the visit."),
    "outcome_unknown": mark("Choose from the list what was done."),
    "does_not_fit": mark("This space does not fit this request. Look at the reasons before you propose it."),
    "sector_of_host": mark("The group does not want a room of a company in this sector."),
    "sector_of_asker": mark("The host does not lend to a company in this sector."),
    "too_many_rules": mark("A request has ten rules at most. Change one, or post a second request."),
    "request_lacks_title": mark("This request cannot be posted yet: give the activity a name."),
}
"""Codes of errors that rooms raise; see the tables REFUSALS of lib and supply for the others."""
