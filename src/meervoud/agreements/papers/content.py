"""What stands on a contract and on the page for who approves, in the language of the agreement."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meervoud.agreements.drafting import name_of_group
from meervoud.agreements.models import Agreement, Approval, Kind, Signature, State, Version
from meervoud.agreements.terms import read_terms
from meervoud.files.wording.language import Language, language
from meervoud.matching.models import Side

Data = dict[str, Any]  # Any: values of JSON
LINE: Final = "____________________"
BRIEF: Final = ("parties", "space", "times", "period", "free", "pays", "access", "insurance", "end")
HASH_LETTERS: Final = 12


def contract_of(agreement: Agreement, version: Version, digest: str) -> Data:
    """Return all that stands on the contract: a draft says so; what is signed names who signed.

    Args:
        agreement: with its programme, offer, host, request and who asks.
        version: of it.
        digest: SHA-256 of the bytes that are signed.
    """
    said = language(agreement.language)
    signatures = {each.side: each for each in version.signatures.select_related("by")}
    with translation.override(agreement.language):
        names = _names(agreement)
        return {
            "lang": agreement.language,
            "title": _("Agreement: %(space)s") % {"space": agreement.offer.space.name},
            "author": agreement.programme.name,
            "mark": _mark(agreement, version),
            "lead": _lead(agreement, version, said),
            "sides": [{"role": str(Side(side).label).capitalize(), "name": names[side]} for side in _order()],
            "clauses": [{"title": each["title"], "text": each["text"]} for each in version.clauses],
            "tables": [_moments(version, said), _approvals(agreement, said)],
            "signatures_title": _("Signatures"),
            "signatures": [_signature(side, names, signatures.get(side), agreement) for side in _order()],
            "hash": _("Fingerprint of what is signed (SHA-256): %(hash)s") % {"hash": digest},
            "words": _words(agreement, version, names, digest),
            **_edges(version, digest),
        }


def brief_of(agreement: Agreement, approval: Approval, version: Version, digest: str) -> Data:
    """Return what somebody who approves decides on: who comes, when, who opens and closes, who pays, how it ends."""
    said = language(agreement.language)
    clauses = {each["key"]: each for each in version.clauses}
    with translation.override(agreement.language):
        asked = _("Asked of: %(who)s") % {"who": approval.get_who_display()}
        until = _("answer until %(day)s") % {"day": said.day(approval.due_on)} if approval.due_on else ""
        moments = [f"{each[1]} {each[2]}-{each[3]}" for each in moments_of(version, said)]
        return {
            "lang": agreement.language,
            "title": _("To decide on: %(space)s") % {"space": agreement.offer.space.name},
            "author": agreement.programme.name,
            "lead": " · ".join(filter(None, (", ".join(filter(None, (asked, approval.name))), until))),
            "clauses": [clauses[key] for key in BRIEF if key in clauses],
            "moments": _how_many(moments) if moments else "",
            "shortened": _("Shortened to fit one page. The agreement itself has all the words."),
            "answer_title": _("Your answer"),
            "answers": [
                _("yes"),
                _("yes, with these conditions:") + f" {LINE}{LINE}",
                _("no, because:") + f" {LINE}{LINE}",
            ],
            "sign": _("Date and name:") + f" {LINE}{LINE}",
            "note": _("Version %(number)s. Questions? Call the desk: %(phone)s.")
            % {"number": version.number, "phone": agreement.programme.desk_phone},
            **_edges(version, digest),
        }


def moments_of(version: Version, said: Language) -> list[list[str]]:
    """Return each moment as weekday, day, from, to and week, on the clock of the place."""
    zone = ZoneInfo(version.agreement.programme.time_zone)
    pairs = read_terms(version.terms).times.moments
    return [_moment(said, start.astimezone(zone), end.astimezone(zone)) for start, end in pairs]


def _moment(said: Language, start: datetime, end: datetime) -> list[str]:
    day = said.period(start.date(), start.date())
    later = "" if end.date() == start.date() else f" ({said.period(end.date(), end.date())})"
    week = str(start.isocalendar().week)
    return [said.weekday(start.weekday()), day, f"{start:%H:%M}", f"{end:%H:%M}{later}", week]


def _how_many(moments: list[str]) -> str:
    text = ngettext("%(number)s moment: %(first)s", "%(number)s moments, the first: %(first)s", len(moments))
    return text % {"number": len(moments), "first": moments[0]}


def _words(agreement: Agreement, version: Version, names: dict[str, str], digest: str) -> dict[str, str]:
    """Return the gaps of a contract in Word that hold one text; see gaps.py."""
    said = language(agreement.language)
    return {
        "title": _("Agreement: %(space)s") % {"space": agreement.offer.space.name},
        "kind": str(Kind(version.terms["kind"]).label),
        "host": names[Side.HOST],
        "group": names[Side.ASKER],
        "programme": agreement.programme.name,
        "space": agreement.offer.space.name,
        "version": str(version.number),
        "day": _day(version.created_at, agreement, said),
        "mark": _mark(agreement, version) or _("Copy"),
        "model_text": _("Model text, not checked by a lawyer."),
        "hash": digest,
        "hash_short": digest[:HASH_LETTERS],
    }


def _order() -> tuple[str, ...]:
    return (Side.HOST, Side.ASKER)


def _names(agreement: Agreement) -> dict[str, str]:
    proposal = agreement.proposal
    proposal.request, proposal.programme = agreement.request, agreement.programme
    return {Side.HOST: agreement.offer.host.name, Side.ASKER: name_of_group(proposal)}


def _mark(agreement: Agreement, version: Version) -> str:
    if agreement.state == State.WITHDRAWN:
        return _("Withdrawn")
    return "" if len(version.signatures.all()) == len(Side.values) else _("Draft")


def _lead(agreement: Agreement, version: Version, said: Language) -> str:
    made = _("Version %(number)s of %(day)s") % {
        "number": version.number,
        "day": _day(version.created_at, agreement, said),
    }
    return f"{str(Kind(version.terms['kind']).label).capitalize()} · {made}"


def _day(at: datetime, agreement: Agreement, said: Language) -> str:
    return said.day(at.astimezone(ZoneInfo(agreement.programme.time_zone)).date())


def _moments(version: Version, said: Language) -> Data:
    heads = [_("Weekday"), _("Day"), _("From"), _("To"), _("Week")]
    return {"title": _("All moments"), "heads": heads, "rows": moments_of(version, said)}


def _approvals(agreement: Agreement, said: Language) -> Data:
    heads = [_("Who approves"), _("For"), _("Answer"), _("On"), _("Holds until"), _("Conditions")]
    rows = agreement.approvals.order_by("created_at", "pk")
    return {"title": _("Approvals"), "heads": heads, "rows": [_approval(each, agreement, said) for each in rows]}


def _approval(row: Approval, agreement: Agreement, said: Language) -> list[str]:
    is_hidden = row.side == Side.ASKER and agreement.request.is_sheltered  # a name of theirs may tell who they are
    name = "" if is_hidden else row.name
    days = [said.period(each, each) if each else "" for each in (row.answered_on, row.valid_until)]
    who = ": ".join(filter(None, (str(row.get_who_display()), name)))
    return [who, str(row.get_side_display()), str(row.get_answer_display()), *days, row.conditions]


def _signature(side: str, names: dict[str, str], signed: Signature | None, agreement: Agreement) -> dict[str, str]:
    role = f"{str(Side(side).label).capitalize()}: {names[side]}"
    if signed is None:
        return {"text": "\n".join((role, _("Name, date and signature:"), f"\n{LINE}{LINE}")), "hash": ""}
    zone, said = ZoneInfo(agreement.programme.time_zone), language(agreement.language)
    at = signed.created_at.astimezone(zone)
    is_hidden = side == Side.ASKER and agreement.request.is_sheltered
    who = names[side] if is_hidden or signed.by is None else signed.by.name
    sentence = _("Signed by %(name)s on %(day)s at %(time)s, %(way)s.")
    gaps = {"name": who, "day": said.day(at.date()), "time": f"{at:%H:%M}", "way": signed.get_way_display()}
    return {"text": f"{role}\n{sentence % gaps}", "hash": signed.sha256}


def _edges(version: Version, digest: str) -> Data:
    foot = (_("Model text, not checked by a lawyer."), _("Version %(number)s") % {"number": version.number})
    return {
        "foot": " · ".join((*foot, digest[:HASH_LETTERS])),
        "unprinted": _("These letters could not be printed, and stand here by their number: %(letters)s."),
    }
