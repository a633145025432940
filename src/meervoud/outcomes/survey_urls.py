"""The addresses of surveys: for who writes in a plan, and for who answers."""

from django.urls import path

from meervoud.outcomes.views.impact import collect, survey

urlpatterns = [
    path("impact/<uuid:plan_id>/collect/", collect.collect, name="impact_collect"),
    path("impact/<uuid:plan_id>/collect/close/", collect.close, name="impact_close_pairing"),
    path("impact/<uuid:plan_id>/collect/<uuid:wave_id>/", collect.wave, name="impact_wave"),
    path("impact/<uuid:plan_id>/collect/<uuid:wave_id>/paper.pdf", collect.paper, name="impact_wave_paper"),
    path("impact/<uuid:plan_id>/collect/<uuid:wave_id>/sheet/", collect.sheet, name="impact_sheet"),
    path("impact/<uuid:plan_id>/collect/<uuid:wave_id>/words/<uuid:sheet_id>/", collect.words, name="impact_words"),
    path("s/<str:token>/", survey.survey, name="survey"),
    path("s/<str:word>/thanks/", survey.done, name="survey_done"),
    path("s/<str:word>/back/", survey.back, name="survey_take_back"),
]
