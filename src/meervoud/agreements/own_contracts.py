"""A programme's own contract in Word: its desk brings one for a language, and takes it away again."""

from pathlib import PurePath
from typing import Final

from django.db import transaction

from meervoud.agreements.models import Agreement, ContractTemplate
from meervoud.agreements.papers.content import Data
from meervoud.agreements.papers.word import check_template, docx_of, gaps_of, own_template
from meervoud.core.errors import InputError, NotAllowedError
from meervoud.files.wording.language import LANGUAGES
from meervoud.lib.journal import journal
from meervoud.parties.models import Person, Programme
from meervoud.parties.roles import works_for

FOR: Final = "the template of the programme that an agreement belongs to"


@transaction.atomic
def put_contract(*, programme: Programme, by: Person, code: str, name: str, data: bytes) -> ContractTemplate:
    """Take a template for a language in the place of the one that was there; it is checked and filled once on trial.

    Raises:
        InputError: it cannot be used, and why.
        NotAllowedError: the person does not work for the programme.
    """
    _check_staff(programme, by)
    if code not in LANGUAGES:
        raise InputError("Choose a language from the list.", code="contract_language")
    check_template(data)
    rows = ContractTemplate.objects.every(because=FOR)
    values = {"data": data, "name": PurePath(name.replace("\x00", "")).name[-120:] or "contract.docx", "by": by}
    kept, _is_new = rows.update_or_create(programme=programme, language=code, defaults=values)
    journal(by, "contract_template.put", kept, programme=str(programme.pk), language=code)
    return kept


@transaction.atomic
def remove_contract(*, template: ContractTemplate, by: Person) -> None:
    """Take a template away; agreements then have ours again.

    Raises:
        NotAllowedError: the person does not work for the programme.
    """
    _check_staff(template.programme, by)
    journal(by, "contract_template.removed", template, language=template.language)
    template.delete()


def contract_docx(agreement: Agreement, paper: Data) -> bytes:
    """Return an agreement in Word, on the programme's own template where it has one for the language.

    Raises:
        InputError: its template cannot be filled with this agreement.
    """
    rows = ContractTemplate.objects.every(because=FOR)
    found = rows.filter(programme=agreement.programme_id, language=agreement.language).first()
    return docx_of(bytes(found.data) if found else own_template(agreement.language), gaps_of(paper))


def _check_staff(programme: Programme, by: Person) -> None:
    if not works_for(by, programme):
        raise NotAllowedError("Only the desk of the programme changes its contract.")
