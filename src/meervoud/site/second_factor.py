"""Who needs a second step when signing in and has none."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

from meervoud.parties.models import Person
from meervoud.parties.roles import is_staff_somewhere


def lacks_second_step(person: Person) -> bool:
    """Say whether a person is staff without a second step; asked each time, for it may have been switched off."""
    is_demo_person = settings.IS_DEMO and person.is_made_up
    if is_demo_person or not is_staff_somewhere(person):
        return False
    return not is_mfa_enabled(person)
