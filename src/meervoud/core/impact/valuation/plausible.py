"""What other reports have: a figure far outside is a warning that asks for a reason, never a correction.

The bands are the 10th to 90th percentile, where a report has the adjustment at all, of 383 published reports on social return
(jcmunozmora/sroi-meta-analysis, CC BY 4.0, percentiles computed anew; reference/impact.md 0 and 3.6). A language model read
them, so they warn and are never a default.
"""

from collections.abc import Iterator
from typing import Final

from meervoud.core.impact.issues import Issue, warning
from meervoud.core.impact.valuation.case import Case
from meervoud.core.impact.valuation.uncertain import most_likely

BANDS: Final = {
    "deadweight": ("B1", 0.05, 0.50),
    "attribution_to_others": ("B2", 0.10, 0.53),
    "drop_off": ("B3", 0.10, 0.50),
    "displacement": ("B4", 0.05, 0.50),
}
RATIO: Final = ("B5", 1.3, 11.4)


def unusual(case: Case, ratio: float | None) -> Iterator[Issue]:
    """Yield a warning for each figure outside what other reports have, and that has no reason of its own in the case.

    Args:
        case: whose adjustments are looked at; 0 is outside.
        ratio: value for each unit put in, most likely; None where nothing was put in.
    """
    reasons = case.reasons or {}
    for claim in case.claims:
        for name, (code, low, high) in BANDS.items():
            share = most_likely(getattr(claim, name).share)
            lasts_one_year = name == "drop_off" and claim.years == 1
            if not low <= share <= high and not lasts_one_year and not reasons.get(f"{code} {claim.key}"):
                text = (
                    f"The {name} of “{claim.key}” is {share:.0%}; most reports have {low:.0%} to {high:.0%}. Say why."
                )
                yield warning(code, [claim.key], text, claim=claim.key)
    code, low, high = RATIO
    if ratio is not None and not low <= ratio <= high and not reasons.get(code):
        text = f"The ratio is {ratio:.2g}; most reports have {low} to {high}. Say why."
        yield warning(code, [], text)
