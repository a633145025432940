"""Why somebody says no: two closed lists. None of them is about who the people are."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meervoud.matching.models import Side

HOST: Final[Mapping[str, str | Promise]] = {
    "time": _("the time does not suit us"),
    "too_often": _("it is too often for us"),
    "too_many": _("it is too many people for this space"),
    "activity": _("this activity is not possible here"),
    "not_now": _("the space is not available now after all"),
    "enough": _("we help enough groups at this moment"),
}
ASKER: Final[Mapping[str, str | Promise]] = {
    "time": _("the time does not suit us"),
    "too_far": _("it is too far away"),
    "too_small": _("it is too small"),
    "too_large": _("it is too large"),
    "too_dear": _("it costs too much"),
    "not_there": _("something we need is not there"),
    "found": _("we have found another space"),
}
REASONS: Final[Mapping[str, Mapping[str, str | Promise]]] = {Side.HOST: HOST, Side.ASKER: ASKER}
