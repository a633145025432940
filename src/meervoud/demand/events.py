"""What happens in this room that later rooms may react to."""

from dataclasses import dataclass

from meervoud.demand.models import Request


@dataclass(frozen=True)
class RequestClosed:
    """A request was withdrawn or has expired: nobody should answer it any more."""

    request: Request
