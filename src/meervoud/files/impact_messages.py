"""What the valuation of impact refuses, by its code."""

from typing import Final

IMPACT: Final[dict[str, str]] = {
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
    "counted_twice": "Something is counted twice. Look at what is said beside it.",
    "more_answers_than_asked": "%(answered)s people answered, and %(asked)s were asked. Check how many were asked.",
    "score_outside": "A score is not between %(low)s and %(high)s. Check that both waves are of the same scale.",
    "k_too_small": "Groups this small are too small to tell anything of. Choose at least 5.",
    "answer_unusable": "“%(value)s” is no answer to question %(question)s. Check the sheet.",
}
