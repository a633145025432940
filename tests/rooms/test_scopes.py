"""A query over rows that belong to somebody says for whom it asks, or it raises: every kind of query, every such table."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Now
from django.test import Client
from tests.rooms.makers import TODAY, make_matchmaker, make_organisation, make_person, make_programme
from tests.rooms.matrix.world import World, make_world
from tests.rooms.once import as_new, made_once

from meervoud.demand.models import Request, RequestRule
from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet, UnscopedQueryError
from meervoud.matching.models import DeskNote
from meervoud.parties.models import (
    Conversation,
    Invitation,
    Membership,
    Message,
    Organisation,
    OutboxMail,
    Person,
    Programme,
    ProgrammeRole,
    ServedRecord,
)
from meervoud.places.models import Photo, Space
from meervoud.site.models import ImportChange, ImportRun
from meervoud.supply.models import Closure, HostCalendar, Occupation, Offer, OpeningPeriod, Taking

pytestmark = pytest.mark.django_db
OURS: list[Any] = [each for each in apps.get_models() if each.__module__.startswith("meervoud.")]
OWNED: list[Any] = [each for each in OURS if issubclass(each, OwnedModel)]
NOBODYS = {
    "ProposalMark": "It is one counter a programme, and tells only what was looked at.",
    "ChangeNumber": "It is one counter, and tells only that something changed.",
    "Cluster": "It counts what everybody may see on the public map.",
    "Indicator": "It is a published figure about a neighbourhood, with its source.",
    "JournalEntry": "It holds opaque ids, and its chain can only be checked as a whole.",
    "Neighbourhood": "It is a part of the public map of a city.",
    "Person": "Django looks people up before anybody is signed in; what belongs to a person is in owned tables.",
    "Programme": "It is what a visitor chooses first, and says only what a programme publishes.",
    "RateBucket": "It counts how often a key was used, and only the limit itself reads it.",
}
"""Tables whose rows anybody's code may ask for without a scope, and why."""
OWNERS = {
    **dict.fromkeys(("ApiKey", "Invitation", "OutboxMail"), "manager"),
    **dict.fromkeys(("Agreement", "Version", "Consent", "Approval", "Signature", "Document"), "other_matchmaker"),
    **dict.fromkeys(("Minutes", "ContractTemplate"), "other_matchmaker"),
    **dict.fromkeys(("AgreementContact", "AccessSecret", "Dependence", "Notice", "TrialAnswer"), "other_matchmaker"),
    **dict.fromkeys(("Series", "UsageMoment", "PlanChange", "StandIn", "Wait", "CheckIn", "Feed"), "other_matchmaker"),
    "DoorCode": "other_matchmaker",
    **dict.fromkeys(("ImpactPlan", "StepVersion", "Wave", "AnswerSheet"), "asker"),
    **dict.fromkeys(("ValuationRun", "ImpactReport", "ImpactStory"), "asker"),
}
"""Who sees some rows of a table of which a matchmaker sees none."""
every_table = pytest.mark.parametrize("model", OWNED, ids=lambda model: str(model.__name__))

PLAIN: dict[str, Callable[[Any], object]] = {  # Any: rows of whatever table
    "all": lambda rows: list(rows.all()),
    "filter": lambda rows: list(rows.filter(pk__isnull=False)),
    "exclude": lambda rows: list(rows.exclude(pk__isnull=True)),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "contains": lambda rows: rows.contains(rows.model()),
    "first": lambda rows: rows.first(),
    "last": lambda rows: rows.last(),
    "latest": lambda rows: rows.latest("created_at"),
    "earliest": lambda rows: rows.earliest("created_at"),
    "get": lambda rows: rows.get(pk="11111111-1111-4111-8111-111111111111"),
    "get or create": lambda rows: rows.get_or_create(pk="11111111-1111-4111-8111-111111111111"),
    "update or create": lambda rows: rows.update_or_create(pk="11111111-1111-4111-8111-111111111111"),
    "in bulk": lambda rows: rows.in_bulk(),
    "update": lambda rows: rows.update(changed_at=Now()),
    "delete": lambda rows: rows.all().delete(),
    "bulk update": lambda rows: rows.bulk_update([rows.model()], ["changed_at"]),
    "bulk upsert": lambda rows: rows.bulk_create(
        [rows.model()], update_conflicts=True, unique_fields=["id"], update_fields=["changed_at"]
    ),
    "raw": lambda rows: list(rows.raw(f"SELECT * FROM {rows.model._meta.db_table}")),  # noqa: S608  # a table's name
    "raw without reading": lambda rows: rows.raw("SELECT 1"),
    "aggregate": lambda rows: rows.aggregate(how_many=Count("pk")),
    "annotate": lambda rows: list(rows.annotate(how_many=Count("pk"))),
    "values": lambda rows: list(rows.values("pk")),
    "values list": lambda rows: list(rows.values_list("pk", flat=True)),
    "dates": lambda rows: list(rows.datetimes("created_at", "day")),
    "distinct": lambda rows: rows.distinct().count(),
    "iterator": lambda rows: list(rows.iterator()),
    "slice": lambda rows: list(rows.all()[:3]),
    "defer": lambda rows: list(rows.defer("created_at")),
    "using": lambda rows: list(rows.using("default")),
    "select for update": lambda rows: list(rows.select_for_update()),
    "explain": lambda rows: rows.all().explain(),
    "as text": lambda rows: str(rows.all().query),
}


