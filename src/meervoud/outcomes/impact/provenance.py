"""Where a claim comes from: the ledger with its hash, the waves, the price with its source, each share with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from meervoud.lib.saying import spoken
from meervoud.outcomes.impact.book import Content
from meervoud.outcomes.impact.measures import name_of_measure
from meervoud.outcomes.impact.run_words import cap_words
from meervoud.outcomes.impact.screens.shares import SHARES
from meervoud.outcomes.models.surveys import name_of_round


@dataclass(frozen=True)
class Source:
    """One thing that a claim rests on: what it is, and what is known of it."""

    name: str
    lines: list[str]
    code: str = ""


@dataclass(frozen=True)
class Provenance:
    """A claim with everything it rests on."""

    key: str
    cap: str
    sources: list[Source]


def claim_words(value: Content, waves: Iterable[Content], number: int) -> Provenance | None:
    """Return where a claim comes from; None where there is no such claim.

    Args:
        value: a run, as report_facts.value_of tells it.
        waves: of the plan, as report_facts.wave_facts tells them.
        number: of the claim, from 1 on.
    """
    claims = value["sources"]["claims"]
    if not 1 <= number <= len(claims):
        return None
    key, told = sorted(claims.items())[number - 1]
    sources = [
        _ledger(value["sources"]["extract"]),
        *_waves(waves, told),
        _price(told["proxy"]),
        *_shares(told["shares"]),
    ]
    return Provenance(key, cap_words(told), sources)


def _ledger(told: Content) -> Source:
    said = spoken()
    first, last = (date.fromisoformat(told[name]) for name in ("first", "last"))
    gaps = {"rows": said.number(told["rows"]), "period": said.period(first, last)}
    hours = _("%(hours)s hours together") % {"hours": said.number(round(told["minutes"] / 60, 1))}
    return Source(_("The ledger"), [_("%(rows)s realised moments, %(period)s") % gaps, hours], told["sha256"])


def _waves(waves: Iterable[Content], told: Content) -> list[Source]:
    said = [say_wave(each) for each in waves if each["id"] in told["waves"]]
    name = name_of_measure(told["measure"])
    return [Source(_("The questions that people answered: %(name)s") % {"name": name}, said)] if said else []


def say_wave(told: Content) -> str:
    """Return when people were asked, and which share of them answered."""
    first, last = (date.fromisoformat(told[name]) for name in ("first", "last"))
    gaps = {
        "when": name_of_round(told["moment"], told.get("round", 1)),
        "period": spoken().period(first, last),
    }
    if told["response"] is None:
        return _("%(when)s: %(period)s") % gaps
    return _("%(when)s: %(period)s, %(share)s answered") % {**gaps, "share": spoken().percent(told["response"])}


def _price(proxy: Content) -> Source:
    low, high = (proxy[name] for name in ("low", "high"))
    reach = _("no range was published") if low is None or high is None else f"{low} - {high}"
    gaps = {"value": proxy["value"], "currency": proxy["currency"], "unit": proxy["unit"], "reach": reach}
    return Source(
        _("The price %(code)s") % {"code": proxy["code"]},
        [
            _("%(value)s %(currency)s for one %(unit)s (%(reach)s)") % gaps,
            _("In prices of %(year)s") % {"year": proxy["price_year"]},
            _("Source: %(source)s") % {"source": proxy["source"]},
        ],
    )


def _shares(told: Content) -> list[Source]:
    return [Source(str(label), [say_share(told[name])]) for name, label in SHARES.items()]


def say_share(told: Content) -> str:
    """Return a share that was taken off, with its reason."""
    shape: Any = told["share"]  # Any: JSON of one of the shapes
    percent = spoken().percent
    if "mode" in shape:
        gaps = {"low": percent(shape["low"]), "high": percent(shape["high"]), "likely": percent(shape["mode"])}
        said = _("between %(low)s and %(high)s, most likely %(likely)s") % gaps
    else:
        said = percent(likely_share(told))
    return _("%(share)s: %(reason)s") % {"share": said, "reason": told["reason"]}


def likely_share(told: Content) -> float:
    """Return the most likely value of a share, 0-1."""
    shape: Any = told["share"]  # Any: JSON of one of the shapes
    found: float = shape.get("mode", shape.get("value", shape.get("mean", 0)))
    return found
