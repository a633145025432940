"""The addresses of this room."""

from django.urls import path

from meervoud.matching.views import find, offers, proposals, queue, requests, space, wishes

urlpatterns = [
    path("find/", find.find, name="find"),
    path("find/points/", find.points, name="points"),
    path("find/areas/", find.areas, name="areas"),
    path("spaces/<uuid:offer_id>/", space.space, name="space"),
    path("spaces/<uuid:offer_id>/ask/", space.ask, name="space_ask"),
    path("photos/<uuid:photo_id>/<slug:size>/", space.photo, name="photo"),
    path("offers/<uuid:offer_id>/fits/", offers.who_fits, name="offer_fits"),
    path("queue/", queue.queue, name="queue"),
    path("queue/declines/", queue.declines, name="declines"),
    path("queue/runs/", queue.run_start, name="match_run_start"),
    path("queue/runs/<uuid:run_id>/", queue.run, name="match_run"),
    path("queue/runs/<uuid:run_id>/cancel/", queue.run_cancel, name="match_run_cancel"),
    path("inbox/", proposals.inbox, name="inbox"),
    path("proposals/<uuid:proposal_id>/", proposals.show, name="proposal"),
    path("proposals/<uuid:proposal_id>/say/<slug:kind>/", proposals.answer, name="proposal_answer"),
    path("proposals/<uuid:proposal_id>/back/", proposals.take_back, name="proposal_back"),
    path("requests/<uuid:request_id>/hosts/", wishes.ask_best, name="request_ask_best"),
    path("requests/<uuid:request_id>/hosts/<uuid:offer_id>/", wishes.ask_one, name="request_ask_one"),
    path("requests/<uuid:request_id>/why/<uuid:offer_id>/", wishes.why, name="request_why"),
    path("ask/", requests.ask, name="ask_start"),
    path("requests/<uuid:request_id>/", requests.show, name="request"),
    path("requests/<uuid:request_id>/move/<slug:name>/", requests.move, name="request_move"),
    path("requests/<uuid:request_id>/<slug:name>/", requests.step, name="request_step"),
]