def people_whose_id_is_in(rows: QuerySet[Any]) -> QuerySet[Person]:
    return Person.objects.filter(pk__in=rows)


WITHIN: dict[str, Callable[[Any], object]] = {  # Any: rows of whatever table, that say nothing
    "in": lambda rows: list(people_whose_id_is_in(rows.all())),
    "in values": lambda rows: list(people_whose_id_is_in(rows.values("pk"))),
    "not in": lambda rows: list(Person.objects.exclude(pk__in=rows.values("pk"))),
    "exists": lambda rows: list(Person.objects.filter(Exists(rows.filter(pk=OuterRef("pk"))))),
    "subquery": lambda rows: list(Person.objects.annotate(one=Subquery(rows.values("pk")[:1]))),
    "count": lambda rows: people_whose_id_is_in(rows.values("pk")).count(),
    "update": lambda rows: people_whose_id_is_in(rows.values("pk")).update(phone=""),
    "union": lambda rows: list(rows.model.objects.every(because="a test").union(rows.all())),
    "or": lambda rows: list(rows.model.objects.every(because="a test").none() | rows.all()),
    "xor": lambda rows: list(rows.model.objects.every(because="a test") ^ rows.all()),
    "or after a slice": lambda rows: list(rows.model.objects.every(because="a test")[:1] | rows.all()),
    "slice after or": lambda rows: list(rows.model.objects.every(because="a test") | rows.all()[:1]),
    "and of nothing said": lambda rows: list(rows.all() & rows.all()),
}


def make() -> World:
    world = make_world()
    world.online.closures.create(first=TODAY, last=TODAY)
    world.imported.changes.create(key="1", thing=world.online.space_id, after={"capacity": 12})
    return world


made_world = made_once(make)


@pytest.fixture
def world(made_world: World) -> World:
    return as_new(made_world)


def test_every_table_of_ours_belongs_to_somebody_or_says_why_not() -> None:
    assert len(OWNED) > len(NOBODYS)
    assert sorted(each.__name__ for each in OURS if each not in OWNED) == sorted(NOBODYS)
    assert [why for why in NOBODYS.values() if not re.fullmatch(r"[A-Z](\S+ ){6,}\S+\.", why)] == []


@every_table
def test_a_table_of_owned_rows_has_a_manager_that_asks_for_a_scope(model: Any) -> None:
    assert isinstance(model._default_manager, ScopedManager)
    assert isinstance(model.objects.all(), ScopedQuerySet)
    assert hasattr(model.objects, "visible_to")
    assert [each.name for each in model._meta.managers if not isinstance(each, ScopedManager)] == []


def raises(ask: Callable[[Any], object], rows: Any) -> bool:  # Any: rows of whatever table
    try:
        ask(rows)
    except UnscopedQueryError:
        return True
    return False


@every_table
def test_a_query_that_says_nothing_raises(model: Any) -> None:
    assert [way for way, ask in PLAIN.items() if not raises(ask, model.objects)] == []


@every_table
def test_a_query_that_says_nothing_raises_within_another(model: Any) -> None:
    assert [way for way, ask in WITHIN.items() if not raises(ask, model.objects)] == []


