"""The addresses of this room."""

from django.urls import path

from meervoud.agreements.views import agreements, approvals

urlpatterns = [
    path("proposals/<uuid:proposal_id>/agreement/", agreements.begin, name="agreement_begin"),
    path("agreements/<uuid:agreement_id>/", agreements.show, name="agreement"),
    path("agreements/<uuid:agreement_id>/terms/", agreements.terms, name="agreement_terms"),
    path("agreements/<uuid:agreement_id>/propose/", agreements.propose, name="agreement_propose"),
    path("agreements/<uuid:agreement_id>/withdraw/", agreements.withdraw, name="agreement_withdraw"),
    path("agreements/<uuid:agreement_id>/consent/", agreements.consent, name="agreement_consent"),
    path("agreements/<uuid:agreement_id>/sign/", agreements.sign_it, name="agreement_sign"),
    path("agreements/<uuid:agreement_id>/signed/", agreements.signed_bytes, name="agreement_signed"),
    path("agreements/<uuid:agreement_id>/approvals/", approvals.ask, name="approval_ask"),
    path("agreements/<uuid:agreement_id>/approvals/<uuid:approval_id>/", approvals.note, name="approval_note"),
    path("agreements/<uuid:agreement_id>/approvals/<uuid:approval_id>/brief/", approvals.brief, name="approval_brief"),
]
