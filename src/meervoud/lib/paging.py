"""What leads back and forth from a page of a list."""

from typing import Any

from django.http import HttpRequest


def page_links(request: HttpRequest, number: int, pages: int) -> dict[str, Any]:  # Any: see pagination.html
    """Return what leads back and forth from a page of a list; everything else in the address stays as it is."""

    def address(other: int) -> str:
        values = request.GET.copy()
        values["page"] = str(other)
        return f"?{values.urlencode()}" if 1 <= other <= pages else ""

    return {"number": number, "pages": pages, "previous_url": address(number - 1), "next_url": address(number + 1)}
