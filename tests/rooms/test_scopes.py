"""A query over rows that belong to somebody says for whom it asks, or it raises: every kind of query, every such table."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Now
from tests.rooms.makers import make_organisation, make_person, make_programme
from tests.rooms.matrix.world import World, make_world

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet, UnscopedQueryError
from meervoud.parties.models import Organisation, Person, Programme
from meervoud.supply.models import Offer

pytestmark = pytest.mark.django_db
OWNED: list[Any] = [each for each in apps.get_models() if issubclass(each, OwnedModel)]
NAMES = {"Building", "Conversation", "ImportRun", "Offer", "Organisation", "Request", "Space"}
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
    "aggregate": lambda rows: rows.aggregate(number=Count("pk")),
    "annotate": lambda rows: list(rows.annotate(number=Count("pk"))),
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


@pytest.fixture
def world() -> World:
    return make_world()


def test_these_are_the_tables_whose_rows_belong_to_somebody() -> None:
    assert {each.__name__ for each in OWNED} >= NAMES


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


@every_table
def test_a_query_with_a_reason_works(world: World, model: Any) -> None:
    for ask in (ask for way, ask in PLAIN.items() if way not in WRITES):
        ask(model.objects.every(because="a test"))


@every_table
def test_a_query_for_a_viewer_shows_some_to_its_own_and_none_to_a_stranger(world: World, model: Any) -> None:
    everything = model.objects.every(because="a test").count()
    assert everything > 0
    assert model.objects.visible_to(world.people["nobody"]).count() == 0
    assert 0 < model.objects.visible_to(world.people["matchmaker"]).count() <= everything


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
    assert [len(each.offers.all()) for each in found] == [1]


def test_rows_of_a_parent_that_belongs_to_nobody_are_not(world: World) -> None:
    with pytest.raises(UnscopedQueryError):
        world.programme.offers.count()
    with pytest.raises(UnscopedQueryError):
        list(Programme.objects.prefetch_related("offers"))
    unsaid = Prefetch("offers", queryset=Offer.objects.all())
    with pytest.raises(UnscopedQueryError):
        list(Programme.objects.prefetch_related(unsaid))


def test_a_scope_stays_with_what_is_asked_further(world: World) -> None:
    mine = Offer.objects.visible_to(world.people["manager"])
    assert mine.filter(state="published").order_by("pk").exclude(state="ended").count() == 1
    assert (mine | Offer.objects.visible_to(world.people["other_host"])).count() == 2
    assert (mine & Offer.objects.visible_to(world.people["matchmaker"])).count() == 1
    assert list(mine.union(Offer.objects.visible_to(world.people["nobody"]))) == [world.online]
    assert list(mine.raw("SELECT * FROM supply_offer WHERE state = 'published'")) == [world.online]


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
    assert Offer.objects.count() == 2
