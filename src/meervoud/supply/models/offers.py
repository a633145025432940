"""Offers: what a host lends, to do what, when, on which terms."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.core.engine.types.vocabulary import Lend as EngineLend
from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import M, ScopedManager, ScopedQuerySet
from meervoud.parties.models import Organisation, Person, Programme, ProgrammeRole, Viewer
from meervoud.places.models import Space


class State(models.TextChoices):
    """Where an offer stands; see lifecycle.py for the moves."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("online")
    PAUSED = "paused", _("paused")
    ENDED = "ended", _("ended")


class Length(models.TextChoices):
    """For how long a space is lent at a time."""

    HOURS = "hours", _("by the hour")
    WHOLE = "whole", _("as a whole, for months or years")


class PriceKind(models.TextChoices):
    """What a group pays; "" is not said."""

    FREE = "free", _("free")
    COST_SHARE = "cost_share", _("a share of the costs, by what the group can pay")
    PRICE = "price", _("a price")


class Lend(models.TextChoices):
    """Which hours are lent."""

    INSIDE = "inside", _("in these hours")
    OUTSIDE = "outside", _("outside these hours: then we use it ourselves")
    ALWAYS = "always", _("day and night")

    @property
    def as_engine(self) -> EngineLend:
        """The same word in the engine."""
        words: dict[str, EngineLend] = {"inside": "inside", "outside": "outside", "always": "always"}
        return words[self.value]


class CostBearer(models.TextChoices):
    """Who bears what an evening costs the host; "" is not said."""

    HOST = "host", _("we do")
    INITIATIVE = "initiative", _("the group")
    PROGRAMME = "programme", _("the programme")


class OfferQuerySet(ScopedQuerySet["Offer"]):
    """Offers by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the offers of a person's organisations, and those of the programmes they work for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        hosts = Organisation.objects.of_member(viewer).values("id")
        programmes = ProgrammeRole.objects.of_person(viewer).values("programme")
        return self._scoped().filter(models.Q(host__in=hosts) | models.Q(programme__in=programmes))

    def online(self, programme: Programme) -> Self:
        """Return the offers that everybody may find: published, by a host that was checked, of a public programme."""
        return self._scoped().filter(
            programme=programme, programme__is_public=True, state=State.PUBLISHED, host__verification="verified"
        )


class Offer(OwnedModel):
    """A space that a host lends. Who may come is never limited: a host says what it likes to support."""

    State, Length, PriceKind, Lend, CostBearer = State, Length, PriceKind, Lend, CostBearer

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="offers")
    host = models.ForeignKey(Organisation, models.PROTECT, related_name="offers", verbose_name=_("host"))
    space = models.OneToOneField(Space, models.PROTECT, related_name="offer", verbose_name=_("space"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    length = models.CharField(_("for how long"), max_length=6, choices=Length.choices, default=Length.HOURS)
    from_day = models.DateField(_("from"), null=True, blank=True)
    until_day = models.DateField(_("until"), null=True, blank=True)
    activities = models.JSONField(_("what may be done"), null=True, blank=True)
    no_activities = models.JSONField(_("what may not be done"), default=list, blank=True)
    no_sectors = models.JSONField(_("sectors of companies you do not lend to"), default=list, blank=True)
    loudness = models.CharField(_("how loud it may get"), max_length=10, blank=True)
    causes = models.JSONField(_("causes you like to support"), default=list, blank=True)
    house_rules = models.TextField(_("house rules"), max_length=4000, blank=True)
    price_kind = models.CharField(_("what a group pays"), max_length=10, choices=PriceKind.choices, blank=True)
    price_cents = models.PositiveIntegerField(null=True, blank=True)
    price_per = models.CharField(max_length=5, choices=[("hour", _("hour")), ("month", _("month"))], default="hour")
    evening_costs_cents = models.PositiveIntegerField(null=True, blank=True)
    cost_bearer = models.CharField(_("who pays that"), max_length=10, choices=CostBearer.choices, blank=True)
    buffer_minutes = models.PositiveSmallIntegerField(_("minutes kept free around each use"), default=0)
    notice_days = models.PositiveSmallIntegerField(_("days of notice"), default=0)
    most_evenings_a_month = models.PositiveSmallIntegerField(_("most evenings a month"), null=True, blank=True)
    # the space as a whole, for months or years
    condition = models.TextField(_("condition of the space"), max_length=2000, blank=True)
    works_needed = models.TextField(_("works that are needed"), max_length=2000, blank=True)
    permitted_use = models.TextField(_("permitted use"), max_length=2000, blank=True)
    rent_basis = models.TextField(_("what the rent is based on"), max_length=2000, blank=True)
    approvals = models.TextField(_("approvals that are needed"), max_length=2000, blank=True)
    change_number = models.BigIntegerField(default=0, db_index=True)
    is_made_up = models.BooleanField(default=False)

    objects = ScopedManager.from_queryset(OfferQuerySet)()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until_day__isnull=True)
                | models.Q(from_day__isnull=True)
                | models.Q(until_day__gte=models.F("from_day")),
                name="offer_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~models.Q(price_kind="price") | models.Q(price_cents__isnull=False),
                name="offer_with_a_price_says_how_much",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class OfferPartQuerySet(ScopedQuerySet[M]):
    """What belongs to an offer, by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return what belongs to the offers that a viewer may see."""
        return self._scoped().filter(offer__in=Offer.objects.visible_to(viewer).values("id"))


class OpeningPeriod(OwnedModel):
    """The hours of one season; without days it counts all year."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="periods")
    hours = models.CharField(_("opening hours"), max_length=255, blank=True)
    lend = models.CharField(_("which hours you lend"), max_length=7, choices=Lend.choices, default=Lend.INSIDE)
    first = models.DateField(_("first day"), null=True, blank=True)
    last = models.DateField(_("last day"), null=True, blank=True)

    objects = ScopedManager.from_queryset(OfferPartQuerySet)()

    class Meta:
        ordering = ("first", "created_at")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(first__isnull=True, last__isnull=True) | models.Q(last__gte=models.F("first")),
                name="opening_period_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(lend="always", hours="") | (~models.Q(lend="always") & ~models.Q(hours="")),
                name="opening_period_has_hours_or_is_always",
            ),
        )

    def __str__(self) -> str:
        return self.hours or self.lend


class Closure(OwnedModel):
    """Days on which a space is not lent."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="closures")
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    reason = models.CharField(
        max_length=10, choices=[("closed", _("closed")), ("holiday", _("public holiday"))], default="closed"
    )

    objects = ScopedManager.from_queryset(OfferPartQuerySet)()

    class Meta:
        ordering = ("first",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")), name="closure_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.first}"


class HostCalendar(OwnedModel):
    """The host's own calendar of a space: an uploaded file, or an address that is read again and again."""

    offer = models.OneToOneField(Offer, models.CASCADE, related_name="calendar")
    url = models.CharField(_("address of the calendar"), max_length=500, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    events = models.PositiveIntegerField(default=0)
    fault_code = models.CharField(max_length=60, blank=True)
    fault_values = models.JSONField(default=dict, blank=True)
    clashes = models.PositiveIntegerField(default=0)

    objects = ScopedManager.from_queryset(OfferPartQuerySet)()

    def __str__(self) -> str:
        return str(self.pk)


class ChangeNumber(models.Model):
    """The one counter of changes to supply: each changed offer carries the number of its last change."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="change_number_is_one_row"),)

    def __str__(self) -> str:
        return str(self.number)
