"""Something happened: told by a link, at a moment or by the desk, read by those it is about, open until it is settled."""

import re
from io import BytesIO
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from tests.rooms.makers import make_person
from tests.rooms.matrix.world import make_picture
from tests.rooms.usage.makers import NOW, Plan, make_plan
from tests.rooms.usage.test_check_in import at
from tests.rooms.usage.test_plan_pages import browser
from tests.rooms.usage.test_tonight import building_of, make_reader, visitor

from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.parties.models import OutboxMail
from meervoud.usage import incidents
from meervoud.usage.incidents import Happened, settle_incident, tell_incident
from meervoud.usage.models import Incident
from meervoud.usage.sheet_readers import remove_reader, sheet_token

pytestmark = pytest.mark.django_db


def tell(plan: Plan, *, key: str = "some-key-1", **values: object) -> Incident:
    said = {"kind": "damage", "note": "The tap drips", "key": key, "by": plan.asker, **values}
    moment = plan.agreement.moments.select_related("space", "agreement").order_by("starts_at")[0]
    return tell_incident(building=building_of(plan), said=Happened(**said), moment=moment)  # type: ignore[arg-type]


def mails() -> dict[str, str]:
    rows = OutboxMail.objects.every(because="a test").filter(kind="incident")
    return {each.address: f"{each.subject}\n{each.text}" for each in rows}


def everything() -> list[Incident]:
    return list(Incident.objects.every(because="a test").order_by("created_at"))


def form_of(page: str) -> dict[str, str]:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return {"kind": "lock", "note": "The door does not close", "key": found[1]}


def test_both_sides_and_the_desk_see_it_and_nobody_else_does() -> None:
    plan = make_plan()
    row = tell(plan, photo=make_picture("secret"))
    addresses = [reverse("incident", args=[row.pk]), reverse("incident_photo", args=[row.pk])]
    for person, status in ((plan.lender, 200), (plan.asker, 200), (plan.desk, 200), (make_person(), 404)):
        assert [browser(person).get(each).status_code for each in addresses] == [status, status]
        assert ("The tap drips" in browser(person).get(addresses[0]).content.decode()) == (status == 200)
        assert (addresses[0] in browser(person).get(reverse("incidents")).content.decode()) == (status == 200)
    assert [visitor().get(each).status_code for each in addresses] == [302, 302]


def test_the_other_people_hear_it_without_a_name_an_address_or_the_words() -> None:
    plan = make_plan()
    tell(plan)
    assert list(mails()) == [plan.lender.email]
    tell(plan, key="other-key", by=plan.desk)
    assert sorted(mails()) == sorted([str(plan.lender.email), str(plan.asker.email)])
    for text in mails().values():
        assert [each for each in ("Amir", "Hanna", "Zilverkade", "tap drips", "Language cafe") if each in text] == []
        assert "Quay room" in text


def test_sent_twice_it_counts_once_and_a_key_is_of_no_use_to_somebody_else() -> None:
    plan = make_plan()
    assert tell(plan) == tell(plan)
    assert (len(everything()), len(mails())) == (1, 1)
    with pytest.raises(InputError):
        tell(plan, by=plan.lender)
    with patch.object(incidents, "_known", side_effect=[None, everything()[0]]):  # both looked before either wrote
        assert tell(plan) == everything()[0]
    assert len(everything()) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "war"},
        {"note": " \x00 "},
        {"note": "x" * 2001},
        {"key": "short"},
        {"key": "k" * 65},
        {"photo": b"GIF89a"},
    ],
    ids=["kind", "empty", "long", "short key", "long key", "no photo"],
)
def test_what_cannot_be_read_is_refused(values: dict[str, Any]) -> None:  # Any: whatever is sent
    plan = make_plan()
    with pytest.raises(InputError):
        tell(plan, **values)
    assert everything() == []


def test_a_stranger_tells_nothing_and_a_moment_of_another_building_is_refused() -> None:
    plan, other = make_plan(), make_plan()
    for values in (
        {"by": make_person()},
        {"by": other.lender},
        {"by": None},
        {"by": None, "reader": make_reader(other)},
    ):
        with pytest.raises(NotAllowedError):
            tell(plan, **values)
    said = Happened("lock", "Open", "some-key-2", plan.desk)
    with pytest.raises(InputError):
        tell_incident(building=building_of(plan), said=said, moment=other.moments[0])


def test_a_photo_keeps_only_its_picture() -> None:
    plan = make_plan()
    sent = make_picture("who took it")
    assert b"who took it" in sent  # the control
    row = tell(plan, photo=sent)
    answer = browser(plan.lender).get(reverse("incident_photo", args=[row.pk]))
    assert (answer.headers["Content-Type"], b"who took it" in answer.content) == ("image/webp", False)
    assert answer.headers["Cache-Control"] == "no-store, private"
    with Image.open(BytesIO(answer.content)) as image:
        assert dict(image.getexif()) == {}


