"""The halls of the hammer: each of two rooms, all lent."""

from django.core.management import call_command
from django.db import connection, connections

from bench.hammer_plan import BUFFERS, HALLS, ROOMS, space_name
from meervoud.parties.models import Organisation, Person, Programme
from meervoud.places.actions import add_building, add_space
from meervoud.places.models import Space
from meervoud.supply.models import Offer


def make_halls() -> None:
    """Migrate the database of the settings, and make the halls."""
    call_command("migrate", verbosity=0)
    by = Person.objects.create_user("hammer@example.org", name="Hammer")
    programme = Programme.objects.create(slug="hammer", name="Hammer", city="Zilverhaven", starts_on="2026-01-01")
    host = Organisation.objects.create(name="Hammer", kind="company")
    for hall in range(HALLS):
        building = add_building(programme=programme, host=host, by=by, street=f"Zilverkade {hall + 1}")
        parts: tuple[Space, ...] = ()
        for room in range(len(ROOMS)):
            of = parts if ROOMS[room] == "hall" else ()
            space = add_space(building=building, by=by, parts=of, name=space_name(hall, room))
            parts = (*parts, space)
            Offer(programme=programme, host=host, space=space, price_kind="free", buffer_minutes=BUFFERS[room]).save(
                force_insert=True
            )
    connections.close_all()


def all_spaces() -> dict[str, Space]:
    """Return the spaces by name."""
    return {space.name: space for space in Space.objects.every(because="a hammer")}


def use(name: str) -> None:
    """Let Django talk to a copy."""
    connections.close_all()
    connection.settings_dict["NAME"] = name
