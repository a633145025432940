"""What a programme settles about its figures: what a square metre is worth, targets, its own costs, and values of others."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager
from meervoud.matching.models.leads import StaffQuerySet
from meervoud.parties.models import Organisation, Programme


class Figure(models.TextChoices):
    """The headlines."""

    HOURS = "hours", _("usage hours")
    MOMENTS = "moments", _("usage moments")
    PEOPLE = "people", _("people")
    VISITS = "visits", _("visits")
    DOUBLE_USE = "double_use", _("double use in m2")
    M2_HOURS = "m2_hours", _("double use in m2-hours")
    REUSE = "reuse", _("re-use in m2")
    HOSTS = "hosts", _("hosts")
    INITIATIVES = "initiatives", _("initiatives")
    CONTRIBUTION = "contribution", _("host contribution in kind")


COUNTED: Final = (
    Figure.HOURS,
    Figure.MOMENTS,
    Figure.PEOPLE,
    Figure.VISITS,
    Figure.DOUBLE_USE,
    Figure.HOSTS,
    Figure.INITIATIVES,
)
"""The headlines that a programme can set a target for."""


class FigureTerms(OwnedModel):
    """What one m2 for one hour is worth in this programme, and the hall that areas are compared with. One choice, kept fixed.

    Without a row the parameters of Meervoud hold; see files/impact/parameters.py.
    """

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="figure_terms")
    tariff_low = models.DecimalField(_("lowest, per m2 and hour"), max_digits=8, decimal_places=4)
    tariff = models.DecimalField(_("most likely, per m2 and hour"), max_digits=8, decimal_places=4)
    tariff_high = models.DecimalField(_("highest, per m2 and hour"), max_digits=8, decimal_places=4)
    tariff_year = models.PositiveSmallIntegerField(_("year of this price"))
    tariff_source = models.CharField(_("source of this price"), max_length=300)
    hall_name = models.CharField(_("a hall that people know"), max_length=80, blank=True)
    hall_m2 = models.PositiveIntegerField(_("its floor in m2"), null=True, blank=True)
    hall_source = models.CharField(_("source of its floor"), max_length=300, blank=True)
    hall_year = models.PositiveSmallIntegerField(_("year of that source"), null=True, blank=True)

    objects = ScopedManager.from_queryset(StaffQuerySet)()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    tariff_low__gt=0, tariff_low__lte=models.F("tariff"), tariff__lte=models.F("tariff_high")
                ),
                name="a_tariff_lies_between_its_lowest_and_highest",
            ),
            models.CheckConstraint(
                condition=models.Q(hall_name="")
                | models.Q(hall_m2__gt=0, hall_year__isnull=False) & ~models.Q(hall_source=""),
                name="a_hall_has_a_floor_with_a_source",
            ),
        )

    def __str__(self) -> str:
        return str(self.tariff)


class Target(OwnedModel):
    """What a programme wants to reach in a period."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="targets")
    figure = models.CharField(_("figure"), max_length=12, choices=[(each.value, each.label) for each in COUNTED])
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    amount = models.PositiveIntegerField(_("how much"))

    objects = ScopedManager.from_queryset(StaffQuerySet)()

    class Meta:
        ordering = ("first", "figure")
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "figure", "first", "last"], name="one_target_for_a_figure_and_period"
            ),
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="target_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return f"{self.figure} {self.amount}"


class Cost(OwnedModel):
    """What a programme itself costs: the matchmaker, the platform, the insurance. Spread evenly over its days."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="costs")
    what = models.CharField(_("what for"), max_length=120)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    cents = models.PositiveBigIntegerField(_("amount"))

    objects = ScopedManager.from_queryset(StaffQuerySet)()

    class Meta:
        ordering = ("first", "what")
        constraints = (
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="cost_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return self.what


class PortfolioValue(OwnedModel):
    """What somebody says that the initiatives themselves are worth: typed in with its source, and never added to anything."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="portfolio_values")
    initiative = models.ForeignKey(Organisation, models.SET_NULL, null=True, blank=True, related_name="+")
    cents = models.PositiveBigIntegerField(_("amount"))
    is_at_least = models.BooleanField(_("the source says: at least"), default=False)
    initiatives = models.PositiveIntegerField(_("of how many initiatives"), default=1)
    year = models.PositiveSmallIntegerField(_("year of this figure"))
    source = models.CharField(_("source"), max_length=300)

    objects = ScopedManager.from_queryset(StaffQuerySet)()

    class Meta:
        ordering = ("-year", "source")
        constraints = (
            models.CheckConstraint(condition=~models.Q(source=""), name="a_value_of_others_has_a_source"),
            models.CheckConstraint(condition=models.Q(initiatives__gte=1), name="a_value_is_of_some_initiative"),
        )

    def __str__(self) -> str:
        return self.source
