"""The theory of change on the screen."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.rooms.outcomes.impact_makers import make_impact_plan, owner

pytestmark = pytest.mark.django_db


def test_it(client: Client) -> None:
    plan = make_impact_plan()
    client.force_login(owner(plan))
    for name in ("impact_theory", "impact_node_add", "impact_link_add", "impact_fit"):
        response = client.get(reverse(name, args=[plan.pk]))
        assert response.status_code == 200
        open(f"/tmp/help/th/{name}.html", "wb").write(response.content)
