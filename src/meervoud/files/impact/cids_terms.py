"""Words of the Common Impact Data Standard 3.2.1, by their full names, and what its Basic tier asks of each kind of node."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

CIDS: Final = "https://ontology.commonapproach.org/cids#"
ORG: Final = "http://ontology.eil.utoronto.ca/tove/organization#"
I72: Final = "http://ontology.eil.utoronto.ca/ISO21972/iso21972#"
PROV: Final = "http://www.w3.org/ns/prov#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

STRING, DATE_TIME, BOOLEAN, ADDRESS = (f"{XSD}{name}" for name in ("string", "dateTime", "boolean", "anyURI"))
NAME, LEGAL_NAME, IDENTIFIER = f"{ORG}hasName", f"{ORG}hasLegalName", f"{ORG}hasIdentifier"
VALUE, NUMBER, MEASURE = f"{I72}value", f"{I72}hasNumericalValue", f"{I72}Measure"
STARTED, ENDED = f"{PROV}startedAtTime", f"{PROV}endedAtTime"
LABEL, REMARK = f"{RDFS}label", f"{RDFS}comment"

Wanted = Literal["text", "time", "node"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a property of a kind of node must be.

    Attributes:
        path: full name of the property.
        least, most: how often it may stand there; None is no bound.
        wanted: plain text, a moment, or another node.
        kind: full name of the class of that node; "" elsewhere.
        is_advice: breaking it is no fault, only less than asked.
    """

    path: str
    least: int
    most: int | None
    wanted: Wanted = "text"
    kind: str = ""
    is_advice: bool = False


def _one(path: str, wanted: Wanted = "text", kind: str = "") -> Rule:
    return Rule(path, 1, 1, wanted, kind)


def _maybe(path: str) -> Rule:
    return Rule(path, 0, 1)


def _any(name: str, kind: str) -> Rule:
    return Rule(f"{CIDS}{name}", 0, None, "node", f"{CIDS}{kind}")


_DESCRIPTION: Final = Rule(f"{CIDS}hasDescription", 1, 1, is_advice=True)
_FOR_ORGANISATION: Final = _one(f"{CIDS}forOrganization", "node", f"{CIDS}Organization")
_ORGANISATION: Final = (
    _one(LEGAL_NAME),
    _any("hasAddress", "Address"),
    _any("hasOutcome", "Outcome"),
    _any("hasIndicator", "Indicator"),
)
ABOVE: Final[Mapping[str, tuple[str, ...]]] = {
    f"{CIDS}{each}Organization": (f"{CIDS}Organization", f"{ORG}Organization")
    for each in ("SocialPurpose", "Standards", "Financial")
} | {f"{CIDS}Organization": (f"{ORG}Organization",)}
"""Of what a class is a special case."""
RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    f"{ORG}Organization": _ORGANISATION,
    f"{CIDS}Address": (
        _one(f"{CIDS}streetAddress"),
        _one(f"{CIDS}addressLocality"),
        _one(f"{CIDS}addressRegion"),
        _one(f"{CIDS}postalCode"),
        _one(f"{CIDS}addressCountry"),
        _maybe(f"{CIDS}extendedAddress"),
        _maybe(f"{CIDS}postOfficeBoxNumber"),
    ),
    f"{CIDS}Theme": (_one(NAME), _DESCRIPTION, _any("hasCode", "Code"), _any("relatesTo", "Theme")),
    f"{CIDS}Outcome": (
        _one(NAME),
        _FOR_ORGANISATION,
        _DESCRIPTION,
        _any("forTheme", "Theme"),
        _any("hasIndicator", "Indicator"),
    ),
    f"{CIDS}Indicator": (
        _one(NAME),
        _FOR_ORGANISATION,
        _one(f"{CIDS}unitDescription"),
        _DESCRIPTION,
        _any("forOutcome", "Outcome"),
        _any("forTheme", "Theme"),
        _any("hasIndicatorReport", "IndicatorReport"),
        Rule(f"{CIDS}describesPopulation", 0, 1, "node", f"{I72}Population", is_advice=True),
    ),
    f"{CIDS}IndicatorReport": (
        _one(NAME),
        _one(f"{CIDS}forIndicator", "node", f"{CIDS}Indicator"),
        _FOR_ORGANISATION,
        _one(VALUE, "node", MEASURE),
        _one(STARTED, "time"),
        _one(ENDED, "time"),
        Rule(f"{CIDS}hasComment", 0, None, is_advice=True),
    ),
    MEASURE: (_one(NUMBER),),
}
"""What the Basic tier asks of each class; an organisation of any kind has the rules of all."""


def short_name(iri: str) -> str:
    """Return the last part of a full name."""
    return iri.rstrip("#/").replace("#", "/").rsplit("/", 1)[-1]
