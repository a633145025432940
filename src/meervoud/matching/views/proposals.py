"""Proposals on the pages: what is proposed and why, the answers of both sides, the inbox of a host."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from meervoud.core.errors import MeervoudError
from meervoud.files.wording.sentences import say_parts, say_pattern
from meervoud.lib.clock import now
from meervoud.lib.rates import take_token
from meervoud.lib.saying import say_error, spoken
from meervoud.matching.answering import Said, say_more, say_no, say_yes, withdraw
from meervoud.matching.disclosure import disclosed_to_group, disclosed_to_host
from meervoud.matching.models import Answer, Kind, Proposal, Side, State
from meervoud.matching.reasons import REASONS
from meervoud.matching.snapshot import read_snapshot
from meervoud.matching.views.offers import need_for_host
from meervoud.parties.current import person_of
from meervoud.parties.models import Organisation, Person
from meervoud.parties.moderation import hidden_things
from meervoud.parties.privacy import note_look
from meervoud.parties.roles import acts_for, works_for
from meervoud.supply.models import Offer

ANSWERS_A_DAY = 100
SHOWN = 50
SHARED = 5
MORE: dict[str, str | Promise] = {
    Kind.OTHER_TIME: gettext_lazy("propose another time"),
    Kind.QUESTION: gettext_lazy("ask or tell something"),
    Kind.VISIT: gettext_lazy("come and see the space first"),
}


class NoForm(forms.Form):
    """Why not, from the closed list of a side."""

    reason = forms.ChoiceField(label=gettext_lazy("Why not?"), choices=(), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, side: str, **rest: Any) -> None:  # Any: Django's own values
        """Show the reasons of the side that answers."""
        super().__init__(data, **rest)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = list(REASONS[side].items())


class MoreForm(forms.Form):
    """Another time, a question, or a visit."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What would you like?"), choices=list(MORE.items()), widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("In a few words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    visit_at = forms.DateTimeField(
        label=gettext_lazy("When is the visit?"),
        help_text=gettext_lazy("Only for a visit."),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


def proposal_of(request: HttpRequest, proposal_id: UUID) -> Proposal:
    """Return a proposal that the viewer may see; another's is not there.

    Raises:
        Http404: none of the viewer's has the id.
    """
    rows = Proposal.objects.visible_to(request.user).filter(pk=proposal_id)
    found = rows.select_related(
        "request__organisation",
        "request__asked_by",
        "offer__host",
        "offer__space__building__neighbourhood",
        "programme",
    ).first()
    if found is None:
        raise Http404
    return found


def sides_of(person: Person, proposal: Proposal) -> list[str]:
    """Return for which sides a person may answer: their own, or both for staff, who write down what they heard."""
    if works_for(person, proposal.programme):
        return [Side.HOST, Side.ASKER]
    sides = list[str]()
    if acts_for(person, proposal.offer.host):
        sides.append(Side.HOST)
    if person == proposal.request.asked_by or acts_for(person, proposal.request.organisation):
        sides.append(Side.ASKER)
    return sides


@login_required
@require_safe
def show(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Show a proposal to one of its sides: what is needed or offered, when, why, what was said, and what can be said."""
    row, person = proposal_of(request, proposal_id), person_of(request)
    if works_for(person, row.programme):
        note_look(person=row.request.asked_by, by=person, why="request")
    return _page(request, row, person)


def _page(request: HttpRequest, row: Proposal, person: Person, *, wrong: forms.Form | None = None) -> HttpResponse:
    sides = sides_of(person, row)
    said, kept = spoken(), read_snapshot(row.snapshot)
    is_staff = len(sides) == 2 and works_for(person, row.programme)
    context = {
        "row": row,
        "state_name": row.get_state_display(),
        "is_open": row.state == State.ASKED,
        "is_live": row.state in (State.SUGGESTED, State.WAITING, State.ASKED, State.AGREED),
        "is_staff": is_staff,
        "sides": [_side(side, row, wrong) for side in sides],
        "for_host": Side.HOST in sides and not is_staff,
        "need": need_for_host(said, row, kept),
        "when": [say_pattern(said, each) for each in kept.patterns],
        "parts": say_parts(said, kept) if Side.ASKER in sides else "",
        "to_host": disclosed_to_host(row),
        "to_group": disclosed_to_group(row),
        "answers": _answers(row, person, is_staff=is_staff),
    }
    return render(request, "matching/proposal.html", context, status=422 if wrong is not None else 200)


def _side(side: str, row: Proposal, wrong: forms.Form | None) -> dict[str, Any]:  # Any: what a template shows
    has_said = row.host_says if side == Side.HOST else row.asker_says
    form = wrong if isinstance(wrong, MoreForm) and wrong.prefix == side else MoreForm(prefix=side)
    return {
        "name": side,
        "title": Side(side).label,
        "has_said_yes": has_said == "yes",
        "no_form": NoForm(side=side, prefix=side),
        "more_form": form,
    }


def _answers(row: Proposal, person: Person, *, is_staff: bool) -> list[dict[str, Any]]:  # Any: what a template shows
    """Return what was said; words that the desk reads first are there only for who wrote them and for the desk."""
    rows = list(row.answers.all())
    hidden = hidden_things(each.pk for each in rows)
    return [
        _answer(each) | {"held": hidden.get(each.pk)}
        for each in rows
        if each.pk not in hidden or is_staff or each.by_id == person.pk
    ]


def _answer(answer: Answer) -> dict[str, Any]:  # Any: what a template shows
    reason = REASONS[answer.side].get(answer.reason, "")
    return {
        "who": answer.get_side_display(),
        "what": answer.get_kind_display(),
        "reason": str(reason),
        "text": answer.text,
        "visit_at": answer.visit_at,
        "at": answer.created_at,
    }


@login_required
@require_POST
def answer(request: HttpRequest, proposal_id: UUID, kind: str) -> HttpResponse:
    """Write down what one side says."""
    row, person = proposal_of(request, proposal_id), person_of(request)
    side = request.POST.get("side", "")
    if side not in sides_of(person, row) or kind not in ("yes", "no", "more"):
        raise Http404
    take_token(f"answer {person.pk}", most=ANSWERS_A_DAY, per_seconds=86_400, now=now())
    said = Said(side, person, now())
    try:
        return _answered(request, row, said, kind)
    except MeervoudError as error:
        messages.error(request, say_error(error))
        return redirect("proposal", row.pk)


def _answered(request: HttpRequest, row: Proposal, said: Said, kind: str) -> HttpResponse:
    if kind == "yes":
        messages.success(request, _said_yes(say_yes(proposal=row, said=said)))
        return redirect("proposal", row.pk)
    if kind == "no":
        form = NoForm(request.POST, side=said.side, prefix=said.side)
        if not form.is_valid():
            messages.error(request, _("Choose why it does not suit. It helps to find something better."))
            return redirect("proposal", row.pk)
        say_no(proposal=row, said=said, reason=form.cleaned_data["reason"])
        messages.success(request, _("Noted. We look further."))
        return redirect("proposal", row.pk)
    more = MoreForm(request.POST, prefix=said.side)
    if not more.is_valid():
        return _page(request, row, said.by, wrong=more)
    told = more.cleaned_data
    with_words = Said(said.side, said.by, said.now, told["text"])
    say_more(proposal=row, said=with_words, kind=told["kind"], visit_at=told["visit_at"])
    messages.success(request, _("Sent. The other side reads it here."))
    return redirect("proposal", row.pk)


def _said_yes(row: Proposal) -> str:
    if row.state == State.AGREED:
        return _("Both sides said yes. The time is kept for fourteen days.")
    if "yes" not in (row.host_says, row.asker_says):
        return _("That time has just been taken. Another one is free: look whether it suits.")
    return _("Your yes is noted. Now the other side decides.")


@login_required
@require_POST
def take_back(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Take a proposal back; time that was kept for it is free again."""
    row, person = proposal_of(request, proposal_id), person_of(request)
    try:
        withdraw(proposal=row, by=person, now=now())
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("Taken back. The time is free again."))
    return redirect("proposal", row.pk)


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show a host what it was asked: first what waits for an answer."""
    said, person = spoken(), person_of(request)
    rows = Proposal.objects.for_host(person).select_related("request", "offer__space", "offer__host", "programme")
    ordered = rows.order_by("-asked_at")[:SHOWN]
    shown = [
        {
            "row": each,
            "need": need_for_host(said, each, read_snapshot(each.snapshot)),
            "state": each.get_state_display(),
        }
        for each in ordered
    ]
    context = {
        "waiting": [each for each in shown if _waits_for_host(each["row"])],
        "others": [each for each in shown if not _waits_for_host(each["row"])],
        "public": [] if shown else _public_pages(person),
    }
    return render(request, "matching/inbox.html", context)


def _public_pages(person: Person) -> list[dict[str, str]]:
    """Return the addresses that a host nobody has asked yet can send to groups it knows."""
    own = Offer.objects.visible_to(person).filter(state="published", host__in=Organisation.objects.of_member(person))
    rows = own.select_related("space").order_by("created_at")[:SHARED]
    return [{"name": each.space.name, "url": f"{settings.BASE_URL}{reverse('space', args=[each.pk])}"} for each in rows]


def _waits_for_host(row: object) -> bool:
    return isinstance(row, Proposal) and row.state == State.ASKED and row.host_says == ""
