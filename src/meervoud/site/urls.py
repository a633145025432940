"""Every address of the web."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

# the admin's own form would ask for a password only: no second step, no limit on wrong ones
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth says

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("meervoud.site.page_urls")),
    path("", include("meervoud.site.desk_urls")),
    path("", include("meervoud.site.import_urls")),
    path("", include("meervoud.site.lead_urls")),
    path("", include("meervoud.site.moderation_urls")),
    path("", include("meervoud.demand.urls")),
    path("", include("meervoud.agreements.urls")),
    path("", include("meervoud.outcomes.urls")),
    path("", include("meervoud.usage.urls")),
    path("", include("meervoud.matching.urls")),
    path("", include("meervoud.supply.urls")),
    path("", include("meervoud.parties.urls")),
    path("api/v1/", include("meervoud.site.api.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "meervoud.site.views.errors.bad_request"
handler403 = "meervoud.site.views.errors.not_allowed"
handler404 = "meervoud.site.views.errors.not_found"
handler500 = "meervoud.site.views.errors.fault"
