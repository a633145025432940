"""What an administrator sets up: programmes and who works for them. Everything else is done on the pages."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from meervoud.parties.models import Organisation, Person, Programme, ProgrammeRole


class RoleInline(admin.TabularInline):  # type: ignore[type-arg]  # no generics at run time
    """Who works for a programme."""

    model = ProgrammeRole
    extra = 1
    autocomplete_fields = ("person",)


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no generics at run time
    """Programmes."""

    list_display = ("name", "city", "starts_on", "ends_on", "is_public")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012  # Django's own shape
    inlines = (RoleInline,)


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no generics at run time
    """Accounts: opening and closing them. What people wrote is not here."""

    list_display = ("email", "name", "is_active", "is_staff", "joined_at")
    search_fields = ("email", "name")
    fields = ("email", "name", "language", "is_active", "is_staff", "is_superuser")


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no generics at run time
    """Organisations, to correct a name or a parent."""

    list_display = ("name", "kind", "verification")
    search_fields = ("name",)
    fields = ("name", "kind", "parent", "verification", "register_number")
    autocomplete_fields = ("parent",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:  # noqa: ARG002  # Django's own signature
        """Return all: administrators see every organisation."""
        return Organisation.objects.every(because="the admin is for administrators only")
