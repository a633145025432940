"""Actions on organisations: found, check, invite, join."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.lib.events import happened
from meervoud.lib.journal import journal
from meervoud.parties.events import CompanySectorChanged, OrganisationChecked
from meervoud.parties.mail import Letter, put_in_outbox
from meervoud.parties.models import Invitation, Membership, Organisation, Person, Programme, ProgrammePartner
from meervoud.parties.models.organisations import Kind, Role, Verification
from meervoud.parties.roles import manages, works_for

INVITATION_DAYS = 7
IDENTITY = ("name", "register_number")


@transaction.atomic
def found_organisation(
    *, name: str, kind: str, by: Person, programme: Programme, manager: Person | None = None
) -> Organisation:
    """Make an organisation that is not checked yet, so nothing of it is public.

    Its manager is who founds it, or the person for whom staff of the programme does.
    """
    organisation = Organisation.objects.create(name=name.strip(), kind=kind, is_made_up=by.is_made_up)
    Membership.objects.create(person=manager or by, organisation=organisation, role=Role.MANAGER)
    ProgrammePartner.objects.create(programme=programme, organisation=organisation)
    journal(by, "organisation.founded", organisation)
    return organisation


@transaction.atomic
def note_organisation(*, name: str, kind: str, by: Person, programme: Programme) -> Organisation:
    """Make an organisation that nobody acts for yet, not checked: somebody of it takes it over later."""
    organisation = Organisation.objects.create(name=name.strip(), kind=kind, is_made_up=by.is_made_up)
    ProgrammePartner.objects.create(programme=programme, organisation=organisation)
    journal(by, "organisation.noted", organisation)
    return organisation


@transaction.atomic
def put_in_charge(*, organisation: Organisation, person: Person, by: Person) -> Membership:
    """Make a person manager of an organisation that has nobody yet, as a sheet may have brought it.

    Raises:
        NotAllowedError: it has people of its own, who decide that themselves.
    """
    Organisation.objects.every(because="only its lock").select_for_update().get(pk=organisation.pk)
    if organisation.memberships.exists():
        raise NotAllowedError("This organisation has people of its own. They can invite others.")
    membership = Membership.objects.create(person=person, organisation=organisation, role=Role.MANAGER)
    journal(by, "organisation.put_in_charge", organisation, about=person.pk)
    return membership


@transaction.atomic
def change_organisation(
    *, organisation: Organisation, by: Person, values: Mapping[str, str | int | None]
) -> Organisation:
    """Change what an organisation says of itself; a new name or number has to be checked again.

    Raises:
        NotAllowedError: the person does not manage the organisation.
    """
    if not manages(by, organisation):
        raise NotAllowedError("Only a manager of the organisation can change this.")
    was_verified, was_of = organisation.verification == Verification.VERIFIED, organisation.company_sector
    names_it = any(getattr(organisation, name) != values.get(name, getattr(organisation, name)) for name in IDENTITY)
    for name, value in values.items():
        setattr(organisation, name, value)
    if names_it:
        organisation.verification = Verification.UNVERIFIED
    organisation.save()
    journal(by, "organisation.changed", organisation, fields=",".join(sorted(values)))
    happened(OrganisationChecked(organisation, was_verified=was_verified))
    if organisation.company_sector != was_of:
        happened(CompanySectorChanged(organisation))
    return organisation


@transaction.atomic
def found_department(*, parent: Organisation, name: str, by: Person, programme: Programme) -> Organisation:
    """Make a department under a housing organisation; who acts for the one acts for the other.

    Raises:
        NotAllowedError: the person does not manage the organisation above.
    """
    if not manages(by, parent):
        raise NotAllowedError("Only a manager of the organisation can change this.")
    department = Organisation.objects.create(
        name=name.strip(), kind=Kind.HOUSING_DEPARTMENT, parent=parent, is_made_up=parent.is_made_up
    )
    ProgrammePartner.objects.create(programme=programme, organisation=department)
    journal(by, "organisation.department", department, parent=str(parent.pk))
    return department


@transaction.atomic
def verify_organisation(
    *, organisation: Organisation, programme: Programme, by: Person, verified: bool
) -> Organisation:
    """Say, as staff of the programme, that an organisation is what it says, or that it is not.

    Raises:
        NotAllowedError: the person does not work for the programme.
    """
    if not works_for(by, programme):
        raise NotAllowedError("Only a matchmaker of the programme can check an organisation.")
    before = organisation.verification
    organisation.verification = Verification.VERIFIED if verified else Verification.REFUSED
    organisation.save(update_fields=["verification", "changed_at"])
    journal(by, f"organisation.{organisation.verification}", organisation)
    happened(OrganisationChecked(organisation, was_verified=before == Verification.VERIFIED))
    return organisation


@transaction.atomic
def invite(*, organisation: Organisation, email: str, role: str, by: Person, now: datetime) -> tuple[Invitation, str]:
    """Invite an e-mail address to an organisation, for seven days and once; return the token for the link.

    Raises:
        NotAllowedError: the person does not manage the organisation.
    """
    if not manages(by, organisation):
        raise NotAllowedError("Only a manager of the organisation can invite people.")
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email.strip().lower(),
        role=role,
        invited_by=by,
        token_hash=hash_token(token),
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    journal(by, "invitation.sent", invitation, organisation=str(organisation.pk))
    put_in_outbox(
        address=invitation.email,
        language=by.language,
        letter=Letter("invitation", {"organisation": organisation.name, "by": str(by), "token": token}),
    )
    return invitation, token


@transaction.atomic
def accept_invitation(*, token: str, by: Person, now: datetime) -> Organisation:
    """Join the organisation that invited the person's own e-mail address.

    Raises:
        InputError: no invitation has the token, or it is for another address.
        ConflictError: it was used or has expired.
    """
    rows = Invitation.objects.of_token(hash_token(token))
    found = rows.select_for_update(of=("self",)).select_related("organisation").first()
    if found is None or found.email != (by.email or "").lower():
        raise InputError(
            "This invitation is not for your e-mail address. Sign in with the address it was sent to.",
            code="invitation_other",
        )
    if found.accepted_at or found.expires_at <= now:
        raise ConflictError("This invitation was used or has expired. Ask for a new one.")
    found.accepted_at = now
    found.save(update_fields=["accepted_at", "changed_at"])
    Membership.objects.of_person(by).get_or_create(
        person=by, organisation=found.organisation, defaults={"role": found.role}
    )
    journal(by, "invitation.accepted", found, organisation=str(found.organisation.pk))
    return found.organisation


def hash_token(token: str) -> str:
    """Return what is stored of a secret link."""
    return hashlib.sha256(token.encode()).hexdigest()
