"""The addresses of impact plans and their reports."""

from django.urls import path

from meervoud.outcomes.views.impact import fit, plans, reports, theory, values, versions

urlpatterns = [
    path("impact/", plans.index, name="impact_plans"),
    path("impact/<uuid:plan_id>/", plans.show, name="impact_plan"),
    path("impact/<uuid:plan_id>/steps/<int:number>/", plans.step, name="impact_step"),
    path("impact/<uuid:plan_id>/steps/<int:number>/lock/", plans.lock, name="impact_step_lock"),
    path("impact/<uuid:plan_id>/steps/<int:number>/<int:version>/", versions.version, name="impact_version"),
    path("impact/<uuid:plan_id>/theory/", theory.show, name="impact_theory"),
    path("impact/<uuid:plan_id>/theory/box/", theory.add_box, name="impact_node_add"),
    path("impact/<uuid:plan_id>/theory/box/<slug:node>/", theory.box, name="impact_node"),
    path("impact/<uuid:plan_id>/theory/arrow/", theory.add_arrow, name="impact_link_add"),
    path("impact/<uuid:plan_id>/theory/arrow/<slug:start>/<slug:end>/", theory.arrow, name="impact_link"),
    path("impact/<uuid:plan_id>/theory/looked/", theory.looked, name="impact_looked"),
    path("impact/<uuid:plan_id>/theory/undo/", theory.take_back, name="impact_undo"),
    path("impact/<uuid:plan_id>/theory/example/", theory.example, name="impact_example"),
    path("impact/<uuid:plan_id>/fit/", fit.show, name="impact_fit"),
    path("impact/<uuid:plan_id>/value/", values.compute, name="impact_value"),
    path("impact/<uuid:plan_id>/value/<uuid:run_id>/", values.run, name="impact_run"),
    path("impact/<uuid:plan_id>/value/<uuid:run_id>/<int:number>/", values.claim, name="impact_claim"),
    path("impact/<uuid:plan_id>/report/", reports.preview, name="impact_preview"),
    path("impact/<uuid:plan_id>/publish/", reports.publish, name="impact_publish"),
    path("impact/<uuid:plan_id>/reports/<uuid:report_id>/withdraw/", reports.withdraw, name="impact_report_withdraw"),
    path("impact/<uuid:plan_id>/story/", reports.story, name="impact_story"),
    path("impact/<uuid:plan_id>/story/<uuid:story_id>/back/", reports.story_back, name="impact_story_back"),
    path("impact/reports/", reports.index, name="impact_reports"),
    path("impact/reports/<uuid:report_id>/", reports.show, name="impact_report"),
    path("impact/reports/<uuid:report_id>/value/", reports.value, name="impact_report_value"),
    path("impact/reports/<uuid:report_id>/value/<int:number>/", reports.claim, name="impact_report_claim"),
    path("impact/reports/<uuid:report_id>/report.pdf", reports.paper, name="impact_pdf"),
    path("impact/reports/<uuid:report_id>/data.json", reports.data, name="impact_data"),
    path("impact/reports/<uuid:report_id>/cids.jsonld", reports.cids, name="impact_cids"),
    path("impact/stories/<uuid:story_id>/picture/", reports.picture, name="impact_story_picture"),
]
