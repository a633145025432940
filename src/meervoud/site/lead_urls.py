"""The addresses of leads: places that might lend a room."""

from django.urls import path

from meervoud.site.views import lead_lists, leads

urlpatterns = [
    path("leads/", leads.index, name="leads"),
    path("leads/bring/", lead_lists.give, name="leads_give"),
    path("leads/bring/<uuid:list_id>/", lead_lists.preview, name="leads_list"),
    path("leads/<uuid:lead_id>/", leads.show, name="lead"),
    path("leads/<uuid:lead_id>/facts/", leads.facts, name="lead_facts"),
    path("leads/<uuid:lead_id>/letter/", leads.letter, name="lead_letter"),
    path("leads/<uuid:lead_id>/move/<slug:name>/", leads.move, name="lead_move"),
]
