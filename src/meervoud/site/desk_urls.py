"""The addresses of the desks."""

from django.urls import path

from meervoud.site.views import demo, desk, served, served_hosts

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/organisations/<uuid:organisation_id>/check/", desk.check_organisation, name="organisation_check"),
    path("desk/calls/", served.enter, name="enter"),
    path("desk/calls/space/", served_hosts.enter_offer, name="enter_offer"),
    path("desk/letters/<uuid:record_id>/", served.letter, name="letter"),
    path("claim/", served.claim_record, name="claim"),
    path("me/export/", desk.export_me, name="me_export"),
    path("demo/sign-in/", demo.demo_sign_in, name="demo_sign_in"),
]
