"""What the valuation of impact refuses, by its code."""

from typing import Final

IMPACT: Final[dict[str, str]] = {
    "case_unreadable": "%(file)s is no case to value. Start from the example in the manual.",
    "case_place": "In %(file)s something is missing, unknown or of the wrong kind: %(place)s. Mend it there.",
    "range_unusable": "“%(what)s” has no usable range. Give the lowest, the most likely and the highest in this order.",
    "index_missing": "There is no price index of %(country)s from %(first)s to %(last)s. Add it, or choose another year.",
    "rate_missing": "There is no rate from %(of)s to %(into)s in %(year)s. Add it, or use a price in %(into)s.",
    "discount_unusable": "The discount rates of %(country)s do not begin in the first year. Give a rate from year 0 on.",
    "unit_differs": "“%(claim)s” is counted in %(unit)s, and its price is per %(other)s. Choose another price or measure.",
    "no_years": "“%(claim)s” lasts no year. Give at least one year.",
    "price_year_later": "The price of “%(claim)s” is of a year after the base year. Choose a later base year.",
    "proxy_unread": "Nobody read the price %(proxy)s in its source. Read it there first.",
    "proxy_year": "The price %(proxy)s has no price year, so it cannot be brought to another year. Say of which year it is.",
    "proxy_source": "The price %(proxy)s has no currency or no source. Fill in both.",
    "proxy_order": "The range of the price %(proxy)s is not in order. Check the lowest, the likely and the highest.",
    "proxy_twice": "The price %(proxy)s stands there twice, with other figures. Give each price a code of its own.",
    "share_unusable": "A share of “%(claim)s” is not between 0 and 1: %(what)s. Give a share between 0 and 1.",
    "share_reason": "A share of “%(claim)s” has no reason: %(what)s. Write one; 0 needs a reason too.",
    "input_unusable": "The input “%(what)s” has a name that stands there twice, an amount below 0, or a year after the "
    "horizon. Check it.",
    "claim_name": "Two claims are both called “%(claim)s”. Give one another name.",
    "sums_too_large": "The amounts are too large to add up. Check their units.",
    "counted_twice": "Something is counted twice. Look at what is said beside it.",
    "more_answers_than_asked": "%(answered)s people answered, and %(asked)s were asked. Check how many were asked.",
    "score_outside": "A score is not between %(low)s and %(high)s. Check that both waves are of the same scale.",
    "k_too_small": "Groups this small are too small to tell anything of. Choose at least 5.",
    "answer_unusable": "“%(value)s” is no answer to question %(question)s. Check the sheet.",
}

ISSUES: Final[dict[str, str]] = {
    "D1": "“%(outcome)s” is valued more than once for %(stakeholder)s. Keep one price for it.",
    "D2": "The wellbeing of %(stakeholder)s is valued more than once. Keep one: they overlap.",
    "D3": "Health and care costs of %(stakeholder)s are both valued. Name a different payer for each.",
    "D4": "The hours of %(stakeholder)s stand there twice: as input or wellbeing, and as outcome. Keep one of the two.",
    "D5": "Saved rent is valued, and the space is not among the inputs for as much. Put the same amount in as an input.",
    "D6": "For %(stakeholder)s, “%(outcome)s” is valued, and what leads to it too. Keep the last one.",
    "D7": "Together more than all of “%(what)s” is claimed. Agree on shares that add up to at most 1.",
    "D9": "“%(claim)s” claims %(people)s people, and the ledger has %(known)s that came often enough.",
    "B1": "The deadweight of “%(claim)s” is outside what most reports have, 5 to 50 percent. Say why.",
    "B2": "The share of others in “%(claim)s” is outside what most reports have, 10 to 53 percent. Say why.",
    "B3": "The drop-off of “%(claim)s” is outside what most reports have, 10 to 50 percent. Say why.",
    "B4": "The displacement of “%(claim)s” is outside what most reports have, 5 to 50 percent. Say why.",
    "B5": "What comes out for each 1 put in is outside what most reports have, 1.3 to 11.4. Say why.",
}
"""Issues by their code; see core.impact.issues."""
