"""Actions on requests: begin, change, open, renew, withdraw, let expire."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from meervoud.core.engine.types.requests import Need
from meervoud.core.errors import ConflictError, InputError
from meervoud.demand.as_request import rule_of
from meervoud.demand.events import RequestClosed
from meervoud.demand.lifecycle import move
from meervoud.demand.models import Request, RequestRule, State
from meervoud.lib.events import happened
from meervoud.lib.journal import journal
from meervoud.parties.models import Organisation, Person, Programme

OPEN_DAYS = 90
WARN_DAYS = 14
MOST_RULES = 10
CLOCK: Final = "the platform's own clock"
Value = str | int | float | bool | None | date | list[str] | Organisation


@transaction.atomic
def begin_request(
    *, programme: Programme, asked_by: Person, by: Person, values: Mapping[str, Value], needs: Sequence[Need]
) -> Request:
    """Keep a request as a draft; `by` is the asker, or whoever enters it for them."""
    request = Request(programme=programme, asked_by=asked_by, is_made_up=asked_by.is_made_up)
    for name, value in values.items():
        setattr(request, name, value)
    request.save(force_insert=True)
    set_needs(request=request, by=by, needs=needs)
    journal(by, "request.begun", request, about=asked_by.pk)
    return request


@transaction.atomic
def change_request(*, request: Request, by: Person, values: Mapping[str, Value]) -> Request:
    """Change what a request says."""
    for name, value in values.items():
        setattr(request, name, value)
    request.save()
    journal(by, "request.changed", request, fields=",".join(sorted(values)))
    return request


@transaction.atomic
def asker_is_of_other_sector(*, organisation: Organisation, now: datetime) -> int:
    """Let the open requests of an organisation count as changed, so that suggestions follow; return how many."""
    rows = Request.objects.every(because="a change of the organisation that asks").filter(organisation=organisation)
    return rows.filter(state=State.OPEN).update(changed_at=now)


@transaction.atomic
def set_needs(*, request: Request, by: Person, needs: Sequence[Need]) -> Request:
    """Put rules that say when in the place of those there were."""
    request.rules.all().delete()
    rules = [rule_of(need, order) for order, need in enumerate(needs)]
    for rule in rules:
        rule.request = request
    RequestRule.objects.bulk_create(rules)
    journal(by, "request.rules", request, rules=len(rules))
    return request


@transaction.atomic
def add_rule(*, request: Request, by: Person, need: Need) -> RequestRule:
    """Add a rule behind those there are; all of them must hold in the same space.

    Raises:
        InputError: there are ten already.
    """
    Request.objects.every(because="its own rules, one change at a time").select_for_update().get(pk=request.pk)
    orders = list(request.rules.values_list("order", flat=True))
    if len(orders) >= MOST_RULES:
        raise InputError(
            f"A request has {MOST_RULES} rules at most. Change one, or post a second request.", code="too_many_rules"
        )
    rule = rule_of(need, max(orders, default=-1) + 1)
    rule.request = request
    rule.save(force_insert=True)
    journal(by, "request.rule_added", request, kind=rule.kind)
    return rule


@transaction.atomic
def change_rule(*, rule: RequestRule, by: Person, need: Need) -> RequestRule:
    """Put what a rule says in the place of what it said; its id and place stay."""
    new = rule_of(need, rule.order)
    new.pk, new.request, new.created_at = rule.pk, rule.request, rule.created_at
    new.save(force_update=True)
    journal(by, "request.rule_changed", rule.request, kind=new.kind)
    return new


@transaction.atomic
def remove_rule(*, rule: RequestRule, by: Person) -> None:
    """Take a rule away.

    Raises:
        ConflictError: it is the only rule of a request that is open.
    """
    request = (
        Request.objects.every(because="its own rules, one change at a time").select_for_update().get(pk=rule.request_id)
    )
    if request.state == State.OPEN and request.rules.count() == 1:
        raise ConflictError("An open request says when. Change this rule, or add another one before you remove it.")
    rule.delete()
    journal(by, "request.rule_removed", request, kind=rule.kind)


@transaction.atomic
def open_request(*, request: Request, by: Person, today: date) -> Request:
    """Put a request to the hosts and matchmakers of the programme, for ninety days.

    Raises:
        InputError: it does not say when, or for how many people.
        ConflictError: it is open already.
    """
    missing = missing_for_opening(request)
    if missing:
        raise InputError(
            f"This request cannot be posted yet: {', '.join(missing)} is missing. Fill it in first.",
            code=f"request_lacks_{missing[0]}",
        )
    move(request, "open")
    request.expires_on = today + timedelta(days=OPEN_DAYS)
    request.save(update_fields=["state", "expires_on", "changed_at"])
    journal(by, "request.opened", request)
    return request


@transaction.atomic
def renew_request(*, request: Request, by: Person, today: date) -> Request:
    """Keep a request open for another ninety days.

    Raises:
        ConflictError: it is neither open nor expired.
    """
    move(request, "renew")
    request.expires_on = today + timedelta(days=OPEN_DAYS)
    request.save(update_fields=["state", "expires_on", "changed_at"])
    journal(by, "request.renewed", request)
    return request


@transaction.atomic
def withdraw_request(*, request: Request, by: Person) -> Request:
    """Take a request back; it can be posted again.

    Raises:
        ConflictError: it was withdrawn or has found a room.
    """
    move(request, "withdraw")
    request.save(update_fields=["state", "changed_at"])
    happened(RequestClosed(request))  # it frees time, whose locks come before the journal's
    journal(by, "request.withdrawn", request)
    return request


@transaction.atomic
def place_request(*, request: Request, by: Person) -> Request:
    """Note that a request has found a room: nobody else needs to answer it.

    Raises:
        ConflictError: it was withdrawn or placed already.
    """
    move(request, "place")
    request.save(update_fields=["state", "changed_at"])
    journal(by, "request.placed", request)
    return request


@transaction.atomic
def reopen_request(*, request: Request, by: Person, today: date) -> Request:
    """Open a request again that was withdrawn by mistake; its last day stays, but it is open for two weeks at least.

    Raises:
        ConflictError: it was not withdrawn, was never open, or its owner is erased.
    """
    if request.expires_on is None or missing_for_opening(request):
        raise ConflictError("This request was never open. Post it first.")
    move(request, "reopen")
    request.expires_on = max(request.expires_on, today + timedelta(days=WARN_DAYS))
    request.save(update_fields=["state", "expires_on", "changed_at"])
    journal(by, "request.reopened", request)
    return request


@transaction.atomic
def look_again(*, request: Request, by: Person, today: date) -> Request:
    """Open a request again whose room is gone, for ninety days.

    Raises:
        ConflictError: it has no room that could be gone.
    """
    move(request, "look_again")
    request.expires_on = today + timedelta(days=OPEN_DAYS)
    request.save(update_fields=["state", "expires_on", "changed_at"])
    journal(by, "request.looks_again", request)
    return request


def expire_requests(*, today: date) -> int:
    """Let requests expire whose last day has passed, each by itself, and return how many."""
    late = Request.objects.every(because=CLOCK).filter(state=State.OPEN, expires_on__lt=today)
    return sum(_expire(pk, today) for pk in list(late.values_list("pk", flat=True)))


@transaction.atomic
def _expire(pk: UUID, today: date) -> bool:
    rows = Request.objects.every(because=CLOCK).select_for_update(of=("self",))
    request = rows.filter(pk=pk, state=State.OPEN, expires_on__lt=today).first()
    if request is None:
        return False
    move(request, "expire")
    request.save(update_fields=["state", "changed_at"])
    happened(RequestClosed(request))
    journal(None, "request.expired", request)
    return True


def missing_for_opening(request: Request) -> list[str]:
    """Return what a request still lacks, of "when", "people", "title"; [] where it can be posted."""
    lacks = list[str]()
    if not request.rules.exists():
        lacks.append("when")
    if not request.group_max:
        lacks.append("people")
    if not request.title:
        lacks.append("title")
    return lacks


def expires_soon(request: Request, today: date) -> bool:
    """Say whether it is time to ask the owner for a renewal."""
    return (
        request.state == State.OPEN
        and request.expires_on is not None
        and request.expires_on <= today + timedelta(days=WARN_DAYS)
    )
