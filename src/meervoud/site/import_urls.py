"""The addresses of sheets in and out."""

from django.urls import path

from meervoud.site.views import imports

urlpatterns = [
    path("imports/", imports.index, name="imports"),
    path("imports/export/<slug:kind>.<slug:form>", imports.export, name="import_export"),
    path("imports/<uuid:run_id>/", imports.run, name="import"),
    path("imports/<uuid:run_id>/confirm/", imports.confirm, name="import_confirm"),
    path("imports/<uuid:run_id>/cancel/", imports.cancel, name="import_cancel"),
    path("imports/<uuid:run_id>/drop/", imports.drop, name="import_drop"),
    path("imports/<uuid:run_id>/undo/", imports.undo, name="import_undo"),
]
