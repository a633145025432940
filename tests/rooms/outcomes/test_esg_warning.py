"""Before a report is published: whose ESG pages tell heads now, and hide them once it is out."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.rooms.makers import TODAY, make_matchmaker, make_organisation, make_person, make_programme
from tests.rooms.outcomes.esg_makers import YEAR, came

from meervoud.core.errors import ConflictError
from meervoud.lib.models import JournalEntry
from meervoud.outcomes.esg import esg_of
from meervoud.outcomes.esg_warning import exposed_by
from meervoud.outcomes.models import LedgerDekad, ProgrammeReport
from meervoud.outcomes.reporting import begin_report, publish_report
from meervoud.parties.models import Membership, Organisation, Person, Programme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ENGLISH = {"accept-language": "en"}
HALF = date(YEAR, 1, 1), date(YEAR, 6, 30)
WHOLE = date(YEAR, 1, 1), date(YEAR, 12, 31)
NOW = datetime.combine(TODAY, time(12), UTC)


def city() -> tuple[Programme, Organisation]:
    """Make a programme with two hosts in one neighbourhood: few came to it in the first half of the year, many in the second."""
    programme = make_programme()
    host, other = make_organisation(programme), make_organisation(programme)
    for each in (host, other):
        came(programme, "Kade", (date(YEAR, 8, 1), 30), (date(YEAR, 9, 1), 30), host=each)
        came(programme, "Haven", (date(YEAR, 3, 1), 20), (date(YEAR, 9, 2), 30), host=each)
    came(programme, "Kade", (date(YEAR, 3, 2), 3), (date(YEAR, 9, 3), 40), host=host)
    return programme, host


def draft_of(programme: Programme, by: Person, period: tuple[date, date]) -> ProgrammeReport:
    return begin_report(programme=programme, title="A part", language="en", period=period, by=by, now=NOW)


def visits(host: Organisation, programme: Programme) -> int | None:
    found: int | None = esg_of(host, YEAR, [programme], TODAY)["use"]["visits"]
    return found


def test_hosts_whose_page_would_hide_what_it_tells_are_named_and_then_hide_it() -> None:
    programme, host = city()
    staff = make_matchmaker(programme)
    assert visits(host, programme) == 153
    draft = draft_of(programme, staff, HALF)
    assert host in [each.host for each in exposed_by(draft, TODAY)]
    assert {each.year for each in exposed_by(draft, TODAY)} == {YEAR}
    named = {each.host for each in exposed_by(draft, TODAY)}
    publish_report(report=draft, by=staff, now=NOW)
    assert {each for each in named if visits(each, programme) is not None} == set()
    hosts = Organisation.objects.visible_to(staff)
    assert {each for each in hosts if visits(each, programme) is None} == named, "and no other one hides it"


def test_a_report_that_hides_nothing_on_a_page_names_nobody() -> None:
    programme, _host = city()
    draft = draft_of(programme, make_matchmaker(programme), WHOLE)
    assert exposed_by(draft, TODAY) == []


def test_where_no_year_tells_heads_nobody_is_named() -> None:
    programme, _host = city()
    draft = draft_of(programme, make_matchmaker(programme), HALF)
    assert exposed_by(draft, date(YEAR + 1, 1, 31)) == []
    assert exposed_by(draft, date(YEAR + 1, 2, 1)) != []


def test_the_desk_reads_the_warning_where_it_publishes(client: Client) -> None:
    programme, host = city()
    staff = make_matchmaker(programme)
    half, whole = (draft_of(programme, staff, period) for period in (HALF, WHOLE))
    client.force_login(staff)
    page = client.get(f"/desk/reports/{half.pk}/", headers=ENGLISH).content.decode()
    assert "Who kept a copy of that page could work out a small number beside this report." in page
    assert f"{host.name}, {YEAR}" in page
    assert "kept a copy" not in client.get(f"/desk/reports/{whole.pk}/", headers=ENGLISH).content.decode()


def read_by(host: Organisation, person: Person, end: str = "") -> None:
    client = Client()
    client.force_login(person)
    assert client.get(f"/organisations/{host.pk}/esg/{YEAR}/{end}").status_code == 200


@pytest.mark.parametrize("end", ["", "esg.pdf"])
def test_what_a_host_has_read_is_not_made_small_by_a_later_report(end: str) -> None:
    programme, host = city()
    staff, lender = make_matchmaker(programme), make_person()
    Membership.objects.create(person=lender, organisation=host, role="manager")
    read_by(host, lender, end)
    read_by(host, lender, end)
    assert JournalEntry.objects.filter(verb="esg.told", thing=host.pk).count() == 1
    with pytest.raises(ConflictError, match="has read visits"):
        publish_report(report=draft_of(programme, staff, HALF), by=staff, now=NOW)
    publish_report(report=draft_of(programme, staff, WHOLE), by=staff, now=NOW)  # it hides nothing that was read


def test_what_only_the_desk_has_looked_at_stands_in_no_way() -> None:
    programme, host = city()
    staff = make_matchmaker(programme)
    read_by(host, staff)
    publish_report(report=draft_of(programme, staff, HALF), by=staff, now=NOW)
    assert not JournalEntry.objects.filter(verb="esg.told").exists()


def test_more_hosts_need_no_more_questions() -> None:
    programme, _host = city()
    draft, counts = draft_of(programme, make_matchmaker(programme), HALF), list[int]()
    for more in (0, 3):
        for _ in range(more):
            came(programme, "Kade", (date(YEAR, 3, 3), 9), (date(YEAR, 9, 4), 9))
        LedgerDekad.objects.every(because="a test").update(summed_at_change=-1)
        exposed_by(draft, TODAY)  # sums are kept from now on
        with CaptureQueriesContext(connection) as seen:
            exposed_by(draft, TODAY)
        counts.append(len(seen))
    assert counts[0] == counts[1]
