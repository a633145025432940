"""Whether a plan claims what another one published: the same change of the same people, more than once over (rule D7)."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.db.models import Q

from meervoud.core.impact.issues import Issue
from meervoud.core.impact.valuation.case import Claim
from meervoud.core.impact.valuation.checks import SharedClaim, over_claimed
from meervoud.core.impact.valuation.uncertain import most_likely
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.frozen import read_bytes
from meervoud.outcomes.impact.book import Book
from meervoud.outcomes.impact.cases import Built
from meervoud.outcomes.impact.extract import period_of
from meervoud.outcomes.impact.provenance import likely_share
from meervoud.outcomes.models import ImpactPlan, ImpactReport

WHY = "what other plans about the same activities have published for everybody"


def claimed_by_others(book: Book, built: Built) -> list[Issue]:
    """Return where this plan and a published report about the same activities claim more than all of a change.

    An activity is part of its organisation and of its programme, so that the same people may stand in two plans. Each
    claims its own share: what is not of others. Plans about different activities are about different people.
    """
    period = period_of(book)
    if period is None:
        return []
    return [
        issue
        for report, said in _published(book.plan)
        if said["value"] is not None and _meets(said["scope"], period)
        for issue in over_claimed(_both(book, built, report, said["value"]))
    ]


def _both(book: Book, built: Built, report: ImpactReport, value: Facts) -> Iterator[SharedClaim]:
    """Yield what both claim of each measure; several claims of one plan on one measure count once, the largest share."""
    ours = _shares({key: each["measure"] for key, each in built.sources.items()}, _own(built.case.claims))
    told = value["sources"]["claims"]
    theirs = _shares(
        {key: each["measure"] for key, each in told.items()},
        {key: 1 - likely_share(each["shares"]["attribution_to_others"]) for key, each in told.items()},
    )
    for measure in sorted(ours.keys() & theirs.keys()):
        what = f"{measure} ({book.plan.title}, {report.plan.title})"
        yield SharedClaim(what, book.plan.title, ours[measure])
        yield SharedClaim(what, f"{report.plan.title} ", theirs[measure])


def _own(claims: tuple[Claim, ...]) -> dict[str, float]:
    return {each.key: 1 - most_likely(each.attribution_to_others.share) for each in claims}


def _shares(measures: Mapping[str, str], shares: Mapping[str, float]) -> dict[str, float]:
    found = dict[str, float]()
    for key, measure in measures.items():
        found[measure] = max(found.get(measure, 0.0), min(max(shares[key], 0.0), 1.0))
    return found


def _meets(scope: Facts, period: tuple[date, date]) -> bool:
    if not (scope.get("first") and scope.get("last")):
        return False
    first, last = (date.fromisoformat(scope[name]) for name in ("first", "last"))
    return first <= period[1] and last >= period[0]


def _published(plan: ImpactPlan) -> Iterator[tuple[ImpactReport, Facts]]:
    """Yield the newest published report of each plan that is about the same activities, wider or narrower."""
    others = ImpactPlan.objects.every(because=WHY).filter(_about_the_same(plan)).exclude(pk=plan.pk)
    rows = ImpactReport.objects.published().filter(plan__in=others.values("pk")).select_related("plan")
    seen = set()
    for each in rows.order_by("plan", "-number"):
        if each.plan_id not in seen:
            seen.add(each.plan_id)
            yield each, read_bytes(each)


def _about_the_same(plan: ImpactPlan) -> Q:
    if plan.request is not None:
        same = Q(request=plan.request) | Q(programme=plan.request.programme_id)
        return same | Q(organisation=plan.request.organisation_id) if plan.request.organisation_id else same
    if plan.organisation_id:
        return (
            Q(organisation=plan.organisation_id)
            | Q(request__organisation=plan.organisation_id)
            | Q(programme__requests__organisation=plan.organisation_id)
        )
    return (
        Q(programme=plan.programme_id)
        | Q(request__programme=plan.programme_id)
        | Q(organisation__requests__programme=plan.programme_id)
    )