SENTENCE = r"^A query over \w+ does not say for whom: use visible_to\(viewer\)"


def test_the_error_names_the_table_and_what_to_do() -> None:
    with pytest.raises(UnscopedQueryError, match=SENTENCE):
        Offer.objects.count()


@every_table
@pytest.mark.parametrize("because", ["", "  "])
def test_everybody_needs_a_reason(model: Any, because: str) -> None:
    with pytest.raises(UnscopedQueryError, match="Say why"):
        model.objects.every(because=because)


WRITES = {"get", "get or create", "update or create", "delete", "bulk update", "bulk upsert", "raw without reading"}
REFUSED = {name: {"update"} for name in ("Document", "Published", "StepVersion", "ValuationRun")}
"""What the database itself refuses: nobody changes what was signed, published, locked or valued."""


@every_table
def test_a_query_with_a_reason_works(world: World, model: Any) -> None:
    refused = {*WRITES, *REFUSED.get(model.__name__, ())}
    for ask in (ask for way, ask in PLAIN.items() if way not in refused):
        ask(model.objects.every(because="a test"))


@every_table
def test_a_query_for_a_viewer_shows_some_to_its_own_and_none_to_a_stranger(world: World, model: Any) -> None:
    everything = model.objects.every(because="a test").count()
    assert everything > 0
    assert model.objects.visible_to(world.people["nobody"]).count() == 0
    seen = {role: model.objects.visible_to(person).count() for role, person in world.people.items()}
    owner = OWNERS.get(model.__name__, "matchmaker")
    assert 0 < seen[owner] <= everything
    assert (seen["matchmaker"] == 0) == (owner != "matchmaker")


@every_table
def test_somebody_who_is_not_signed_in_sees_no_row(world: World, model: Any) -> None:
    visitor = world.client("anonymous").get("/").context["user"]
    assert list(model.objects.visible_to(visitor)) == []


def test_a_new_row_needs_no_scope() -> None:
    made = Organisation.objects.create(name="New")
    Organisation.objects.bulk_create([Organisation(name="Another")])
    assert Organisation.objects.every(because="a test").filter(pk=made.pk).exists()


def test_rows_of_a_parent_that_was_found_in_a_scope_are_in_scope(world: World) -> None:
    building = world.online.space.building
    assert building.spaces.count() == 1
    assert world.host.offers.filter(state="published").exists()
    found = Organisation.objects.visible_to(world.people["manager"]).prefetch_related("offers", "buildings")
    assert [world.online in each.offers.all() for each in found] == [True]


def test_rows_of_a_parent_that_belongs_to_nobody_are_not(world: World) -> None:
    with pytest.raises(UnscopedQueryError):
        world.programme.offers.count()
    with pytest.raises(UnscopedQueryError):
        list(Programme.objects.prefetch_related("offers"))
    unsaid = Prefetch("offers", queryset=Offer.objects.all())
    with pytest.raises(UnscopedQueryError):
        list(Programme.objects.prefetch_related(unsaid))


CHILDREN: dict[Any, tuple[str, Any]] = {  # Any: tables, and what a parent of one is
    Membership: ("organisation", Organisation),
    Invitation: ("organisation", Organisation),
    Message: ("conversation", Conversation),
    Photo: ("space", Space),
    OpeningPeriod: ("offer", Offer),
    Closure: ("offer", Offer),
    HostCalendar: ("offer", Offer),
    Taking: ("space", Space),
    Occupation: ("taking", Taking),
    RequestRule: ("request", Request),
    DeskNote: ("request", Request),
    ImportChange: ("run", ImportRun),
}
every_child = pytest.mark.parametrize("child", CHILDREN, ids=lambda model: str(model.__name__))


@every_child
def test_rows_of_several_parents_that_were_found_in_a_scope_are_in_scope(world: World, child: Any) -> None:
    name, parent = CHILDREN[child]
    parents = parent.objects.every(because="a test")
    together = sorted(each.pk for each in child.objects.of(**{name: parents}))
    assert together == sorted(each.pk for each in child.objects.every(because="a test"))
    assert sorted(each.pk for each in child.objects.of(**{name: list(parents)})) == together
    own = parent.objects.visible_to(world.people["nobody"])
    assert list(child.objects.of(**{name: own})) == list(child.objects.of(**{name: list(own)})) == []


