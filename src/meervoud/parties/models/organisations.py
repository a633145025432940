"""Organisations, who belongs to them, and who is asked to join."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.parties.models.people import Person, Viewer


class Kind(models.TextChoices):
    """Kinds of organisations, in the words of the field."""

    COMPANY = "company", _("company or office")
    OWNER = "owner", _("owner of buildings")
    HOUSING_ORGANISATION = "housing_organisation", _("housing organisation")
    HOUSING_DEPARTMENT = "housing_department", _("housing department")
    SCHOOL = "school", _("school")
    PLACE_OF_WORSHIP = "place_of_worship", _("church, mosque or other place of worship")
    COMMUNITY_CENTRE = "community_centre", _("community centre")
    MUNICIPALITY = "municipality", _("municipality")
    FOUNDATION = "foundation", _("foundation or association")
    SOCIAL_ENTERPRISE = "social_enterprise", _("social enterprise")
    NEIGHBOURS = "neighbours", _("group of neighbours")
    FUNDER = "funder", _("funder")
    OTHER = "other", _("other")


class Sector(models.TextChoices):
    """Sectors whose companies a host or a group may not want; "" is none of these, or not said."""

    TOBACCO = "tobacco", _("tobacco and e-cigarettes")
    GAMBLING = "gambling", _("gambling and betting")
    ALCOHOL = "alcohol", _("alcoholic drinks")
    WEAPONS = "weapons", _("weapons")
    FOSSIL_FUELS = "fossil_fuels", _("oil, gas and coal")
    HIGH_INTEREST_LOANS = "high_interest_loans", _("loans with high interest")
    FAST_FASHION = "fast_fashion", _("fast fashion: cheap clothes, not worn for long")


def sector_of_company(kind: str, sector: str) -> str:
    """Return the sector of a company; "" for everybody else, whatever they said: people and groups are never meant."""
    return sector if kind == Kind.COMPANY else ""


class Verification(models.TextChoices):
    """How sure we are that an organisation is what it says."""

    UNVERIFIED = "unverified", _("not checked yet")
    VERIFIED = "verified", _("checked")
    REFUSED = "refused", _("refused")


class Role(models.TextChoices):
    """What a member may do for the organisation."""

    MANAGER = "manager", _("manager: everything")
    MEMBER = "member", _("member: spaces and requests")
    DEPUTY = "deputy", _("deputy: stands in for a manager")


class OrganisationQuerySet(ScopedQuerySet["Organisation"]):
    """Organisations by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the organisations that a person belongs to or serves as matchmaker, departments included."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        own = models.Q(memberships__person=viewer) | models.Q(parent__memberships__person=viewer)
        served = models.Q(programmes__roles__person=viewer)
        return self._scoped().filter(own | served).distinct()

    def of_member(self, person: Person) -> Self:
        """Return the organisations a person acts for: their own and the departments under it."""
        own = models.Q(memberships__person=person) | models.Q(parent__memberships__person=person)
        return self._scoped().filter(own).distinct()


class Organisation(OwnedModel):
    """A host, an initiative or a partner; a department stands under its housing organisation."""

    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices, default=Kind.OTHER)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="departments", verbose_name=_("part of")
    )
    verification = models.CharField(
        _("verification"), max_length=12, choices=Verification.choices, default=Verification.UNVERIFIED
    )
    register_number = models.CharField(_("number in the business register"), max_length=40, blank=True)
    line_of_work = models.CharField(_("line of work"), max_length=80, blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector.choices, blank=True)
    about = models.TextField(_("about the organisation"), blank=True)
    website = models.URLField(_("website"), blank=True)
    questions_a_week = models.PositiveSmallIntegerField(
        _("how many questions a week it can carry"), null=True, blank=True, default=5
    )
    is_made_up = models.BooleanField(default=False)
    people = models.ManyToManyField(Person, through="Membership", related_name="organisations")

    objects = ScopedManager.from_queryset(OrganisationQuerySet)()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="organisation_is_not_its_own_parent"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def company_sector(self) -> str:
        """The sector of a company; "" for everybody else."""
        return sector_of_company(self.kind, self.sector)


class MembershipQuerySet(ScopedQuerySet["Membership"]):
    """Memberships by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the memberships of the organisations that a viewer may see."""
        return self._scoped().filter(organisation__in=Organisation.objects.visible_to(viewer).values("id"))

    def of_person(self, person: Person) -> Self:
        """Return the memberships of one person."""
        return self._scoped().filter(person=person)


class Membership(OwnedModel):
    """A person acts for an organisation, with an account of their own."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)

    objects = ScopedManager.from_queryset(MembershipQuerySet)()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "organisation"], name="membership_once_per_organisation"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class InvitationQuerySet(ScopedQuerySet["Invitation"]):
    """Invitations by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the invitations of the organisations that a person acts for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        return self._scoped().filter(organisation__in=Organisation.objects.of_member(viewer).values("id"))

    def of_token(self, token_hash: str) -> Self:
        """Return the invitation that a link opens: whoever has the link may."""
        return self._scoped().filter(token_hash=token_hash)


class Invitation(OwnedModel):
    """An invitation for one e-mail address, for seven days, once; the link holds the token, the row its hash."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    invited_by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(InvitationQuerySet)()

    def __str__(self) -> str:
        return str(self.pk)
