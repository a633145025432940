"""The addresses of this room."""

from django.urls import path

from meervoud.parties.views import account, conversations, mail, organisations, programmes

urlpatterns = [
    path("programmes/", programmes.programmes, name="programmes"),
    path("me/", account.me, name="me"),
    path("me/erase/", account.erase, name="me_erase"),
    path("me/address/", mail.address_is_right, name="address_is_right"),
    path("mail/<str:token>/", mail.mail_rhythm, name="mail_rhythm"),
    path("mail/<str:token>/weekly/", mail.mail_weekly, name="mail_weekly"),
    path("conversations/<uuid:conversation_id>/", conversations.conversation, name="conversation"),
    path("organisations/new/", organisations.new, name="organisation_new"),
    path("organisations/<uuid:organisation_id>/profile/", organisations.profile, name="organisation_profile"),
    path("organisations/<uuid:organisation_id>/departments/", organisations.department, name="organisation_department"),
    path("organisations/<uuid:organisation_id>/", organisations.organisation, name="organisation"),
    path("invitation/<str:token>/", organisations.join, name="join"),
]