@every_child
def test_rows_of_parents_that_were_not_found_in_a_scope_are_not(world: World, child: Any) -> None:
    name, parent = CHILDREN[child]
    with pytest.raises(UnscopedQueryError):
        child.objects.of(**{name: parent.objects.all()})
    with pytest.raises(AttributeError):  # an id says nothing of how somebody came by it
        child.objects.of(**{name: [world.online.pk]})


def test_only_a_parent_that_belongs_to_somebody_brings_a_scope(world: World) -> None:
    with pytest.raises(UnscopedQueryError, match="programme is no parent of Offer"):
        Offer.objects.of(programme=[world.programme])
    with pytest.raises(UnscopedQueryError, match="author is no parent of Message"):
        Message.objects.of(author=[world.people["asker"]])
    with pytest.raises(UnscopedQueryError, match="atoms is no parent of Space"):
        Space.objects.of(atoms=world.online.space.atoms.all())
    with pytest.raises(UnscopedQueryError, match="closures is no parent of Offer"):
        Offer.objects.of(closures=world.online.closures.all())


def test_children_and_grandchildren_of_a_found_row_are_in_scope(world: World) -> None:
    found = Offer.objects.visible_to(world.people["manager"]).select_related("space__building").get(pk=world.online.pk)
    assert [found.periods.count(), found.closures.count(), found.space.photos.count()] == [1, 1, 1]
    assert found.space.atoms.get().occupations.count() == 1
    assert found.space.building.atoms.get() == found.space.atoms.get()
    assert found.calendar.offer.space.takings.get().occupations.count() == 1
    assert [each.person for each in found.host.memberships.filter(role="manager").select_related("person")] == [
        world.people["manager"]
    ]


def test_children_and_grandchildren_that_are_fetched_beforehand_are_in_scope(world: World) -> None:
    found = Space.objects.visible_to(world.people["manager"]).prefetch_related(
        "photos", "atoms__occupations", "takings__occupations", "offer__closures", "building__host__memberships__person"
    )
    space = found.get(pk=world.online.space_id)
    assert [len(each.occupations.all()) for each in (*space.atoms.all(), *space.takings.all())] == [1, 1]
    assert (len(space.photos.all()), len(space.offer.closures.all())) == (1, 1)
    assert world.people["manager"] in [each.person for each in space.building.host.memberships.all()]


@pytest.mark.parametrize("name", ["memberships", "programme_roles", "served_records", "requests", "conversations"])
def test_a_person_brings_no_scope_for_anybody_finds_people(world: World, name: str) -> None:
    with pytest.raises(UnscopedQueryError):
        list(getattr(world.people["asker"], name).all())


def test_messages_rules_and_times_stay_with_their_own(world: World) -> None:
    people = world.people
    talk = Message.objects.visible_to(people["asker"])
    assert talk.get() == Message.objects.visible_to(people["manager"]).get() == world.conversation.messages.get()
    assert not Message.objects.visible_to(people["other_host"]).exists()
    assert RequestRule.objects.visible_to(people["asker"]).filter(request=world.open).count() == 1
    assert not RequestRule.objects.visible_to(people["manager"]).exists()
    ours = Occupation.objects.visible_to(people["member"])
    assert ours.filter(atom__in=world.online.space.atoms.all()).count() == 1
    assert not Occupation.objects.visible_to(people["other_host"]).exists()
    assert not ImportChange.objects.visible_to(people["other_matchmaker"]).exists()
    assert not ServedRecord.objects.visible_to(people["other_matchmaker"]).exists()


def test_who_took_time_sees_their_own_taking_and_not_the_others(world: World) -> None:
    asker, space = world.people["asker"], world.online.space
    mine = Taking.objects.create(space=space, kind="use", request_key="mine", fingerprint="", by=asker)
    assert Taking.objects.visible_to(asker).get() == mine
    assert Taking.objects.visible_to(world.people["manager"]).filter(space=space).count() == 2


def test_mails_and_invitations_are_for_their_own_also_where_staff_ask(world: World) -> None:
    mails = OutboxMail.objects.visible_to(world.people["deputy"])
    assert {each.to for each in mails} == {world.people["deputy"]}
    assert Invitation.objects.visible_to(world.people["member"]).get() == world.invitation
    assert not Invitation.objects.visible_to(world.people["other_host"]).exists()


