"""The tables of WHERE."""

from meervoud.places.models.buildings import Building
from meervoud.places.models.clusters import Cluster
from meervoud.places.models.neighbourhoods import Indicator, Neighbourhood
from meervoud.places.models.spaces import Atom, Photo, Space

__all__ = ["Atom", "Building", "Cluster", "Indicator", "Neighbourhood", "Photo", "Space"]
