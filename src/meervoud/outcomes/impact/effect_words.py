"""What changed, in words: the interval first, in which direction is better, and with few people little."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meervoud.core.impact.effects import Gate
from meervoud.files.impact.scales import read_scales
from meervoud.lib.saying import spoken
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.impact.measures import name_of_measure


def say_effect(indicator: str, told: Facts) -> str:
    """Return what changed on a scale, in sentences of the page's language.

    Args:
        indicator: id of the scale.
        told: as report_facts.effect_facts tells it.
    """
    name, gate = name_of_measure(indicator), told["gate"]
    if gate == Gate.NOTHING:
        return _(
            "%(name)s: nothing is shown. Fewer than five people answered twice, or a few answers changed since."
        ) % {"name": name}
    said = [_change(told, name), _direction(indicator)]
    if gate == Gate.SMALL_GROUP:
        said.append(_("It is a small group."))
    if gate == Gate.MEAN:
        said.append(_("It is a very small group: there is no interval."))
    return " ".join(said)


def say_cautious(told: Facts) -> str:
    """Return the change that counts who did not answer again as unchanged; "" where that cannot be told."""
    if not told.get("cautious"):
        return ""
    number = spoken().number
    low, mean, high = told["cautious"]
    if low is None or high is None:
        said = _("Counting who did not answer again as unchanged: %(mean)s on average.")
        return said % {"mean": number(round(mean, 2))}
    gaps = {"low": number(round(low, 2)), "high": number(round(high, 2)), "mean": number(round(mean, 2))}
    return (
        _("Counting who did not answer again as unchanged: between %(low)s and %(high)s, most likely about %(mean)s.")
        % gaps
    )


def say_cares(told: Facts) -> list[str]:
    """Return what to look at with care about a change."""
    known = {
        "regression_to_mean": _(
            "People began at the bad end of the scale: part of the change may be chance that evens out."
        ),
        "many_left": _("More people did not answer again than did."),
    }
    return [known[each] for each in told.get("warnings", []) if each in known]


def _change(told: Facts, name: str) -> str:
    number, (low, mean, high) = spoken().number, told["change"]
    gaps = {
        "name": name,
        "mean": number(round(mean, 2)),
        "before": number(round(told["before"], 1)),
        "after": number(round(told["after"], 1)),
        "people": number(told["pairs"]),
    }
    if low is None or high is None:
        said = ngettext(
            "%(name)s: on average %(mean)s, from %(before)s to %(after)s, of %(people)s person who answered twice.",
            "%(name)s: on average %(mean)s, from %(before)s to %(after)s, of %(people)s people who answered twice.",
            told["pairs"],
        )
        return said % gaps
    gaps |= {"low": number(round(low, 2)), "high": number(round(high, 2))}
    said = _(
        "%(name)s: between %(low)s and %(high)s, most likely about %(mean)s (from %(before)s to %(after)s), "
        "of %(people)s people who answered twice."
    )
    return said % gaps


def _direction(indicator: str) -> str:
    known = read_scales().get(indicator)
    is_lower = known is not None and known.scale is not None and known.scale.is_lower_better
    return _("A lower score is better.") if is_lower else _("A higher score is better.")
