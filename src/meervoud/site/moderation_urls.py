"""The addresses of moderation."""

from django.urls import path

from meervoud.site.views import moderation

urlpatterns = [
    path("report/<slug:kind>/<uuid:thing>/", moderation.report_thing, name="report"),
    path("moderation/", moderation.moderation, name="moderation"),
    path("moderation/texts/<uuid:held_id>/", moderation.decide, name="moderation_decide"),
    path("moderation/reports/<uuid:report_id>/", moderation.settle_report, name="report_settle"),
]
