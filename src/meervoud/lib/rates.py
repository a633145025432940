"""Limits on how often somebody does something: a bucket of tokens in the database, so that it holds for every process."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as mark

from meervoud.core.errors import NotAllowedError
from meervoud.lib.models import RateBucket


class TooOftenError(NotAllowedError):
    """Somebody did something too often; `wait_seconds` says when it is possible again."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(mark("You did this very often in a short time. Wait a while and try again, or call the desk."))
        self.wait_seconds = wait_seconds

    def __str__(self) -> str:
        """Say, in the language of the page, when it goes on."""
        minutes = -(-self.wait_seconds // 60)
        said = gettext("You did this very often in a short time. Wait a while and try again, or call the desk.")
        goes_on = ngettext("It goes on in %(minutes)s minute.", "It goes on in %(minutes)s minutes.", minutes)
        return f"{said} {goes_on % {'minutes': minutes}}"


@transaction.atomic
def take_token(key: str, *, most: int, per_seconds: float, now: datetime) -> float:
    """Take one of `most` tokens that fill up again in `per_seconds`, and return how many are left.

    Raises:
        TooOftenError: none is left.
    """
    RateBucket.objects.get_or_create(key=key, defaults={"tokens": float(most), "filled_at": now})
    bucket = RateBucket.objects.select_for_update().get(key=key)
    passed = max((now - bucket.filled_at).total_seconds(), 0.0)
    tokens = min(float(most), bucket.tokens + passed * most / per_seconds)
    if tokens < 1:
        raise TooOftenError(int((1 - tokens) * per_seconds / most) + 1)
    bucket.tokens, bucket.filled_at = tokens - 1, now
    bucket.save(update_fields=["tokens", "filled_at"])
    return bucket.tokens