def test_it_is_open_until_host_or_desk_say_how_it_was_settled() -> None:
    plan = make_plan()
    row = tell(plan)
    address = reverse("incident", args=[row.pk])
    for person in (plan.asker, make_person()):
        assert browser(person).post(address, {"how": "I say so"}).status_code == 404
    with pytest.raises(NotAllowedError):
        settle_incident(incident=row, how="I say so", by=plan.asker, now=NOW)
    assert "Settle it" not in browser(plan.asker).get(address).content.decode()
    client = browser(plan.lender)
    assert [client.post(address, {"how": each}).status_code for each in (" ", "x" * 501)] == [422, 422]
    assert client.post(address, {"how": "A new tap"}).status_code == 302
    assert client.post(address, {"how": "Again"}).status_code == 302
    with pytest.raises(ConflictError):
        settle_incident(incident=row, how="Again", by=plan.desk, now=NOW)
    row.refresh_from_db()
    assert (row.settled_how, row.settled_by) == ("A new tap", plan.lender)
    page = browser(plan.asker).get(address).content.decode()
    assert ("A new tap" in page, "Hanna" in page) == (True, False)
    assert "settled" in mails()[str(plan.asker.email)]


def test_whoever_has_the_link_tells_of_a_moment_or_of_the_building_without_an_account() -> None:
    plan = make_plan(is_sheltered=True, title="Circle of the tern")
    reader, moment, client = make_reader(plan), plan.moments[0], visitor()
    address = reverse("sheet_happened", args=[sheet_token(reader)])
    with at(moment):  # type: ignore[attr-defined]  # a patch
        page = client.get(f"{address}?moment={moment.pk}").content.decode()
        assert [each for each in ("Amir", "tern") if each in page] == []
        assert f'value="{moment.pk}" selected' in page
        sent = {**form_of(page), "about": str(moment.pk)}
        assert client.post(address, {**sent, "about": str(plan.moments[3].pk)}).status_code == 422
        for _ in range(2):
            assert "It is written down" in client.post(address, sent).content.decode()
        photo = SimpleUploadedFile("a.jpg", make_picture())
        client.post(address, {**form_of(client.get(address).content.decode()), "about": "building", "photo": photo})
        wrong = SimpleUploadedFile("a.jpg", b"<svg/>")
        again = {**form_of(client.get(address).content.decode()), "about": "building", "photo": wrong}
        assert client.post(address, again).status_code == 422
    first, second = everything()
    assert (first.moment, first.by_reader, first.teller) == (moment, reader, "reader")
    assert (second.moment, second.space, bool(second.photo)) == (None, None, True)
    assert Incident.objects.visible_to(plan.asker).get() == first
    page = reverse("incident", args=[first.pk])
    shown = ["Night guard" in browser(each).get(page).content.decode() for each in (plan.lender, plan.asker)]
    assert shown == [True, False]
    remove_reader(reader=reader, by=plan.lender)
    assert len(everything()) == 2


def test_a_link_tells_twenty_times_a_day_at_most() -> None:
    plan = make_plan()
    address, client = reverse("sheet_happened", args=[sheet_token(make_reader(plan))]), visitor()
    sent = {"kind": "other", "note": "Noise", "about": "building"}
    with at(plan.moments[0]):  # type: ignore[attr-defined]  # a patch
        found = [client.post(address, {**sent, "key": f"a-key-of-{n}"}).status_code for n in range(21)]
    assert (found[:20], found[20]) == ([200] * 20, 429)


def test_each_side_tells_on_the_page_of_the_moment_and_the_desk_in_the_building() -> None:
    plan = make_plan()
    moment = reverse("moment_happened", args=[plan.moments[0].pk])
    building = reverse("building_happened", args=[building_of(plan).pk])
    for person, address in ((plan.asker, moment), (plan.lender, moment), (plan.desk, building)):
        client = browser(person)
        sent = {**form_of(client.get(address).content.decode()), "about": "building"}
        assert client.post(address, {**sent, "kind": ""}).status_code == 422
        assert client.post(address, sent).status_code == 302
    assert [each.teller for each in everything()] == ["asker", "host", "desk"]
    assert moment in browser(plan.asker).get(reverse("moment", args=[plan.moments[0].pk])).content.decode()
    for person, address in ((make_person(), moment), (make_person(), building), (plan.asker, building)):
        assert [browser(person).get(address).status_code, browser(person).post(address).status_code] == [404, 404]


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_the_list_has_open_ones_first_and_takes_no_more_queries_for_many() -> None:
    plan = make_plan()
    settled = tell(plan, key="the-first-key")
    settle_incident(incident=settled, how="Done", by=plan.desk, now=NOW)
    tell(plan, key="the-second-key")
    client, address = browser(plan.lender), reverse("incidents")
    client.get(address)
    few = queries(client, address)
    for number in range(5):
        tell(plan, key=f"one-more-key-{number}", kind="alarm")
    assert queries(client, address) == few
    page = client.get(address).content.decode()
    assert page.index("The alarm") < page.index(str(settled.pk))
