"""The pseudonym that joins two sheets of one person: made of a code that only they can make again, and of a key.

The parts of the code are never kept: not in a row, not in the journal, not in a log.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Final

from meervoud.core.errors import InputError
from meervoud.lib.search import fold
from meervoud.outcomes.models import ImpactPlan

LETTERS: Final = 2
DAYS: Final = 31
HEX: Final = 24
"""96 bits, written in base 16."""
CARD: Final = range(3, 21)
_NO_LETTER: Final = re.compile(r"[\W\d_]+")
_BETWEEN: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Code:
    """What a person answered to the three questions, or what stands on their card; it is shown nowhere.

    Attributes:
        mother: her first name, or its first two letters.
        day: of the month of birth, 1-31.
        street: in which they grew up, or its last two letters.
        card: what stands on a card that was handed out; it counts before the three.
    """

    mother: str = field(default="", repr=False)
    day: int | None = field(default=None, repr=False)
    street: str = field(default="", repr=False)
    card: str = field(default="", repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given: such a sheet counts, and is never paired."""
        return not (self.mother.strip() or self.street.strip() or self.card.strip()) and self.day is None


def pseudonym_of(plan: ImpactPlan, code: Code) -> str:
    """Return the pseudonym of a code in a plan; "" for no code, and once the plan has no key any more.

    Raises:
        InputError: a part is missing or cannot be used.
    """
    if code.is_empty or plan.pairing_key is None:
        return ""
    said = _card(code.card) if code.card.strip() else _parts(code)
    return hmac.new(bytes(plan.pairing_key), said.encode(), hashlib.sha256).hexdigest()[:HEX]


def _card(text: str) -> str:
    said = _BETWEEN.sub("", fold(text))
    if len(said) not in CARD:
        raise InputError("Type the code as it stands on the card.", code="survey_card")
    return f"card {said}"


def _parts(code: Code) -> str:
    mother, street = (_NO_LETTER.sub("", fold(each)) for each in (code.mother, code.street))
    if not mother or not street or code.day is None or not 1 <= code.day <= DAYS:
        raise InputError("Answer all three questions of the code, or none of them.", code="survey_code")
    return f"three {mother[:LETTERS]} {code.day} {street[-LETTERS:]}"
