"""The specification of access: what each address answers to each role, for GET and for POST.

A line: the name of the address, the things it is about (see world.World), then one status for each of world.ROLES. HEAD
answers as GET does; PUT, DELETE and OPTIONS are always refused. Another's thing is 404, and so is one that is not there.
The API knows no session: what needs a key is 401 to all of them, and tests/rooms/site/test_api.py asks with keys.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.rooms.matrix.addresses import addresses
from tests.rooms.matrix.world import CALENDAR, NOW, PLACES, ROLES, SHEET, World, make_picture

from meervoud.site.report_forms import SALT as REPORT

Sent = Mapping[str, Any]  # the values of a form

TABLE: Final = """
# name and things             |ano nob mem man dep oho ask oas mat oma adm|ano nob mem man dep oho ask oas mat oma adm
home                          |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
accessibility                 |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
privacy                       |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
terms                         |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
components                    |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
set_language                  |405 405 405 405 405 405 405 405 405 405 405|302 302 302 302 302 302 302 302 302 302 302
programmes                    |200 200 200 200 200 200 200 200 200 200 200|404 404 404 404 404 404 404 404 404 404 404
healthz                       |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
desk                          |302 200 200 200 200 200 200 200 200 200 200|302 405 405 405 405 405 405 405 405 405 405
organisation_check host       |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
organisation_check unchecked  |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
enter                         |302 404 404 404 404 404 404 404 200 200 404|302 404 404 404 404 404 404 404 302 302 404
enter_offer                   |302 404 404 404 404 404 404 404 200 200 404|302 404 404 404 404 404 404 404 302 302 404
letter host_record            |302 404 404 404 404 404 404 404 200 404 404|302 404 404 404 404 404 404 404 302 404 404
letter record                 |302 404 404 404 404 404 404 404 200 404 404|302 404 404 404 404 404 404 404 302 404 404
claim                         |302 200 200 200 200 200 200 200 200 200 200|302 302 302 302 302 302 302 302 302 302 302
me_export                     |302 200 200 200 200 200 200 200 200 200 200|302 405 405 405 405 405 405 405 405 405 405
demo_sign_in                  |405 405 405 405 405 405 405 405 405 405 405|404 404 404 404 404 404 404 404 404 404 404
find                          |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
points                        |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
areas                         |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
space online                  |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
space draft                   |404 404 404 404 404 404 404 404 404 404 404|405 405 405 405 405 405 405 405 405 405 405
space_ask online              |405 405 405 405 405 405 405 405 405 405 405|302 302 302 302 302 302 302 302 302 302 302
space_ask draft               |405 405 405 405 405 405 405 405 405 405 405|404 404 404 404 404 404 404 404 404 404 404
photo photo small             |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
photo draft_photo small       |404 404 404 404 404 200 404 404 200 404 404|405 405 405 405 405 405 405 405 405 405 405
offer_fits online             |302 404 200 200 200 404 404 404 200 404 404|302 405 405 405 405 405 405 405 405 405 405
offer_fits draft              |302 404 404 404 404 200 404 404 200 404 404|302 405 405 405 405 405 405 405 405 405 405
queue                         |302 404 404 404 404 404 404 404 200 200 404|302 404 404 404 404 404 404 404 302 302 404
queue_points                  |302 404 404 404 404 404 404 404 200 200 404|302 405 405 405 405 405 405 405 405 405 405
queue_areas                   |302 404 404 404 404 404 404 404 200 200 404|302 405 405 405 405 405 405 405 405 405 405
filter_save                   |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 302 404
filter_delete saved_filter    |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
duplicates                    |302 404 404 404 404 404 404 404 200 200 404|302 404 404 404 404 404 404 404 302 404 404
case open                     |302 404 404 404 404 404 404 404 200 404 404|302 405 405 405 405 405 405 405 405 405 405
case sheltered                |302 404 404 404 404 404 404 404 200 404 404|302 405 405 405 405 405 405 405 405 405 405
case_do open note             |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
case_do open assign           |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
case_do open take             |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
case_do open call             |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
case_do open tomorrow         |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
case_do open called           |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
case_do open ask              |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
case_do open burn             |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 404 404
figures                       |302 404 404 404 404 404 404 404 200 200 404|302 405 405 405 405 405 405 405 405 405 405
declines                      |302 404 404 404 404 404 404 404 200 200 404|302 405 405 405 405 405 405 405 405 405 405
match_run_start               |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 302 404
match_run run                 |302 404 404 404 404 404 404 404 200 404 404|302 405 405 405 405 405 405 405 405 405 405
match_run_again run           |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
match_run_cancel run          |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
inbox                         |302 200 200 200 200 200 200 200 200 200 200|302 405 405 405 405 405 405 405 405 405 405
proposal proposal             |302 404 200 200 200 404 200 404 200 404 404|302 405 405 405 405 405 405 405 405 405 405
proposal suggestion           |302 404 404 404 404 404 404 200 200 404 404|302 405 405 405 405 405 405 405 405 405 405
proposal_answer proposal yes  |302 405 405 405 405 405 405 405 405 405 405|302 404 302 302 302 404 404 404 302 404 404
proposal_answer proposal no   |302 405 405 405 405 405 405 405 405 405 405|302 404 302 302 302 404 404 404 302 404 404
proposal_answer proposal more |302 405 405 405 405 405 405 405 405 405 405|302 404 302 302 302 404 404 404 302 404 404
proposal_answer proposal burn |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 404 404
proposal_answer suggestion yes|302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
agreement_begin proposal      |302 405 405 405 405 405 405 405 405 405 405|302 404 302 302 302 404 302 404 302 404 404
agreement agreement           |302 404 404 404 404 404 404 404 404 200 404|302 405 405 405 405 405 405 405 405 405 405
agreement signed              |302 404 404 404 404 404 404 404 404 200 404|302 405 405 405 405 405 405 405 405 405 405
agreement_terms agreement     |302 404 404 404 404 404 404 404 404 200 404|302 404 404 404 404 404 404 404 404 422 404
agreement_propose agreement   |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 302 404
agreement_withdraw agreement  |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 302 404
agreement_consent agreement   |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 422 404
agreement_sign agreement      |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 302 404
agreement_signed agreement    |302 404 404 404 404 404 404 404 404 404 404|302 405 405 405 405 405 405 405 405 405 405
agreement_signed signed       |302 404 404 404 404 404 404 404 404 200 404|302 405 405 405 405 405 405 405 405 405 405
approval_ask agreement        |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 422 404
approval_note agreement approval|302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 422 404
approval_brief agreement approval|302 404 404 404 404 404 404 404 404 200 404|302 405 405 405 405 405 405 405 405 405 405
proposal_back proposal        |302 405 405 405 405 405 405 405 405 405 405|302 404 302 302 302 404 302 404 302 404 404
proposal_back suggestion      |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 302 302 404 404
request_ask_best open         |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 302 404 302 404 404
request_ask_best sheltered    |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 302 302 404 404
request_ask_one open online   |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 302 404 302 404 404
request_ask_one open draft    |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 404 404
request_why open online       |302 404 404 404 404 404 200 404 200 404 404|302 405 405 405 405 405 405 405 405 405 405
request_why open draft        |302 404 404 404 404 404 404 404 404 404 404|302 405 405 405 405 405 405 405 405 405 405
request_why sheltered online  |302 404 404 404 404 404 404 200 200 404 404|302 405 405 405 405 405 405 405 405 405 405
ask_start                     |200 200 200 200 200 200 200 200 200 200 200|302 302 302 302 302 302 302 302 302 302 302
request open                  |302 404 404 404 404 404 200 404 200 404 404|302 405 405 405 405 405 405 405 405 405 405
request_move open renew       |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 302 404 302 404 404
request_move open burn        |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 404 404
request_step open questions   |302 404 404 404 404 404 200 404 200 404 404|302 404 404 404 404 404 302 404 302 404 404
request_step open activity    |302 404 404 404 404 404 200 404 200 404 404|302 404 404 404 404 404 302 404 302 404 404
request_step open musts       |302 404 404 404 404 404 200 404 200 404 404|302 404 404 404 404 404 302 404 302 404 404
request_step open budget      |302 404 404 404 404 404 200 404 200 404 404|302 404 404 404 404 404 302 404 302 404 404
request_step open now         |302 404 404 404 404 404 200 404 200 404 404|302 404 404 404 404 404 302 404 302 404 404
request_step open nothing     |302 404 404 404 404 404 404 404 404 404 404|302 404 404 404 404 404 404 404 404 404 404
rule_kinds open               |302 404 404 404 404 404 200 404 200 404 404|302 405 405 405 405 405 405 405 405 405 405
rule_add open weekly          |302 404 404 404 404 404 200 404 200 404 404|302 404 404 404 404 404 302 404 302 404 404
rule_add open dates           |302 404 404 404 404 404 200 404 200 404 404|302 404 404 404 404 404 302 404 302 404 404
rule_add open hours           |302 404 404 404 404 404 200 404 200 404 404|302 404 404 404 404 404 302 404 302 404 404
rule_add open continuous      |302 404 404 404 404 404 200 404 200 404 404|302 404 404 404 404 404 302 404 302 404 404
rule_add open nothing         |302 404 404 404 404 404 404 404 404 404 404|302 404 404 404 404 404 404 404 404 404 404
rule open rule                |302 404 404 404 404 404 200 404 200 404 404|302 404 404 404 404 404 302 404 302 404 404
rule_remove open rule         |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 302 404 302 404 404
rule_back open                |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 302 404 302 404 404
rule_kinds sheltered          |302 404 404 404 404 404 404 200 200 404 404|302 405 405 405 405 405 405 405 405 405 405
rule_add sheltered weekly     |302 404 404 404 404 404 404 200 200 404 404|302 404 404 404 404 404 404 302 302 404 404
rule_add sheltered dates      |302 404 404 404 404 404 404 200 200 404 404|302 404 404 404 404 404 404 302 302 404 404
rule_add sheltered hours      |302 404 404 404 404 404 404 200 200 404 404|302 404 404 404 404 404 404 302 302 404 404
rule_add sheltered continuous |302 404 404 404 404 404 404 200 200 404 404|302 404 404 404 404 404 404 302 302 404 404
rule_add sheltered nothing    |302 404 404 404 404 404 404 404 404 404 404|302 404 404 404 404 404 404 404 404 404 404
rule sheltered sheltered_rule |302 404 404 404 404 404 404 200 200 404 404|302 404 404 404 404 404 404 302 302 404 404
rule_remove sheltered sheltered_rule|302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 302 302 404 404
rule_back sheltered           |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 302 302 404 404
rule open sheltered_rule      |302 404 404 404 404 404 404 404 404 404 404|302 404 404 404 404 404 404 404 404 404 404
rule_remove open sheltered_rule|302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 404 404
request sheltered             |302 404 404 404 404 404 404 200 200 404 404|302 405 405 405 405 405 405 405 405 405 405
request_move sheltered renew  |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 302 302 404 404
request_move sheltered burn   |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 404 404
request_step sheltered questions|302 404 404 404 404 404 404 200 200 404 404|302 404 404 404 404 404 404 302 302 404 404
request_step sheltered activity|302 404 404 404 404 404 404 200 200 404 404|302 404 404 404 404 404 404 302 302 404 404
request_step sheltered musts  |302 404 404 404 404 404 404 200 200 404 404|302 404 404 404 404 404 404 302 302 404 404
request_step sheltered budget |302 404 404 404 404 404 404 200 200 404 404|302 404 404 404 404 404 404 302 302 404 404
request_step sheltered now    |302 404 404 404 404 404 404 200 200 404 404|302 404 404 404 404 404 404 302 302 404 404
request_step sheltered nothing|302 404 404 404 404 404 404 404 404 404 404|302 404 404 404 404 404 404 404 404 404 404
offer_start                   |302 200 200 200 200 200 200 200 200 200 200|302 302 302 302 302 302 302 302 302 302 302
offer online                  |302 404 200 200 200 404 404 404 200 404 404|302 405 405 405 405 405 405 405 405 405 405
offer_hours online            |302 404 200 200 200 404 404 404 200 404 404|302 404 302 302 302 404 404 404 302 404 404
offer_photos online           |302 404 200 200 200 404 404 404 200 404 404|302 404 302 302 302 404 404 404 302 404 404
offer_calendar online         |302 404 200 200 200 404 404 404 200 404 404|302 404 302 302 302 404 404 404 302 404 404
offer_calendar_remove online  |302 405 405 405 405 405 405 405 405 405 405|302 404 302 302 302 404 404 404 302 404 404
offer_copy online             |302 405 405 405 405 405 405 405 405 405 405|302 404 302 302 302 404 404 404 302 404 404
offer_move online end         |302 405 405 405 405 405 405 405 405 405 405|302 404 302 302 302 404 404 404 302 404 404
offer_move online burn        |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 404 404
offer_step online place       |302 404 200 200 200 404 404 404 200 404 404|302 404 302 302 302 404 404 404 302 404 404
offer_step online space       |302 404 200 200 200 404 404 404 200 404 404|302 404 302 302 302 404 404 404 302 404 404
offer_step online edges       |302 404 200 200 200 404 404 404 200 404 404|302 404 302 302 302 404 404 404 302 404 404
offer_step online use         |302 404 200 200 200 404 404 404 200 404 404|302 404 302 302 302 404 404 404 302 404 404
offer_step online cost        |302 404 200 200 200 404 404 404 200 404 404|302 404 302 302 302 404 404 404 302 404 404
offer_step online limits      |302 404 200 200 200 404 404 404 200 404 404|302 404 302 302 302 404 404 404 302 404 404
offer_step online whole       |302 404 200 200 200 404 404 404 200 404 404|302 404 302 302 302 404 404 404 302 404 404
offer_step online nothing     |302 404 404 404 404 404 404 404 404 404 404|302 404 404 404 404 404 404 404 404 404 404
offer draft                   |302 404 404 404 404 200 404 404 200 404 404|302 405 405 405 405 405 405 405 405 405 405
offer_hours draft             |302 404 404 404 404 200 404 404 200 404 404|302 404 404 404 404 302 404 404 302 404 404
offer_photos draft            |302 404 404 404 404 200 404 404 200 404 404|302 404 404 404 404 302 404 404 302 404 404
offer_calendar draft          |302 404 404 404 404 200 404 404 200 404 404|302 404 404 404 404 302 404 404 302 404 404
offer_calendar_remove draft   |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 404 404
offer_copy draft              |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 302 404 404 302 404 404
offer_move draft end          |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 302 404 404 302 404 404
offer_move draft burn         |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 404 404
offer_step draft place        |302 404 404 404 404 200 404 404 200 404 404|302 404 404 404 404 302 404 404 302 404 404
offer_step draft space        |302 404 404 404 404 200 404 404 200 404 404|302 404 404 404 404 302 404 404 302 404 404
offer_step draft edges        |302 404 404 404 404 200 404 404 200 404 404|302 404 404 404 404 302 404 404 302 404 404
offer_step draft use          |302 404 404 404 404 200 404 404 200 404 404|302 404 404 404 404 302 404 404 302 404 404
offer_step draft cost         |302 404 404 404 404 200 404 404 200 404 404|302 404 404 404 404 302 404 404 302 404 404
offer_step draft limits       |302 404 404 404 404 200 404 404 200 404 404|302 404 404 404 404 302 404 404 302 404 404
offer_step draft whole        |302 404 404 404 404 200 404 404 200 404 404|302 404 404 404 404 302 404 404 302 404 404
offer_step draft nothing      |302 404 404 404 404 404 404 404 404 404 404|302 404 404 404 404 404 404 404 404 404 404
offer_photo_remove online photo|302 405 405 405 405 405 405 405 405 405 405|302 404 302 302 302 404 404 404 302 404 404
offer_photo_remove draft draft_photo|302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 302 404 404 302 404 404
offer_photo_remove online draft_photo|302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 404 404
api_root                      |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
api_document                  |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
api_programmes                |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
api_places                    |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
api_offers                    |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
api_map                       |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
api_offer online              |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
api_offer draft               |404 404 404 404 404 404 404 404 404 404 404|405 405 405 405 405 405 405 405 405 405 405
api_free online               |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
api_free draft                |404 404 404 404 404 404 404 404 404 404 404|405 405 405 405 405 405 405 405 405 405 405
api_free_calendar online      |200 200 200 200 200 200 200 200 200 200 200|405 405 405 405 405 405 405 405 405 405 405
api_free_calendar draft       |404 404 404 404 404 404 404 404 404 404 404|405 405 405 405 405 405 405 405 405 405 405
api_own_offers                |401 401 401 401 401 401 401 401 401 401 401|405 405 405 405 405 405 405 405 405 405 405
api_requests                  |401 401 401 401 401 401 401 401 401 401 401|405 405 405 405 405 405 405 405 405 405 405
api_request open              |401 401 401 401 401 401 401 401 401 401 401|405 405 405 405 405 405 405 405 405 405 405
api_proposals                 |401 401 401 401 401 401 401 401 401 401 401|405 405 405 405 405 405 405 405 405 405 405
api_proposal proposal         |401 401 401 401 401 401 401 401 401 401 401|405 405 405 405 405 405 405 405 405 405 405
api_nothing nothing           |404 404 404 404 404 404 404 404 404 404 404|405 405 405 405 405 405 405 405 405 405 405
keys                          |302 200 200 200 200 200 200 200 200 200 200|302 200 200 200 200 200 200 200 200 200 200
key_revoke key                |302 405 405 405 405 405 405 405 405 405 405|302 404 404 302 404 404 404 404 404 404 404
me                            |302 200 200 200 200 200 200 200 200 200 200|302 302 302 302 302 302 302 302 302 302 302
me_erase                      |302 405 405 405 405 405 405 405 405 405 405|302 302 302 302 302 302 302 302 302 302 302
conversation conversation     |302 404 200 200 200 404 200 404 200 404 404|302 404 302 302 302 404 302 404 302 404 404
organisation host             |302 404 200 200 200 404 404 404 200 404 404|302 404 422 302 302 404 404 404 422 404 404
organisation other            |302 404 404 404 404 200 404 404 200 404 404|302 404 404 404 404 302 404 404 422 404 404
organisation unchecked        |302 404 404 404 404 404 404 404 200 404 404|302 404 404 404 404 404 404 404 422 404 404
organisation_new              |302 200 200 200 200 200 200 200 200 200 200|302 302 302 302 302 302 302 302 302 302 302
organisation_profile host     |302 404 403 200 200 404 404 404 404 404 404|302 404 403 302 302 404 404 404 404 404 404
organisation_profile other    |302 404 404 404 404 200 404 404 404 404 404|302 404 404 404 404 302 404 404 404 404 404
organisation_department host  |302 405 405 405 405 405 405 405 405 405 405|302 404 403 302 302 404 404 404 404 404 404
organisation_department other |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 302 404 404 404 404 404
join token                    |302 200 200 200 200 200 200 200 200 200 200|302 302 302 302 302 302 302 302 302 302 302
address_is_right              |302 405 405 405 405 405 405 405 405 405 405|302 302 302 302 302 302 302 302 302 302 302
mail_rhythm mail_token        |200 200 200 200 200 200 200 200 200 200 200|200 200 200 200 200 200 200 200 200 200 200
mail_weekly mail_token        |405 405 405 405 405 405 405 405 405 405 405|204 204 204 204 204 204 204 204 204 204 204
one_click answer_token yes    |200 200 200 200 200 200 200 200 200 200 200|200 200 200 200 200 200 200 200 200 200 200
one_click answer_token no     |200 200 200 200 200 200 200 200 200 200 200|200 200 200 200 200 200 200 200 200 200 200
one_click answer_token perhaps|404 404 404 404 404 404 404 404 404 404 404|404 404 404 404 404 404 404 404 404 404 404
one_click token yes           |410 410 410 410 410 410 410 410 410 410 410|410 410 410 410 410 410 410 410 410 410 410
report offer online           |200 200 200 200 200 200 200 200 200 200 200|302 302 302 302 302 302 302 302 302 302 302
report offer draft            |404 404 404 404 404 404 404 404 404 404 404|404 404 404 404 404 404 404 404 404 404 404
report message message        |404 404 200 200 200 404 200 404 200 404 404|404 404 302 302 302 404 302 404 302 404 404
report proposal proposal      |404 404 200 200 200 404 200 404 200 404 404|404 404 302 302 302 404 302 404 302 404 404
report person proposal        |404 404 404 404 404 404 404 404 404 404 404|404 404 404 404 404 404 404 404 404 404 404
moderation                    |302 404 404 404 404 404 404 404 200 200 404|302 405 405 405 405 405 405 405 405 405 405
moderation_decide held        |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
report_settle report          |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
imports                       |302 404 404 404 404 404 404 404 200 200 404|302 404 404 404 404 404 404 404 302 302 404
import_export spaces csv      |302 404 404 404 404 404 404 404 200 200 404|302 405 405 405 405 405 405 405 405 405 405
import_export requests xlsx   |302 404 404 404 404 404 404 404 200 200 404|302 405 405 405 405 405 405 405 405 405 405
import_export people csv      |302 404 404 404 404 404 404 404 404 404 404|302 405 405 405 405 405 405 405 405 405 405
import waiting                |302 404 404 404 404 404 404 404 200 404 404|302 405 405 405 405 405 405 405 405 405 405
import_confirm waiting        |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
import_drop waiting           |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
import_undo waiting           |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 409 404 404
import_cancel waiting         |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 409 404 404
import imported               |302 404 404 404 404 404 404 404 200 404 404|302 405 405 405 405 405 405 405 405 405 405
import_confirm imported       |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
import_drop imported          |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 409 404 404
import_undo imported          |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
import_cancel imported        |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 409 404 404
import elsewhere              |302 404 404 404 404 404 404 404 404 200 404|302 405 405 405 405 405 405 405 405 405 405
import_confirm elsewhere      |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 302 404
import_drop elsewhere         |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 302 404
import_undo elsewhere         |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 409 404
import_cancel elsewhere       |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 409 404
leads                         |302 404 404 404 404 404 404 404 200 200 404|302 405 405 405 405 405 405 405 405 405 405
leads_give                    |302 404 404 404 404 404 404 404 200 200 404|302 404 404 404 404 404 404 404 302 302 404
leads_list lead_list          |302 404 404 404 404 404 404 404 200 404 404|302 404 404 404 404 404 404 404 302 404 404
lead lead                     |302 404 404 404 404 404 404 404 200 404 404|302 404 404 404 404 404 404 404 302 404 404
lead_facts lead               |302 404 404 404 404 404 404 404 200 404 404|302 404 404 404 404 404 404 404 302 404 404
lead_letter lead              |302 404 404 404 404 404 404 404 200 404 404|302 405 405 405 405 405 405 405 405 405 405
lead_move lead ask            |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
lead_move lead visit          |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
lead_move lead no             |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
lead_move lead host           |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 302 404 404
lead_move lead back           |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 409 404 404
lead_move lead burn           |302 405 405 405 405 405 405 405 405 405 405|302 404 404 404 404 404 404 404 404 404 404
"""

QUERIES: Final = {
    "points": "?box=52.3,4.8,52.4,5.0&zoom=12",
    "queue_points": "?box=52.3,4.8,52.4,5.0&zoom=12",
    "find": "?people=4",
}
WHEN: Final = {"days": ["1"], "start": "19:00", "end": "22:00", "minutes": "120", "weeks": "8", "metres": "2000"}
SERIES: Final = {**WHEN, "share": "0.9", "first": "2027-01-05"}
STEPS: Final[Mapping[str, Sent]] = {
    "weekly": {**SERIES, "per_week": "1", "same_start": "yes"},
    "dates": {**WHEN, "share": "1.0", "same_start": "no", "dates_0": "2027-01-05"},
    "hours": {**SERIES, "hours": "6"},
    "continuous": {"first": "2027-01-05", "last": "2027-02-05", "share": "1.0"},
    "rule": {**SERIES, "per_week": "1", "same_start": "yes"},
    "sheltered_rule": {**SERIES, "per_week": "1", "same_start": "yes"},
    "place": {"neighbourhood": "", "latitude": "52.37", "longitude": "4.9"},
    "space": {"capacity": "20"},
    "edges": {"lock_up_minutes": "15"},
    "use": {"house_rules": "Lock the door."},
    "cost": {"price_kind": "free"},
    "limits": {"notice_days": "2"},
    "whole": {"condition": "Good"},
    "questions": {**WHEN, "people": "12"},
    "activity": {"title": "Language cafe"},
    "musts": {"step_free": "on"},
    "budget": {"can_pay": "nothing"},
    "companies": {"no_sectors": "tobacco"},
    "now": {"meets_now": "nowhere"},
    "note": {"text": "Called, nobody there."},
    "call": {"call_on": "2026-12-01", "call_why": "Answer of the host"},
}
ASKED: Final = {"when": "Tuesday", "people": "8", "what": "We sing."}
CALLER: Final = {**WHEN, "people": "4", "name": "Greta", "language": "nl", "title": "Cards"}
HOST: Final = {
    "name": "Gerrit",
    "language": "da",
    "host_name": "Gerrit's shop",
    "host_kind": "owner",
    "space_name": "The shop",
    "kind": "vacant_shop",
    "length": "whole",
    "capacity": "30",
}
SENT: Final[Mapping[str, Callable[[World], Sent]]] = {
    "set_language": lambda _: {"language": "nl", "next": "/"},
    "organisation_check": lambda _: {"answer": "yes"},
    "enter": lambda _: CALLER,
    "enter_offer": lambda _: HOST,
    "claim": lambda world: {"code": world.code},
    "filter_save": lambda _: {"name": "Mine"},
    "duplicates": lambda world: {"deed": "apart", "first": world.open.pk, "second": world.sheltered.pk},
    "demo_sign_in": lambda _: {"role": "host"},
    "space_ask": lambda _: ASKED,
    "ask_start": lambda _: {**WHEN, "people": "8"},
    "offer_start": lambda _: {"host": "new", "host_name": "New", "name": "Room", "kind": "office", "length": "hours"},
    "offer_hours": lambda _: {"way": "office"},
    "offer_photos": lambda _: {"photo": SimpleUploadedFile("a.jpg", make_picture()), "description": "Another"},
    "offer_calendar": lambda _: {"file": SimpleUploadedFile("a.ics", CALENDAR % b"Busy")},
    "offer_copy": lambda _: {"name": "Next room"},
    "keys": lambda _: {"name": "Our website", "scopes": ["read:offers"], "days": "90"},
    "me": lambda _: {"name": "New Name", "language": "en"},
    "mail_rhythm": lambda _: {"mail_rhythm": "daily"},
    "one_click": lambda _: {"reason": "time"},
    "report": lambda _: {"wrong": "spam", "begun": signing.dumps(int(NOW.timestamp()) - 60, salt=REPORT)},
    "moderation_decide": lambda _: {"verdict": "let_through"},
    "report_settle": lambda _: {"outcome": "nothing"},
    "me_erase": lambda _: {"sure": "yes"},
    "conversation": lambda _: {"text": "Yes, you may."},
    "leads_give": lambda _: {"file": SimpleUploadedFile("a.geojson", PLACES)},
    "leads_list": lambda _: {"answer": "bring"},
    "lead": lambda _: {"note": "A hall upstairs"},
    "lead_facts": lambda _: {"name": "Quay office", "kind": "office"},
    "lead_move": lambda _: {"reason": "hours"},
    "imports": lambda _: {"kind": "spaces", "file": SimpleUploadedFile("a.csv", SHEET)},
    "proposal_answer": lambda _: {"side": "host", "host-reason": "time", "host-kind": "question", "host-text": "When?"},
    "import_confirm": lambda world: {"differences": world.fingerprint},
    "organisation_new": lambda _: {"name": "New hosts", "kind": "company"},
    "organisation_profile": lambda _: {"name": "Other name", "kind": "company"},
    "organisation_department": lambda _: {"name": "Department"},
    "organisation": lambda _: {"email": "new@example.org", "role": "member"},
}
"""What a POST sends, so that it does its deed where it may."""


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    name: str
    words: tuple[str, ...]
    get: Mapping[str, int]
    post: Mapping[str, int]

    @property
    def asks_for_a_key(self) -> bool:
        """Whether the address is for programs with a key, which no browser sends; see test_api.py for those."""
        return set(self.get.values()) == {401}

    @property
    def asks_to_sign_in(self) -> bool:
        """Whether the address sends everybody who is not signed in to the page where they sign in."""
        return self.get["anonymous"] == 302

    def statuses(self, role: str) -> dict[str, int]:
        """Return what a role is answered, by method."""
        refused = 302 if self.asks_to_sign_in and role == "anonymous" else 405
        return {
            "GET": self.get[role],
            "HEAD": self.get[role],
            "POST": self.post[role],
            **dict.fromkeys(("PUT", "DELETE", "OPTIONS"), refused),
        }


def read_table(text: str = TABLE) -> list[Line]:
    """Read the table."""
    return [_line(text) for text in text.strip().splitlines() if not text.startswith("#")]


def _line(text: str) -> Line:
    label, *columns = text.split("|")
    get, post = (dict(zip(ROLES, map(int, column.split()), strict=True)) for column in columns)
    name, *words = label.split()
    return Line(name, tuple(words), get, post)


@cache
def arguments_of(name: str) -> tuple[tuple[str, str], ...]:
    """Return the arguments of an address by name, each with its converter."""
    return next(each.arguments for each in addresses() if each.name == name)


def path_of(line: Line, world: World) -> str:
    """Return the address of a line in a world."""
    pairs = zip(arguments_of(line.name), line.words, strict=True)
    kwargs = {argument: _value(world, kind, word) for (argument, kind), word in pairs}
    return reverse(line.name, kwargs=kwargs) + QUERIES.get(line.name, "")


def _value(world: World, kind: str, word: str) -> object:
    if kind in ("slug", "path", "anything"):
        return word
    return getattr(world, word) if kind == "string" else getattr(world, word).pk


def sent_to(line: Line, world: World) -> Sent:
    """Return the form that a POST to a line sends."""
    if line.name in SENT:
        return SENT[line.name](world)
    return STEPS.get(line.words[-1], {}) if line.words else {}
