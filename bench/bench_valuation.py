"""How long a valuation takes: 20 outcomes over 10 years with 20,000 draws, beside the plain way for as many draws as it can."""

import json
import platform
import sys
import time
from dataclasses import replace
from decimal import Decimal
from statistics import median

from meervoud.core.impact.valuation.case import Adjustment, Case, Claim, Input, Proxy, ProxyKind, Terms
from meervoud.core.impact.valuation.discount import DiscountRule
from meervoud.core.impact.valuation.reference import plain_value
from meervoud.core.impact.valuation.statement import Sums, value_case
from meervoud.core.impact.valuation.uncertain import Fixed, Share, Triangular, most_likely

OUTCOMES, YEARS, DRAWS, ROUNDS, PLAIN_DRAWS = 20, 10, 20_000, 9, 200


def a_case() -> Case:
    """Return a case in which every number is uncertain."""
    claims = []
    for number in range(OUTCOMES):
        proxy = Proxy(
            *(f"P{number}", ProxyKind.OTHER, "hour", Decimal(20), Decimal(15), Decimal(30), "EUR", 2024, "NL"),
            *("a benchmark", True),
        )
        claims.append(
            Claim(
                f"outcome {number}",
                f"group {number}",
                Triangular(10, 40, 90),
                "hour",
                proxy,
                Adjustment(Share(0.3, 40), "a benchmark"),
                Adjustment(Triangular(0, 0.1, 0.3), "a benchmark"),
                Adjustment(Share(0.4, 60), "a benchmark"),
                Adjustment(Triangular(0.1, 0.2, 0.5), "a benchmark"),
                years=YEARS,
            )
        )
    terms = Terms("EUR", "NL", 2024, DiscountRule("NL", ((0, 0.0225),), "a benchmark"), YEARS, {}, {}, {}, draws=DRAWS)
    return Case(tuple(claims), (Input("money", "fund", ProxyKind.OTHER, Fixed(10_000), "EUR", 2024, "NL"),), terms)


def main() -> int:
    """Print the median time of a whole statement, and of the plain way for one draw times as many."""
    case, times = a_case(), list[float]()
    statement, numbers = (
        value_case(case, seed=1),
        {name: most_likely(each) for name, each in Sums(case).parameters.items()},
    )
    for _ in range(ROUNDS):
        began = time.perf_counter()
        value_case(case, seed=1)
        times.append(time.perf_counter() - began)
    plain = plain_value(case, numbers)
    began = time.perf_counter()
    for _ in range(PLAIN_DRAWS):
        plain_value(case, numbers)
    plain_ms = (time.perf_counter() - began) / PLAIN_DRAWS * DRAWS * 1000
    small = value_case(replace(case, terms=replace(case.terms, draws=100)), seed=1)
    said = {
        "outcomes": OUTCOMES,
        "years": YEARS,
        "draws": DRAWS,
        "statement_ms": {"median": round(median(times) * 1000, 1), "worst": round(max(times) * 1000, 1)},
        "plain_way_ms": round(plain_ms),
        "is_same": abs(plain.value - statement.value.point) < 1e-6 * abs(plain.value)
        and small.value.point == statement.value.point,
        "aim_ms": 500,
        "python": platform.python_version(),
    }
    json.dump(said, sys.stdout, indent=2)
    print()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
