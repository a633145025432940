"""Whom and what a page is about: the person who looks, and the programme of the city, or the one chosen."""

from django.http import Http404, HttpRequest

from meervoud.core.errors import NotAllowedError
from meervoud.parties.models import Person, Programme

CHOSEN = "programme"


def programme_of(request: HttpRequest) -> Programme:
    """Return the programme a visitor chose, else the first public one.

    Raises:
        Http404: there is no public programme yet.
    """
    public = Programme.objects.filter(is_public=True).order_by("starts_on", "slug")
    chosen = request.session.get(CHOSEN) if hasattr(request, "session") else None
    found = (public.filter(slug=chosen).first() if chosen else None) or public.first()
    if found is None:
        raise Http404("no programme yet")
    return found


def desk_programme_of(request: HttpRequest) -> Programme:
    """Return the programme that a person works for, so that staff land at their own desk; else as `programme_of`.

    Raises:
        Http404: there is no public programme yet.
    """
    person = getattr(request, "user", None)
    if isinstance(person, Person):
        own = Programme.objects.filter(roles__person=person).order_by("starts_on", "slug").first()
        if own is not None:
            return own
    return programme_of(request)


def person_of(request: HttpRequest) -> Person:
    """Return who is signed in.

    Raises:
        NotAllowedError: nobody is.
    """
    if not isinstance(request.user, Person):
        raise NotAllowedError("Sign in first.")
    return request.user
