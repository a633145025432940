"""Whom and what a page is about: the person who looks, and the programme of the city, or the one chosen."""

from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest

from meervoud.core.errors import NotAllowedError
from meervoud.parties.models import Person, Programme, ProgrammeRole
from meervoud.parties.roles import works_for

CHOSEN = "programme"
FIRST_SHOWN = (F("ends_on").desc(nulls_first=True), "starts_on", "slug")
"""Programmes that go on come before those that end or have ended."""


def programmes_for(request: HttpRequest) -> QuerySet[Programme]:
    """Return the programmes that a visitor may choose: the public ones, and those they work for."""
    person = getattr(request, "user", None)
    may_see = Q(is_public=True)
    if isinstance(person, Person):
        may_see |= Q(pk__in=ProgrammeRole.objects.of_person(person).values("programme"))
    return Programme.objects.filter(may_see).order_by(*FIRST_SHOWN)


def choose_programme(request: HttpRequest, programme: Programme) -> None:
    """Keep which programme the pages of this visitor are about."""
    request.session[CHOSEN] = programme.slug


def programme_of(request: HttpRequest) -> Programme:
    """Return the programme a visitor chose, else the first public one.

    Raises:
        Http404: there is no public programme yet.
    """
    chosen = _chosen(request)
    found = programmes_for(request).filter(slug=chosen).first() if chosen else None
    found = found or Programme.objects.filter(is_public=True).order_by(*FIRST_SHOWN).first()
    if found is None:
        raise Http404("no programme yet")
    return found


def desk_programme_of(request: HttpRequest) -> Programme:
    """Return the programme that a person works for, so that staff land at their own desk; else as `programme_of`.

    Who works for several is at the desk of the one they chose.

    Raises:
        Http404: there is no public programme yet.
    """
    person = getattr(request, "user", None)
    if isinstance(person, Person):
        own = list(Programme.objects.filter(roles__person=person).order_by(*FIRST_SHOWN))
        if own:
            chosen = _chosen(request)
            return next((each for each in own if each.slug == chosen), own[0])
    return programme_of(request)


def staff_programme(request: HttpRequest) -> Programme:
    """Return the programme that the viewer works for.

    Raises:
        Http404: they do not work for it.
    """
    programme = desk_programme_of(request)
    if not works_for(request.user, programme):
        raise Http404
    return programme


def _chosen(request: HttpRequest) -> str | None:
    return request.session.get(CHOSEN) if hasattr(request, "session") else None


def person_of(request: HttpRequest) -> Person:
    """Return who is signed in.

    Raises:
        NotAllowedError: nobody is.
    """
    if not isinstance(request.user, Person):
        raise NotAllowedError("Sign in first.")
    return request.user
