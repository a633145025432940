"""Deeds of different kinds at the same moment wait for each other in one order, so that none is broken off."""

from collections.abc import Callable

import pytest
from django.db.utils import DatabaseError
from tests.rooms.makers import make_building, make_offer, make_organisation, make_person, make_programme, make_space
from tests.rooms.supply.test_calendar import NOW, at, attempt_together, overlapping_rows, take

from meervoud.supply.actions import change_offer, change_place, pause_offer, publish_offer
from meervoud.supply.calendar import release_expired_holds, replace_busy
from meervoud.supply.models import Offer

ROUNDS = 15


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_hosts_change_their_offers_while_groups_take_time_and_nobody_is_broken_off() -> None:
    programme, by = make_programme(), make_person()
    host = make_organisation(programme)
    building = make_building(programme, host)
    offers = [make_offer(programme, host=host, space=make_space(building)) for _ in range(2)]
    one, other = offers

    def pause_and_publish() -> None:
        fresh = Offer.objects.every(because="a test").select_related("space__building", "host").get(pk=other.pk)
        publish_offer(offer=pause_offer(offer=fresh, by=by), by=by)

    def deeds(day: int) -> list[Callable[[], object]]:
        return [
            lambda: change_place(offer=one, by=by, values={"street": "Zilverkade 2"}),
            lambda: take(one.space, at(19, day=day)),
            lambda: change_offer(offer=other, by=by, values={"notice_days": 1}),
            lambda: take(other.space, at(19, day=day)),
            pause_and_publish,
            lambda: replace_busy(offer=one, spans=[at(9, day=day)], by=by, now=NOW),
            lambda: release_expired_holds(now=NOW),
            lambda: take(one.space, at(21, day=day), at(19, day=day), hold_until=NOW),
        ]

    for number in range(ROUNDS):
        broken = [error for error in attempt_together(deeds(1 + number)) if isinstance(error, DatabaseError)]
        assert broken == []
    assert overlapping_rows() == 0
