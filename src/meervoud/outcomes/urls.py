"""The addresses of this room."""

from django.urls import path

from meervoud.outcomes.impact_urls import urlpatterns as impact
from meervoud.outcomes.survey_urls import urlpatterns as surveys
from meervoud.outcomes.views import esg, figures, papers, past, published, reports, settings

urlpatterns = [
    path("desk/figures/", figures.index, name="figures_of_use"),
    path("desk/figures/moments.csv", figures.moments, name="figure_moments"),
    path("desk/figures/settings/", settings.index, name="figure_settings"),
    path("desk/figures/settings/<slug:kind>/<uuid:row_id>/remove/", settings.remove, name="figure_setting_remove"),
    path("desk/figures/<slug:name>/", figures.figure, name="figure"),
    path("desk/past/", past.index, name="past_uses"),
    path("desk/past/<uuid:sheet_id>/", past.sheet, name="past_sheet"),
    path("desk/past/<uuid:sheet_id>/confirm/", past.confirm, name="past_confirm"),
    path("desk/past/<uuid:sheet_id>/undo/", past.undo, name="past_undo"),
    path("desk/reports/", reports.index, name="reports_desk"),
    path("desk/reports/<uuid:report_id>/", reports.edit, name="report_edit"),
    path("desk/reports/<uuid:report_id>/preview/", reports.preview, name="report_preview"),
    path("desk/reports/<uuid:report_id>/publish/", reports.publish, name="report_publish"),
    path("desk/reports/<uuid:report_id>/correct/", reports.correct, name="report_correct"),
    path("desk/reports/<uuid:report_id>/story/", reports.story, name="report_story"),
    path("desk/reports/<uuid:report_id>/story/<uuid:story_id>/back/", reports.story_back, name="report_story_back"),
    path("organisations/<uuid:organisation_id>/esg/", esg.home, name="esg_home"),
    path("organisations/<uuid:organisation_id>/esg/<int:year>/", esg.show, name="esg"),
    path("organisations/<uuid:organisation_id>/esg/<int:year>/esg.csv", esg.moments, name="esg_csv"),
    path("organisations/<uuid:organisation_id>/esg/<int:year>/esg.pdf", esg.paper, name="esg_pdf"),
    path("reports/", published.index, name="programme_reports"),
    path("reports/<uuid:report_id>/", published.show, name="programme_report"),
    path("reports/<uuid:report_id>/report.pdf", papers.report, name="report_pdf"),
    path("reports/<uuid:report_id>/summary.pdf", papers.summary, name="report_summary"),
    path("reports/<uuid:report_id>/data.csv", papers.csv, name="report_csv"),
    path("reports/<uuid:report_id>/data.xlsx", papers.xlsx, name="report_xlsx"),
    path("reports/<uuid:report_id>/figures/<slug:name>/", published.figure, name="report_figure"),
    path("reports/stories/<uuid:story_id>/picture/", published.picture, name="story_picture"),
    *impact,
    *surveys,
]
