"""Timing answers of the application."""

import gzip
import statistics
from collections.abc import Callable
from time import perf_counter


def timed(ask: Callable[..., object], repeats: int) -> dict[str, float]:
    """Return the median over the repeats of the p50 and p95 of 20 answers, and what the answer weighs."""
    answer = ask()
    rounds = []
    for _ in range(repeats):
        times = []
        for _ in range(20):
            started = perf_counter()
            answer = ask()
            times.append((perf_counter() - started) * 1000)
        rounds.append((statistics.median(times), sorted(times)[18]))
    content: bytes = answer.content  # type: ignore[attr-defined]  # an HttpResponse
    if answer.status_code != 200:  # type: ignore[attr-defined]  # an HttpResponse
        raise AssertionError(content[:400])
    if answer.headers.get("Content-Encoding") == "gzip":  # type: ignore[attr-defined]  # an HttpResponse
        content = gzip.decompress(content)
    return {
        "p50_ms": round(statistics.median(each[0] for each in rounds), 1),
        "p95_ms": round(statistics.median(each[1] for each in rounds), 1),
        "kb": round(len(content) / 1024, 1),
        "compressed_kb": round(len(gzip.compress(content)) / 1024, 1),
    }
