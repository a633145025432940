"""Public pages for search engines: a moment to which everybody may come, in the words of schema.org."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from meervoud.site.templatetags.linked_data import ESCAPES
from meervoud.usage.events import PublicEvent

register = template.Library()


@register.simple_tag
def event_data(event: PublicEvent) -> SafeString:
    """Return a moment as JSON-LD in a block of data; a browser runs nothing of it."""
    text = json.dumps(as_schema_org_event(event), ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308  # escaped above


def as_schema_org_event(event: PublicEvent) -> dict[str, Any]:  # Any: values of JSON
    """Return what everybody may know of a moment as an Event; the street stands nowhere."""
    address = settings.BASE_URL + reverse("event", args=[event.id])
    where = {"@type": "PostalAddress", "addressLocality": event.city}
    place: dict[str, Any] = {
        "@type": "Place",
        "name": event.room or event.neighbourhood or event.city,
        "address": where,
        "url": settings.BASE_URL + reverse("space", args=[event.offer]) if event.offer else "",
        "containedInPlace": {"@type": "Place", "name": event.neighbourhood} if event.neighbourhood else None,
    }
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": event.title,
        "startDate": event.starts_at.isoformat(),
        "endDate": event.ends_at.isoformat(),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "eventStatus": f"https://schema.org/{'EventScheduled' if event.is_on else 'EventCancelled'}",
        "location": {key: value for key, value in place.items() if value},
    }
    if event.organiser:
        said["organizer"] = {"@type": "Organization", "name": event.organiser}
    return said
