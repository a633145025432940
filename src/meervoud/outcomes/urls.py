"""The addresses of this room."""

from django.urls import path

from meervoud.outcomes.views import figures, published, reports, settings

urlpatterns = [
    path("desk/figures/", figures.index, name="figures_of_use"),
    path("desk/figures/moments.csv", figures.moments, name="figure_moments"),
    path("desk/figures/settings/", settings.index, name="figure_settings"),
    path("desk/figures/settings/<slug:kind>/<uuid:row_id>/remove/", settings.remove, name="figure_setting_remove"),
    path("desk/figures/<slug:name>/", figures.figure, name="figure"),
    path("desk/reports/", reports.index, name="reports_desk"),
    path("desk/reports/<uuid:report_id>/", reports.edit, name="report_edit"),
    path("desk/reports/<uuid:report_id>/preview/", reports.preview, name="report_preview"),
    path("desk/reports/<uuid:report_id>/publish/", reports.publish, name="report_publish"),
    path("desk/reports/<uuid:report_id>/correct/", reports.correct, name="report_correct"),
    path("desk/reports/<uuid:report_id>/story/", reports.story, name="report_story"),
    path("desk/reports/<uuid:report_id>/story/<uuid:story_id>/back/", reports.story_back, name="report_story_back"),
    path("reports/", published.index, name="programme_reports"),
    path("reports/<uuid:report_id>/", published.show, name="programme_report"),
    path("reports/<uuid:report_id>/figures/<slug:name>/", published.figure, name="report_figure"),
    path("reports/stories/<uuid:story_id>/picture/", published.picture, name="story_picture"),
]
