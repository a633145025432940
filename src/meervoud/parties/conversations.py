"""Actions on conversations: messages through the platform, so that nobody's address is shown."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from meervoud.core.errors import InputError, NotAllowedError
from meervoud.lib.clock import now
from meervoud.lib.journal import journal
from meervoud.lib.rates import take_token
from meervoud.parties.mail import Letter, drop_waiting, write_to
from meervoud.parties.models import Conversation, Message, Organisation, Person, Programme
from meervoud.parties.models.organisations import Verification
from meervoud.parties.moderation import hold, why_held
from meervoud.parties.roles import acts_for, works_for

MOST_LETTERS = 4000
CONVERSATIONS_A_DAY = 10
MESSAGES_OF_AN_ORGANISATION_A_DAY = 300
DAY = 86_400


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
        TooOftenError: the person, or their organisation, began ten conversations today.
    """
    if organisation.verification != Verification.VERIFIED:
        raise NotAllowedError("This host was not checked yet. Call the desk: they can help you.")
    known = Conversation.objects.every(because="the asker's own question about the same thing").filter(
        started_by=by, thing_kind=about.kind, thing=about.thing
    )
    conversation = known.first()
    if conversation is None:
        _count(by, "conversation", most_of_person=CONVERSATIONS_A_DAY, most_of_organisation=CONVERSATIONS_A_DAY)
        conversation = Conversation.objects.create(
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
        TooOftenError: the person's organisation wrote very often today.
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
    _count(by, "message", most_of_person=None, most_of_organisation=MESSAGES_OF_AN_ORGANISATION_A_DAY)
    why = why_held(by, conversation.programme, text)
    message = Message.objects.create(conversation=conversation, author=by, text=text, held_at=now() if why else None)
    journal(by, "message.written", message, conversation=str(conversation.pk))
    drop_waiting(_about(conversation), [by])
    if why:
        hold(thing=message, programme=conversation.programme, author=by, why=why)
    else:
        tell_of(message)
    return message


def tell_of(message: Message) -> None:
    """Write to everybody who takes part that there is a message; the mail does not hold its text."""
    talk = message.conversation
    gaps, link = {"subject": talk.subject, "conversation": str(talk.pk)}, f"/conversations/{talk.pk}/"
    for person in _others(talk, message.author):
        write_to(person, Letter("message", gaps, about=_about(talk), can_wait=True, link=link))


def message_let_through(*, thing: uuid.UUID) -> None:
    """Tell the others now of a message that the desk had read first."""
    rows = Message.objects.every(because="the desk let it through")
    found = rows.filter(pk=thing).select_related("conversation__started_by", "author").first()
    if found is not None:
        tell_of(found)


def _about(conversation: Conversation) -> str:
    return f"conversation:{conversation.pk}"


def _count(by: Person, what: str, *, most_of_person: int | None, most_of_organisation: int) -> None:
    """Count one more of today, for the person and each organisation they act for."""
    if most_of_person is not None:
        take_token(f"{what} of {by.pk}", most=most_of_person, per_seconds=DAY, now=now())
    for organisation in Organisation.objects.of_member(by).order_by("pk").values_list("pk", flat=True):
        take_token(f"{what} of {organisation}", most=most_of_organisation, per_seconds=DAY, now=now())


def _others(conversation: Conversation, by: Person | None) -> list[Person]:
    members = list(Person.objects.filter(memberships__organisation=conversation.with_organisation))
    return [each for each in {*members, conversation.started_by} if each != by]
