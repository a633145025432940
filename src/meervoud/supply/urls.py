"""The addresses of this room."""

from django.urls import path

from meervoud.supply.views import extras, hours, offers

urlpatterns = [
    path("offer/", offers.start, name="offer_start"),
    path("offers/<uuid:offer_id>/", offers.offer, name="offer"),
    path("offers/<uuid:offer_id>/hours/", hours.hours, name="offer_hours"),
    path("offers/<uuid:offer_id>/photos/", extras.photos, name="offer_photos"),
    path("offers/<uuid:offer_id>/photos/<uuid:photo_id>/remove/", extras.drop_photo, name="offer_photo_remove"),
    path("offers/<uuid:offer_id>/calendar/", extras.calendar, name="offer_calendar"),
    path("offers/<uuid:offer_id>/calendar/remove/", extras.drop_calendar, name="offer_calendar_remove"),
    path("offers/<uuid:offer_id>/copy/", offers.copy, name="offer_copy"),
    path("offers/<uuid:offer_id>/move/<slug:name>/", offers.move, name="offer_move"),
    path("offers/<uuid:offer_id>/<slug:name>/", offers.step, name="offer_step"),
]
