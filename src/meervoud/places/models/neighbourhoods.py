"""Neighbourhoods of a programme, and what is known about them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import BaseModel
from meervoud.parties.models import Programme


class Neighbourhood(BaseModel):
    """A named area; `kind` water is drawn on the map and holds no spaces."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="neighbourhoods")
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=20, default="neighbourhood")
    outline = models.JSONField(_("outline"), help_text=_("GeoJSON geometry in WGS84."))
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    needs = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("neighbourhood")
        verbose_name_plural = _("neighbourhoods")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=["programme", "code"], name="neighbourhood_code_once_per_programme"),
        )

    def __str__(self) -> str:
        return self.name


class Indicator(BaseModel):
    """A figure about a neighbourhood, with its year and source."""

    neighbourhood = models.ForeignKey(Neighbourhood, models.CASCADE, related_name="indicators")
    name = models.CharField(_("name"), max_length=80)
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.FloatField(_("value"))
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["neighbourhood", "name", "year"], name="indicator_once_per_year"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.year}"
