"""The front page tells how many groups look for space, and hides small numbers of them."""

import re

import pytest
from django.test import Client
from tests.rooms.makers import make_offer, make_request
from tests.rooms.test_canaries import page, without_tokens

from meervoud.demand.models import Request

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("asked", "shown"), [(0, "0"), (1, "a few"), (2, "a few"), (4, "a few"), (5, "5"), (6, "6")])
def test_the_front_page_hides_small_numbers_of_groups(asked: int, shown: str) -> None:
    programme = make_offer().programme
    for _ in range(asked):
        make_request(programme, is_sheltered=True)
    text = page(Client(), "/", headers={"accept-language": "en"})
    assert re.search(rf">\s*{shown}\s*<[^>]*>(?:\s|<[^>]*>)*groups look for space", text), asked


def test_one_group_and_four_groups_look_the_same_on_the_front_page() -> None:
    programme, pages = make_offer().programme, []
    for code in ("nl", "en", "da"):
        make_request(programme)
        one = page(Client(), "/", headers={"accept-language": code})
        more = [make_request(programme) for _ in range(3)]
        pages.append(without_tokens(one) == without_tokens(page(Client(), "/", headers={"accept-language": code})))
        Request.objects.every(because="a test").filter(pk__in=[each.pk for each in more]).delete()
        Request.objects.every(because="a test").delete()
    assert pages == [True, True, True]
