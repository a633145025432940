"""Every address of the web."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("meervoud.site.page_urls")),
    path("", include("meervoud.site.desk_urls")),
    path("", include("meervoud.site.import_urls")),
    path("", include("meervoud.matching.urls")),
    path("", include("meervoud.supply.urls")),
    path("", include("meervoud.parties.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "meervoud.site.views.errors.bad_request"
handler403 = "meervoud.site.views.errors.not_allowed"
handler404 = "meervoud.site.views.errors.not_found"
handler500 = "meervoud.site.views.errors.fault"
