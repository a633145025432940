"""The one table of what reacts to what; each reaction runs at once, in the transaction of the deed."""

from collections.abc import Callable, Mapping, Sequence

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry

from meervoud.agreements.consenting import forget_consents
from meervoud.agreements.contacts import forget_contacts
from meervoud.agreements.drafts import withdraw_agreements_of
from meervoud.agreements.ending import forget_endings
from meervoud.agreements.events import AgreementSigned, AgreementWithdrawn
from meervoud.demand.actions import asker_is_of_other_sector
from meervoud.demand.events import RequestClosed
from meervoud.demand.models import Request
from meervoud.lib.clock import now
from meervoud.matching.answering import answer_let_through, withdraw_all
from meervoud.matching.desk_cases import forget_cases
from meervoud.matching.desk_filters import forget_filters
from meervoud.matching.desk_merging import forget_merges
from meervoud.matching.models import Answer
from meervoud.outcomes.impact.forgetting import forget_plans
from meervoud.outcomes.ledger import forget_sums
from meervoud.parties.conversations import message_let_through
from meervoud.parties.events import (
    CompanySectorChanged,
    OrganisationChecked,
    PersonForgotten,
    RecordClaimed,
    TextLetThrough,
)
from meervoud.parties.models import Membership
from meervoud.site.keys import forget_keys
from meervoud.supply.actions import end_offer, host_is_of_other_sector, host_was_checked
from meervoud.usage.beginning import plan_signed
from meervoud.usage.forgetting import forget_usage
from meervoud.usage.plan_changes import free_plan_of
from meervoud.usage.settled import MomentSettled
from meervoud.usage.waiting import pass_waits_of


def _bring_offers_up_to_date(event: OrganisationChecked) -> None:
    host_was_checked(host=event.organisation, was_shown=event.was_verified)


def _follow_sector(event: CompanySectorChanged) -> None:
    host_is_of_other_sector(host=event.organisation)
    asker_is_of_other_sector(organisation=event.organisation, now=now())


def _hand_over_requests(event: RecordClaimed) -> None:
    entered_for = Request.objects.every(because="the code proves whose they are").filter(asked_by=event.record.person)
    entered_for.update(asked_by=event.by)


def _end_offers_left_alone(event: PersonForgotten) -> None:
    """End what nobody could be asked about any more: offers of a host whose only person is forgotten."""
    for membership in Membership.objects.of_person(event.person).select_related("organisation"):
        if not membership.organisation.memberships.exclude(person=event.person).exists():
            for offer in membership.organisation.offers.exclude(state="ended"):
                end_offer(offer=offer, by=None)


def _withdraw_agreements(event: RequestClosed) -> None:
    withdraw_agreements_of(event.request)


def _plan_moments(event: AgreementSigned) -> None:
    plan_signed(agreement=event.agreement, by=event.by, now=event.now)


def _free_plan(event: AgreementWithdrawn) -> None:
    pass_waits_of(event.agreement, now=now())
    free_plan_of(event.agreement, by=event.by, now=now())


def _withdraw_proposals(event: RequestClosed) -> None:
    withdraw_all(request=event.request, now=now())


def _forget_usage(event: PersonForgotten) -> None:
    forget_usage(event.person, now=now())


def _forget_consents(event: PersonForgotten) -> None:
    forget_consents(event.person)


def _forget_endings(event: PersonForgotten) -> None:
    forget_endings(event.person)
    forget_contacts(event.person)


def _forget_answers(event: PersonForgotten) -> None:
    said = Answer.objects.every(because="the person is being erased").filter(by=event.person)
    said.update(text="", by=None)


def _forget_desk(event: PersonForgotten) -> None:
    forget_cases(event.person)
    forget_filters(event.person)
    forget_merges(event.person)


def _forget_requests(event: PersonForgotten) -> None:
    own = Request.objects.every(because="the person is being erased").filter(asked_by=event.person)
    for request in own:
        withdraw_all(request=request, now=now())
    own.exclude(state="withdrawn").update(state="withdrawn")
    own.update(title="", for_whom="", brings_about="", neighbourhood="", latitude=None, longitude=None)
    own.update(meets_now="", meets_at_key="", source_key="")


def _forget_plans(event: PersonForgotten) -> None:
    forget_plans(event.person)


def _tell_of_text(event: TextLetThrough) -> None:
    tell = {"message": message_let_through, "answer": answer_let_through}[event.kind]
    tell(thing=event.thing)


def _forget_account(event: PersonForgotten) -> None:
    EmailAddress.objects.filter(user=event.person).delete()
    Authenticator.objects.filter(user=event.person).delete()
    LogEntry.objects.filter(object_id=str(event.person.pk)).update(object_repr="", change_message="")
    forget_keys(event.person)


REACTIONS: Mapping[type, Sequence[Callable[..., None]]] = {
    OrganisationChecked: (_bring_offers_up_to_date,),
    CompanySectorChanged: (_follow_sector,),
    RecordClaimed: (_hand_over_requests,),
    RequestClosed: (
        _withdraw_agreements,
        _withdraw_proposals,
    ),
    AgreementSigned: (_plan_moments,),
    AgreementWithdrawn: (_free_plan,),
    MomentSettled: (forget_sums,),
    TextLetThrough: (_tell_of_text,),
    PersonForgotten: (
        _end_offers_left_alone,
        _forget_usage,
        _forget_consents,
        _forget_endings,
        _forget_answers,
        _forget_desk,
        _forget_plans,
        _forget_requests,
        _forget_account,
    ),
}
