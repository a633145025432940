"""The pages of the city."""

from django.urls import path

from meervoud.site.views.gallery import components
from meervoud.site.views.health import healthz
from meervoud.site.views.keys import keys, revoke
from meervoud.site.views.language import set_language
from meervoud.site.views.pages import accessibility, home, privacy, terms

urlpatterns = [
    path("", home, name="home"),
    path("accessibility/", accessibility, name="accessibility"),
    path("privacy/", privacy, name="privacy"),
    path("terms/", terms, name="terms"),
    path("components/", components, name="components"),
    path("language/", set_language, name="set_language"),
    path("me/keys/", keys, name="keys"),
    path("me/keys/<uuid:key_id>/revoke/", revoke, name="key_revoke"),
    path("healthz", healthz, name="healthz"),
]
