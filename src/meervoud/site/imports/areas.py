"""Sheets of neighbourhoods and of figures about them: compared with those of a programme, and written to them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from meervoud.files.run import needs_of
from meervoud.files.sources.geojson import Area
from meervoud.places.models import Building, Indicator, Neighbourhood
from meervoud.site.imports.differences import Difference, Setting, Stored, Values, cut_text
from meervoud.site.imports.faults import RowError
from meervoud.site.imports.indicator_rows import IndicatorRow
from meervoud.site.imports.lookups import BATCH, Neighbourhoods
from meervoud.site.imports.space_changes import batches, update_rows
from meervoud.site.imports.space_rows import settle_all

LONGEST: Final = {"key": 60, "name": 120, "kind": 20}
DECIMALS: Final = 5  # about a metre
POINT: Final = ["public_latitude", "public_longitude", "morton", "neighbourhood"]


class Areas:
    """The neighbourhoods of a programme, as GeoJSON has them."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting

    def stored(self, keys: frozenset[str] | None = None, *, things: frozenset[UUID] | None = None) -> list[Stored]:
        """Return the neighbourhoods with these codes; see Subject."""
        rows = Neighbourhood.objects.filter(programme=self.setting.programme)
        if things is not None:
            rows = rows.filter(pk__in=things)
        return [_stored_area(each) for each in rows if keys is None or each.code in keys]

    def said(self, thing: Area) -> tuple[str, Values]:
        """Return what a feature says; one without a code goes by its name; see Subject."""
        values: Values = {
            "key": thing.code or thing.name[:60],
            "name": thing.name,
            "kind": thing.indicators.get("kind") or "neighbourhood",
            "outline": rounded(thing.polygon),
            "needs": needs_of(thing),
        }
        cut_text(LONGEST, values)
        return str(values.pop("key")), values

    def settled(self, before: Values | None, after: Values) -> Values:
        """Return what a feature says as it is; see Subject."""
        del before
        return after

    def clashing(self, differences: Sequence[Difference]) -> Mapping[str, RowError]:
        """Return nothing: each stands by itself; see Subject."""
        del differences
        return {}

    def create(self, things: Mapping[UUID, Difference]) -> None:
        """Make the new neighbourhoods, and put the buildings in them that lie in none; see Subject."""
        programme = self.setting.programme
        made = [Neighbourhood(id=thing, programme=programme, code=each.key) for thing, each in things.items()]
        for area in made:
            _apply(area, things[area.pk].after)
        Neighbourhood.objects.bulk_create(made, batch_size=BATCH)
        self._settle_homeless()

    def _settle_homeless(self) -> None:
        everybody = Building.objects.every(because="new neighbourhoods get the buildings that lie in them")
        homeless = everybody.filter(programme=self.setting.programme, neighbourhood=None, latitude__isnull=False)
        buildings = list(homeless.select_related("programme"))
        settle_all(Neighbourhoods(self.setting.programme), buildings)
        update_rows(everybody, buildings, POINT)

    def change(self, values: Mapping[UUID, Values]) -> None:
        """Give neighbourhoods other values; buildings stay in the one they were put in; see Subject."""
        rows = Neighbourhood.objects.filter(programme=self.setting.programme, pk__in=list(values))
        for area in rows:
            _apply(area, values[area.pk])
            area.save()


def _stored_area(row: Neighbourhood) -> Stored:
    values: Values = {"name": row.name, "kind": row.kind, "outline": row.outline, "needs": row.needs}
    return Stored(row.code, row.pk, row.name, values)


def _apply(area: Neighbourhood, values: Values) -> None:
    for name in ("name", "kind", "outline", "needs"):
        if name in values:
            setattr(area, name, values[name])
    area.west, area.south, area.east, area.north = shape(area.outline).bounds


def rounded(polygon: BaseGeometry) -> dict[str, Any]:  # Any: GeoJSON
    """Return an outline as GeoJSON, in degrees of about a metre; one that would vanish stays as it is."""
    coarse = shapely.set_precision(polygon, 10**-DECIMALS)
    outline = json.dumps(mapping(polygon if coarse.is_empty else coarse))
    return dict(json.loads(outline, parse_float=lambda text: round(float(text), DECIMALS)))


class Indicators:
    """The figures about the neighbourhoods of a programme."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        rows = Neighbourhood.objects.filter(programme=setting.programme)
        self._areas = {each.code: each for each in rows}

    def stored(self, keys: frozenset[str] | None = None, *, things: frozenset[UUID] | None = None) -> list[Stored]:
        """Return the figures with these keys; see Subject."""
        rows = Indicator.objects.filter(neighbourhood__programme=self.setting.programme).select_related("neighbourhood")
        if things is not None:
            rows = rows.filter(pk__in=things)
        found = [(_key(each.neighbourhood.code, each.name, each.year), each) for each in rows]
        return [Stored(key, each.pk, key, _figure(each)) for key, each in found if keys is None or key in keys]

    def said(self, thing: IndicatorRow) -> tuple[str, Values]:
        """Return what a row says; see Subject."""
        if thing.code not in self._areas:
            raise RowError("import_area_code", column="code", shown=thing.code, value=thing.code)
        return _key(thing.code, thing.name, thing.year), {
            "code": thing.code,
            "indicator": thing.name,
            "year": thing.year,
            "value": thing.value,
            "unit": thing.unit,
            "source": thing.source,
        }

    def settled(self, before: Values | None, after: Values) -> Values:
        """Return what a row says, a value of 0 too; see Subject."""
        del before
        return {"value": 0.0, **after}

    def clashing(self, differences: Sequence[Difference]) -> Mapping[str, RowError]:
        """Return nothing: each stands by itself; see Subject."""
        del differences
        return {}

    def create(self, things: Mapping[UUID, Difference]) -> None:
        """Make the new figures; see Subject."""
        made = [
            Indicator(
                id=thing,
                neighbourhood=self._areas[each.after["code"]],
                name=each.after["indicator"],
                year=each.after["year"],
                value=each.after["value"],
                unit=each.after.get("unit", ""),
                source=each.after["source"],
            )
            for thing, each in things.items()
        ]
        Indicator.objects.bulk_create(made, batch_size=BATCH)

    def change(self, values: Mapping[UUID, Values]) -> None:
        """Give figures other values; see Subject."""
        for ids in batches(list(values)):
            found = list(Indicator.objects.filter(pk__in=ids, neighbourhood__programme=self.setting.programme))
            for each in found:
                for name in ("value", "unit", "source"):
                    setattr(each, name, values[each.pk].get(name, getattr(each, name)))
            Indicator.objects.bulk_update(found, ["value", "unit", "source"], batch_size=BATCH)


def _key(code: str, name: str, year: int) -> str:
    return f"{code} / {name} / {year}"


def _figure(row: Indicator) -> Values:
    values: Values = {"code": row.neighbourhood.code, "indicator": row.name, "year": row.year}
    return values | {"value": row.value, "unit": row.unit, "source": row.source}
