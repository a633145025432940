"""The clusters of the map: how many public points lie in a cell of each zoom level."""

from django.db import models

from meervoud.lib.models import BaseModel
from meervoud.parties.models import Programme


class Cluster(BaseModel):
    """One cell of one zoom level: how many points, and the sum of their degrees, so that the middle follows."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    zoom = models.PositiveSmallIntegerField()
    cell = models.BigIntegerField()
    points = models.IntegerField(default=0)
    sum_latitude = models.FloatField(default=0)
    sum_longitude = models.FloatField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["programme", "zoom", "cell"], name="cluster_once_per_cell"),)

    def __str__(self) -> str:
        return f"{self.zoom}/{self.cell}"