def test_a_record_is_the_callers_and_that_of_the_staff_it_was_entered_by(world: World) -> None:
    matchmaker, colleague = world.people["matchmaker"], make_matchmaker(world.programme)
    assert ServedRecord.objects.visible_to(world.record.person).get() == world.record
    assert set(ServedRecord.objects.visible_to(colleague)) == {world.record, world.host_record}
    assert ServedRecord.objects.of_things(Request.objects.visible_to(colleague)).get() == world.record
    assert not ServedRecord.objects.of_things(Request.objects.visible_to(world.people["other_asker"])).exists()
    with pytest.raises(UnscopedQueryError):
        list(ServedRecord.objects.of_things(Request.objects.all()))
    ProgrammeRole.objects.of_person(matchmaker).delete()
    assert not ServedRecord.objects.visible_to(matchmaker).exists()  # who left the desk left its records


def sent(programme: Programme, rows: list[dict[str, object]], before: int) -> dict[str, object]:
    """Return what the form of the admin sends for a programme and its roles."""
    names = (
        "slug",
        "name",
        "city",
        "starts_on",
        "time_zone",
        "country",
        "currency",
        "desk_phone",
        "desk_hours",
        "theme",
    )
    said: dict[str, object] = {name: getattr(programme, name) for name in names}
    said |= {"roles-TOTAL_FORMS": len(rows), "roles-INITIAL_FORMS": before}
    for number, row in enumerate(rows):
        said |= {f"roles-{number}-{name}": value for name, value in {"programme": programme.pk, **row}.items()}
    return said


def test_administrators_say_who_works_for_a_programme(world: World) -> None:
    client: Client = world.client("administrator")
    address = f"/admin/parties/programme/{world.programme.pk}/change/"
    assert client.get(address).status_code == 200
    known = ProgrammeRole.objects.of_person(world.people["matchmaker"]).get()
    first = {"id": known.pk, "person": known.person_id, "role": "manager"}
    second = {"id": "", "person": world.people["nobody"].pk, "role": "matchmaker"}
    answer = client.post(address, sent(world.programme, [first, second], 1))
    assert answer.status_code == 302, answer.context["errors"]
    assert [each.role for each in ProgrammeRole.objects.of_person(world.people["nobody"])] == ["matchmaker"]
    known.refresh_from_db()
    assert known.role == "manager"
    twice = client.post(address, sent(world.programme, [first, {**first, "id": ""}], 1))
    assert (twice.status_code, "duplicate" in twice.content.decode()) == (200, True)
    gone = client.post(address, sent(world.programme, [{**first, "DELETE": "on"}], 1))
    assert (gone.status_code, ProgrammeRole.objects.of_person(known.person).exists()) == (302, False)


def test_a_scope_stays_with_what_is_asked_further(world: World) -> None:
    mine = Offer.objects.visible_to(world.people["manager"])
    assert mine.filter(state="published").order_by("pk").exclude(state="ended").count() == 1
    assert (mine | Offer.objects.visible_to(world.people["other_host"])).count() == 2
    assert (mine & Offer.objects.visible_to(world.people["matchmaker"])).count() == 1
    assert list(mine.union(Offer.objects.visible_to(world.people["nobody"]))) == [world.online]
    assert world.online in list(mine.raw("SELECT * FROM supply_offer WHERE state = 'published'"))


def test_a_scope_does_not_stay_with_the_manager(world: World) -> None:
    Offer.objects.visible_to(world.people["manager"]).count()
    Offer.objects.every(because="a test").count()
    with pytest.raises(UnscopedQueryError):
        Offer.objects.count()


def test_changing_and_deleting_stay_within_the_scope(world: World) -> None:
    mine = Offer.objects.visible_to(world.people["manager"])
    assert mine.update(notice_days=3) == 1
    world.draft.refresh_from_db()
    assert world.draft.notice_days == 0
    gone = make_organisation(make_programme(), member=(person := make_person()))
    Organisation.objects.visible_to(person).filter(pk=gone.pk).delete()
    assert Organisation.objects.every(because="a test").filter(pk=world.host.pk).exists()


def test_the_test_bites_where_a_scope_is_forgotten(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meervoud.lib.scope.refuse_unscoped", lambda _: None)
    assert Offer.objects.count() == 7
