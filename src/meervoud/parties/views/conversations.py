"""Conversations: questions and answers through the platform, without anybody's address."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from meervoud.lib.clock import now
from meervoud.lib.rates import take_token
from meervoud.parties.conversations import MOST_LETTERS, reply
from meervoud.parties.current import person_of
from meervoud.parties.models import Conversation, Message
from meervoud.parties.moderation import hidden_things
from meervoud.parties.privacy import note_look
from meervoud.parties.roles import acts_for

MESSAGES_A_DAY = 100


class ReplyForm(forms.Form):
    """A message."""

    text = forms.CharField(
        label=gettext_lazy("Your message"), max_length=MOST_LETTERS, widget=forms.Textarea(attrs={"rows": 5})
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Show a conversation, or add a message to it."""
    person = person_of(request)
    rows = Conversation.objects.visible_to(person).filter(pk=conversation_id)
    found = rows.select_related("started_by", "with_organisation").first()
    if found is None:
        raise Http404
    if person != found.started_by and not acts_for(person, found.with_organisation):
        note_look(person=found.started_by, by=person, why="conversation")
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        take_token(f"message {person.pk}", most=MESSAGES_A_DAY, per_seconds=86_400, now=now())
        message = reply(conversation=found, by=person, text=form.cleaned_data["text"])
        messages.success(request, _("Sent.") if message.held_at is None else _("Written. The desk reads it first."))
        return redirect("conversation", found.pk)
    seen = list(Message.objects.visible_to(person).filter(conversation=found).select_related("author"))
    held = hidden_things(each.pk for each in seen if each.held_at is not None)
    said = [
        {
            "id": each.pk,
            "held": held.get(each.pk),
            "author": str(each.author or _("somebody who left")),
            "text": each.text,
            "at": each.created_at,
            "is_mine": each.author_id == person.pk,
        }
        for each in seen
    ]
    context = {"conversation": found, "said": said, "form": form}
    return render(request, "parties/conversation.html", context, status=422 if form.errors else 200)
