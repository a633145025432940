"""Who may do what: readable predicates, each about one person and one thing."""

from meervoud.parties.models import Membership, Organisation, Person, Programme, ProgrammeRole
from meervoud.parties.models.organisations import Role
from meervoud.parties.models.people import Viewer


def acts_for(viewer: Viewer, organisation: Organisation | None) -> bool:
    """Say whether a person is a member of the organisation, or of the one it is a department of."""
    if not isinstance(viewer, Person) or organisation is None:
        return False
    above = [organisation.pk] + ([organisation.parent_id] if organisation.parent_id else [])
    return Membership.objects.of_person(viewer).filter(organisation__in=above).exists()


def manages(viewer: Viewer, organisation: Organisation | None) -> bool:
    """Say whether a person is a manager, or the deputy who stands in for one, of the organisation or of the one above it."""
    if not isinstance(viewer, Person) or organisation is None:
        return False
    above = [organisation.pk] + ([organisation.parent_id] if organisation.parent_id else [])
    own = Membership.objects.of_person(viewer)
    return own.filter(organisation__in=above, role__in=[Role.MANAGER, Role.DEPUTY]).exists()


def works_for(viewer: Viewer, programme: Programme | None) -> bool:
    """Say whether a person is a matchmaker or manager of the programme."""
    if not isinstance(viewer, Person) or programme is None:
        return False
    return ProgrammeRole.objects.of_person(viewer).filter(programme=programme).exists()


def is_staff_somewhere(viewer: Viewer) -> bool:
    """Say whether a second factor is asked of this person: matchmakers, programme managers, administrators."""
    if not isinstance(viewer, Person):
        return False
    return viewer.is_staff or ProgrammeRole.objects.of_person(viewer).exists()
