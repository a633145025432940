"""Public pages for search engines: what a space is, in the words of schema.org."""

import json
from typing import Any, Final

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from meervoud.supply.public import PublicOffer

register = template.Library()
ESCAPES: Final = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}  # else a text could end the script


@register.simple_tag
def linked_data(offer: PublicOffer) -> SafeString:
    """Return an offer as JSON-LD in a block of data; a browser runs nothing of it."""
    text = json.dumps(as_schema_org(offer), ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308  # escaped above


def as_schema_org(offer: PublicOffer) -> dict[str, Any]:  # Any: values of JSON
    """Return what everybody may know of an offer as a Place with an Offer; what is not known is left out."""
    address = settings.BASE_URL + reverse("space", args=[offer.id])
    place: dict[str, Any] = {
        "@type": "Place",
        "name": offer.name,
        "description": offer.description,
        "maximumAttendeeCapacity": offer.capacity,
        "photo": [settings.BASE_URL + reverse("photo", args=[each.id, "large"]) for each in offer.photos],
    }
    if offer.latitude is not None and offer.longitude is not None:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": offer.latitude, "longitude": offer.longitude}
    if offer.neighbourhood:
        place["containedInPlace"] = {"@type": "Place", "name": offer.neighbourhood}
    said = {
        "@context": "https://schema.org",
        "@type": "Offer",
        "@id": address,
        "url": address,
        "name": offer.name,
        "offeredBy": {"@type": "Organization", "name": offer.host},
        "itemOffered": {key: value for key, value in place.items() if value not in (None, "", [])},
    }
    return {**said, **_price(offer)}


def _price(offer: PublicOffer) -> dict[str, Any]:  # Any: values of JSON
    if offer.price_kind == "free":
        return {"price": "0", "priceCurrency": offer.currency}
    if offer.price_kind != "price" or offer.price_cents is None:
        return {}
    unit = {"hour": "HUR", "month": "MON"}[offer.price_per]  # the codes of UN/CEFACT
    amount = f"{offer.price_cents / 100:.2f}"
    price = {"@type": "UnitPriceSpecification", "price": amount, "priceCurrency": offer.currency, "unitCode": unit}
    return {"priceSpecification": price}
