"""The addresses of this room."""

from django.urls import path

from meervoud.matching.views import find, offers, requests, space

urlpatterns = [
    path("find/", find.find, name="find"),
    path("find/points/", find.points, name="points"),
    path("find/areas/", find.areas, name="areas"),
    path("spaces/<uuid:offer_id>/", space.space, name="space"),
    path("spaces/<uuid:offer_id>/ask/", space.ask, name="space_ask"),
    path("photos/<uuid:photo_id>/<slug:size>/", space.photo, name="photo"),
    path("offers/<uuid:offer_id>/fits/", offers.who_fits, name="offer_fits"),
    path("ask/", requests.ask, name="ask_start"),
    path("requests/<uuid:request_id>/", requests.show, name="request"),
    path("requests/<uuid:request_id>/move/<slug:name>/", requests.move, name="request_move"),
    path("requests/<uuid:request_id>/<slug:name>/", requests.step, name="request_step"),
]
