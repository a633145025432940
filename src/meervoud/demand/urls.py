"""The addresses of this room."""

from django.urls import path

from meervoud.demand.views import rules

urlpatterns = [
    path("requests/<uuid:request_id>/when/add/", rules.kinds, name="rule_kinds"),
    path("requests/<uuid:request_id>/when/add/<slug:kind>/", rules.add, name="rule_add"),
    path("requests/<uuid:request_id>/when/back/", rules.put_back, name="rule_back"),
    path("requests/<uuid:request_id>/when/<uuid:rule_id>/", rules.change, name="rule"),
    path("requests/<uuid:request_id>/when/<uuid:rule_id>/remove/", rules.remove, name="rule_remove"),
]
