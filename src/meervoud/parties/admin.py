"""What an administrator sets up: programmes and who works for them. Everything else is done on the pages."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import ForeignKey, QuerySet
from django.forms import BaseInlineFormSet, ModelChoiceField, ModelForm
from django.http import HttpRequest

from meervoud.lib.events import happened
from meervoud.parties.events import CompanySectorChanged
from meervoud.parties.models import Organisation, Person, Programme, ProgrammeRole


class KeptAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no generics at run time
    """Rows that nobody deletes here: people are erased by themselves, and the page that asks would list what is theirs."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002  # Django's own signature
        """Say no."""
        return False


BECAUSE = "the admin is for administrators only"


class RoleForm(ModelForm):  # type: ignore[type-arg]  # no generics at run time
    """One person who works for a programme."""

    def validate_constraints(self) -> None:
        """Ask nothing: the roles of a programme stand together in one form, which refuses a person twice."""


class RoleFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # no generics at run time
    """Everybody who works for a programme."""

    def add_fields(self, form: Any, index: int | None) -> None:  # Any: Django's own signature
        """Let a row be found among the roles that are shown, not among all."""
        super().add_fields(form, index)
        form.fields["id"].queryset = self.get_queryset()


class RoleInline(admin.TabularInline):  # type: ignore[type-arg]  # no generics at run time
    """Who works for a programme."""

    model = ProgrammeRole
    form, formset = RoleForm, RoleFormSet
    extra = 1
    autocomplete_fields = ("person",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProgrammeRole]:  # noqa: ARG002  # Django's own signature
        """Return all: administrators say who works for which programme."""
        return ProgrammeRole.objects.every(because=BECAUSE)


@admin.register(Programme)
class ProgrammeAdmin(KeptAdmin):
    """Programmes."""

    list_display = ("name", "city", "starts_on", "ends_on", "is_public")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012  # Django's own shape
    inlines = (RoleInline,)


@admin.register(Person)
class PersonAdmin(KeptAdmin):
    """Accounts: opening and closing them. What people wrote is not here."""

    list_display = ("email", "name", "is_active", "is_staff", "joined_at")
    search_fields = ("email", "name")
    fields = ("email", "name", "language", "is_active", "is_staff", "is_superuser")


@admin.register(Organisation)
class OrganisationAdmin(KeptAdmin):
    """Organisations, to correct a name, a parent or the sector of a company."""

    list_display = ("name", "kind", "verification")
    search_fields = ("name",)
    fields = ("name", "kind", "sector", "parent", "verification", "register_number")
    readonly_fields = ("verification",)  # checked at the desk, so that the map and the index follow
    autocomplete_fields = ("parent",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:  # noqa: ARG002  # Django's own signature
        """Return all: administrators see every organisation."""
        return Organisation.objects.every(because=BECAUSE)

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:  # noqa: FBT001  # Django's own signature
        """Save, and let the suggestions follow another sector. Any: Django's own."""
        before = self.get_queryset(request).filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        if before is not None and before.company_sector != obj.company_sector:
            happened(CompanySectorChanged(obj))

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **options: Any
    ) -> "ModelChoiceField[Any] | None":  # Any: Django's own signature
        """Let a parent be chosen from all organisations too."""
        options["queryset"] = self.get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **options)
