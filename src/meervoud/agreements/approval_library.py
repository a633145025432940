"""Who normally has to approve, by country and kind of organisation: suggestions with a source and the day they were checked."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from meervoud.agreements.consenting import Needed, ask_approval
from meervoud.agreements.models import Agreement, Approval
from meervoud.core.errors import InputError
from meervoud.matching.models import Side
from meervoud.parties.models import Person

LATEST: Final = "2026-11"
LAW: Final = "law"


@dataclass(frozen=True)
class Preset:
    """One that normally has a say.

    Attributes:
        key: its name.
        country: of the programme, as two letters.
        side: whose approval it is.
        organisations: kinds of the organisation on that side; none is every kind.
        contracts: kinds of contract; none is every kind.
        who: one of Approval.Who.
        is_required: whether signing waits for it.
        basis: a law, or practice that no law asks for.
        source: the law, "" for practice.
        reasons: when and why, by language.
        checked: the day somebody last looked whether this is so.
    """

    key: str
    country: str
    side: str
    organisations: frozenset[str]
    contracts: frozenset[str]
    who: str
    is_required: bool
    basis: Literal["law", "practice"]
    source: str
    reasons: dict[str, str]
    checked: date

    @property
    def who_words(self) -> str:
        """Who, in words."""
        return str(Approval.Who(self.who).label)


@cache
def presets(version: str = LATEST) -> tuple[Preset, ...]:
    """Return all presets of one version of the list."""
    text = files("meervoud.agreements").joinpath(f"approval_presets/{version}.toml").read_text("utf-8")
    read = tomllib.loads(text)
    return tuple(
        Preset(
            key=each["key"],
            country=each["country"],
            side=each["side"],
            organisations=frozenset(each.get("organisations", ())),
            contracts=frozenset(each.get("contracts", ())),
            who=each["who"],
            is_required=each["is_required"],
            basis=each["basis"],
            source=each.get("source", ""),
            reasons={code: each[code] for code in ("nl", "en", "da")},
            checked=each.get("checked", read["checked"]),
        )
        for each in read["preset"]
    )


def suggested(agreement: Agreement, side: str, asked: set[str]) -> list[Preset]:
    """Return who normally approves for one side of an agreement, without those who are asked already."""
    organisation = agreement.offer.host if side == Side.HOST else agreement.request.organisation
    kind = organisation.kind if organisation else ""
    return [
        each
        for each in presets()
        if (each.country, each.side) == (agreement.programme.country, side)
        and each.who not in asked
        and (not each.organisations or kind in each.organisations)
        and (not each.contracts or agreement.kind in each.contracts)
    ]


def add_suggested(*, agreement: Agreement, by: Person, side: str, keys: set[str]) -> list[Approval]:
    """Note those whom a side chose from what is suggested; whoever is asked already is not asked twice.

    Raises:
        ConflictError: it was signed or withdrawn.
        InputError: a suggestion that is not on the list.
        NotAllowedError: the person does not speak for that side.
    """
    if not keys or keys - {each.key for each in presets()}:
        raise InputError("Choose at least one from the list.", code="approval_preset")
    asked = set(agreement.approvals.filter(side=side).values_list("who", flat=True))
    chosen = {each.who: each for each in suggested(agreement, side, asked) if each.key in keys}
    return [
        ask_approval(agreement=agreement, by=by, needed=Needed(side, each.who, is_required=each.is_required))
        for each in chosen.values()
    ]
