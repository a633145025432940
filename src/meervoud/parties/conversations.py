"""Actions on conversations: messages through the platform, so that nobody's address is shown."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from meervoud.core.errors import InputError, NotAllowedError
from meervoud.lib.journal import journal
from meervoud.parties.mail import Letter, write_to
from meervoud.parties.models import Conversation, Message, Organisation, Person, Programme
from meervoud.parties.models.organisations import Verification
from meervoud.parties.roles import acts_for, works_for

MOST_LETTERS = 4000


@dataclass(frozen=True)
class About:
    """What a conversation is about."""

    kind: str
    thing: uuid.UUID
    subject: str


@transaction.atomic
def start_conversation(
    *, programme: Programme, by: Person, organisation: Organisation, about: About, text: str
) -> Conversation:
    """Ask an organisation something; its members get a mail without the asker's address.

    Raises:
        InputError: no text, or too much.
        NotAllowedError: the organisation was not checked, so it receives no messages.
    """
    if organisation.verification != Verification.VERIFIED:
        raise NotAllowedError("This host was not checked yet. Call the desk: they can help you.")
    known = Conversation.objects.every(because="the asker's own question about the same thing").filter(
        started_by=by, thing_kind=about.kind, thing=about.thing
    )
    conversation = known.first() or Conversation.objects.create(
        programme=programme,
        started_by=by,
        with_organisation=organisation,
        subject=about.subject[:160],
        thing_kind=about.kind,
        thing=about.thing,
    )
    _write(conversation, by, text)
    return conversation


@transaction.atomic
def reply(*, conversation: Conversation, by: Person, text: str) -> Message:
    """Add a message.

    Raises:
        InputError: no text, or too much.
        NotAllowedError: the person takes no part in the conversation.
    """
    takes_part = (
        by == conversation.started_by
        or acts_for(by, conversation.with_organisation)
        or works_for(by, conversation.programme)
    )
    if not takes_part:
        raise NotAllowedError("You take no part in this conversation.")
    return _write(conversation, by, text)


def _write(conversation: Conversation, by: Person, text: str) -> Message:
    text = text.strip()
    if not 1 <= len(text) <= MOST_LETTERS:
        raise InputError(
            f"Write a message of 1 to {MOST_LETTERS} letters; this one has {len(text)}.",
            code="message_length",
            number=len(text),
            most=MOST_LETTERS,
        )
    message = Message.objects.create(conversation=conversation, author=by, text=text)
    journal(by, "message.written", message, conversation=str(conversation.pk))
    for person in _others(conversation, by):
        write_to(person, Letter("message", {"subject": conversation.subject, "conversation": str(conversation.pk)}))
    return message


def _others(conversation: Conversation, by: Person) -> list[Person]:
    members = list(Person.objects.filter(memberships__organisation=conversation.with_organisation))
    return [each for each in {*members, conversation.started_by} if each != by]
