"""What every page knows: the programme, its desk, who looks."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from meervoud.parties.current import programme_of


def house(request: HttpRequest) -> dict[str, object]:
    """Return the values that the base template shows on every page."""
    return {
        "programme": SimpleLazyObject(lambda: programme_of(request)),
        "languages": settings.LANGUAGES,
        "is_demo": settings.IS_DEMO,
        "map_tile_url": settings.MAP_TILE_URL,
        "map_attribution": settings.MAP_ATTRIBUTION,
    }
