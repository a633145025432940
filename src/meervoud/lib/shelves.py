"""Which counter an address of the network uses: a number that many share, so that the address itself is never kept."""

import hashlib
from typing import Final

from django.conf import settings
from django.http import HttpRequest

SHELVES: Final = 65_536
"""Among how many counters the addresses without a key are shared out: their number is bounded and names nobody."""


def shelf_of(request: HttpRequest) -> int:
    """Return the number of the counter of an address; the address itself is not kept."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:  # a server of ours stands in front and writes who asked at the end
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    digest = hashlib.sha256(f"{settings.SECRET_KEY} {address}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % SHELVES
