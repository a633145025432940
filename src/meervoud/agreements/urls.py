"""The addresses of this room."""

from django.urls import path

from meervoud.agreements.views import agreements, approvals, clauses, own_contracts, papers

urlpatterns = [
    path("proposals/<uuid:proposal_id>/agreement/", agreements.begin, name="agreement_begin"),
    path("agreements/<uuid:agreement_id>/", agreements.show, name="agreement"),
    path("agreements/<uuid:agreement_id>/terms/", agreements.terms, name="agreement_terms"),
    path("agreements/<uuid:agreement_id>/propose/", agreements.propose, name="agreement_propose"),
    path("agreements/<uuid:agreement_id>/withdraw/", agreements.withdraw, name="agreement_withdraw"),
    path("agreements/<uuid:agreement_id>/take-back/", agreements.take_back, name="agreement_take_back"),
    path("agreements/<uuid:agreement_id>/consent/", agreements.consent, name="agreement_consent"),
    path("agreements/<uuid:agreement_id>/sign/", agreements.sign_it, name="agreement_sign"),
    path("agreements/<uuid:agreement_id>/signed/", agreements.signed_bytes, name="agreement_signed"),
    path("agreements/<uuid:agreement_id>/contract.pdf", papers.pdf, name="agreement_pdf"),
    path("agreements/<uuid:agreement_id>/contract.docx", papers.word, name="agreement_word"),
    path("agreements/<uuid:agreement_id>/paper/", papers.paper, name="agreement_paper"),
    path("agreements/<uuid:agreement_id>/paper/<uuid:document_id>/", papers.scan, name="agreement_scan"),
    path("agreements/<uuid:agreement_id>/clauses/<slug:key>/", clauses.clause, name="agreement_clause"),
    path("agreements/<uuid:agreement_id>/suggested/", approvals.suggested, name="approval_suggested"),
    path("agreements/<uuid:agreement_id>/approvals/", approvals.ask, name="approval_ask"),
    path("agreements/<uuid:agreement_id>/approvals/<uuid:approval_id>/", approvals.note, name="approval_note"),
    path("agreements/<uuid:agreement_id>/approvals/<uuid:approval_id>/brief/", approvals.brief, name="approval_brief"),
    path(
        "agreements/<uuid:agreement_id>/approvals/<uuid:approval_id>/brief.pdf",
        approvals.brief_pdf,
        name="approval_brief_pdf",
    ),
    path(
        "agreements/<uuid:agreement_id>/approvals/<uuid:approval_id>/minutes/",
        approvals.minutes,
        name="approval_minutes",
    ),
    path("desk/contracts/", own_contracts.index, name="contracts"),
    path("desk/contracts/ours/<slug:language>/", own_contracts.sample, name="contract_sample"),
    path("desk/contracts/<uuid:template_id>/", own_contracts.download, name="contract_download"),
    path("desk/contracts/<uuid:template_id>/remove/", own_contracts.remove, name="contract_remove"),
]
