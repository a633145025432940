"""An export as JSON-LD of the Common Impact Data Standard, Basic tier: full names only, so that nobody fetches a context.

What the standard allows once is told in the primary language, untagged; the other languages stand beside it as labels and remarks.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from meervoud.files.impact.cids import (
    Address,
    Export,
    HowMuch,
    ImpactReport,
    Indicator,
    IndicatorReport,
    Period,
    Range,
    Risk,
    StakeholderOutcome,
    Words,
)
from meervoud.files.impact.cids_terms import (
    ADDRESS,
    BOOLEAN,
    CIDS,
    ENDED,
    IDENTIFIER,
    LABEL,
    LEGAL_NAME,
    MEASURE,
    NAME,
    NUMBER,
    REMARK,
    STARTED,
    VALUE,
)
from meervoud.files.impact.cids_values import Value, digits, moment, node_name, number, shown, tagged, text
from meervoud.files.impact.codes import Code, read_goals, read_iris
from meervoud.files.messages import unreadable
from meervoud.files.wording.language import language

PERCENT: Final = 100
_HOW: Final = {"ImpactScale": "hasImpactScale", "ImpactDepth": "hasImpactDepth", "ImpactDuration": "hasImpactDuration"}
Node = dict[str, Any]  # Any: values of JSON


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def names(self) -> Words: ...


def cids_document(export: Export) -> dict[str, Any]:  # Any: values of JSON
    """Return an export as JSON-LD; the same export in another order gives the same document.

    Raises:
        InputError: something the standard needs is missing, such as a region or a name in the primary language; an id is
            there twice; something points to what is not in the export; a value cannot be written.
    """
    return _Writer(export).document()


def cids_bytes(export: Export) -> bytes:
    """Return an export as a file of JSON-LD, byte for byte the same each time.

    Raises:
        InputError: as `cids_document`.
    """
    return (json.dumps(cids_document(export), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


class _Writer:
    def __init__(self, export: Export) -> None:
        self.export, self.said = export, language(export.language)
        self.nodes = dict[str, Node]()
        self.known = {
            "theme": _ids(export.themes),
            "outcome": _ids(export.outcomes),
            "indicator": _ids(export.indicators),
            "figure": _ids(export.reports),
            "stakeholder": _ids(export.stakeholders),
            "for-whom": _ids(export.stakeholder_outcomes),
            "impact": _ids(export.impact_reports),
        }

    def document(self) -> Node:
        self._organisation()
        for theme in self.export.themes:
            goals = [] if theme.goal is None else [self._code(_of(read_goals(), theme.goal, "cids_goal"))]
            self._node("theme", theme, "Theme", {f"{CIDS}hasCode": goals})
        self._outcomes()
        for indicator in self.export.indicators:
            self._indicator(indicator)
        for report in self.export.reports:
            self._figure(report)
        for each in self.export.stakeholders:
            kind = "ContributingStakeholder" if each.contributes else "BeneficialStakeholder"
            self._node("stakeholder", each, kind, self._ours())
        for told in self.export.stakeholder_outcomes:
            self._for_whom(told)
        for impact in self.export.impact_reports:
            self._impact(impact)
        return {"@graph": [self.nodes[iri] for iri in sorted(self.nodes)]}

    def _organisation(self) -> None:
        own = self.export.organisation
        address = [] if own.address is None else [self._address(own.address)]
        content = {
            LEGAL_NAME: [text(own.legal_name, what=own.id)],
            f"{CIDS}hasAddress": address,
            f"{CIDS}hasOutcome": self._all("outcome", _sorted_ids(self.export.outcomes)),
            f"{CIDS}hasIndicator": self._all("indicator", _sorted_ids(self.export.indicators)),
        }
        self._add(self._name("organisation", own.id), "Organization", content)

    def _address(self, address: Address) -> Value:
        own = self.export.organisation
        parts = {
            "streetAddress": address.street,
            "postalCode": address.postal_code,
            "addressLocality": address.locality,
            "addressRegion": address.region,
            "addressCountry": address.country,
        }
        if not address.region.strip():
            raise unreadable("cids_region", what=shown(own.legal_name))
        for each in parts.values():
            if not each.strip():
                raise unreadable("cids_address", what=shown(own.legal_name))
        content = {f"{CIDS}{name}": [text(each, what=name)] for name, each in parts.items()}
        return self._add(self._name("address", own.id), "Address", content)

    def _outcomes(self) -> None:
        for outcome in self.export.outcomes:
            measured = [each.id for each in self.export.indicators if outcome.id in each.outcomes]
            felt = [each.id for each in self.export.stakeholder_outcomes if each.outcome == outcome.id]
            links = {
                f"{CIDS}forTheme": self._all("theme", outcome.themes),
                f"{CIDS}hasIndicator": self._all("indicator", measured),
                f"{CIDS}hasStakeholderOutcome": self._all("for-whom", felt),
            }
            self._node("outcome", outcome, "Outcome", self._ours() | links)

    def _indicator(self, indicator: Indicator) -> None:
        unit = indicator.unit.get(self.export.language, "")
        if not unit.strip():
            raise unreadable("cids_unit", what=self._told(indicator), language=self.export.language)
        codes = [_of(read_iris(), indicator.iris, "cids_iris")] if indicator.iris else []
        figures = [each.id for each in self.export.reports if each.indicator == indicator.id]
        content = {
            f"{CIDS}unitDescription": [text(unit, what=indicator.id)],
            f"{CIDS}forOutcome": self._all("outcome", indicator.outcomes),
            f"{CIDS}forTheme": self._all("theme", indicator.themes),
            f"{CIDS}hasIndicatorReport": self._all("figure", figures),
            f"{CIDS}hasCode": [self._code(each) for each in codes],
            IDENTIFIER: [text(each.identifier) for each in codes],
        }
        self._node("indicator", indicator, "Indicator", self._ours() | content)

    def _figure(self, report: IndicatorReport) -> None:
        comments, others = self._words(report.comments, report)
        if report.range is not None:
            comments = [*comments, self._range(report.range, report)]
        if report.ledger_hash:
            said = self.said.say("From the ledger, with the hash %(hash)s.", hash=report.ledger_hash)
            comments = [*comments, text(said, what=report.id)]
        content = {
            f"{CIDS}forIndicator": self._all("indicator", [report.indicator]),
            f"{CIDS}hasComment": comments,
            REMARK: others,
            VALUE: [self._measure("figure", report.id, number(report.value, what=report.id))],
        }
        self._node("figure", report, "IndicatorReport", self._ours() | content | self._period(report.period, report))

    def _range(self, found: Range, report: IndicatorReport) -> Value:
        low, high = (digits(each, what=report.id) for each in (found.low, found.high))
        share = digits(found.certainty * PERCENT, what=report.id)
        if found.low > found.high or not 0 <= found.certainty <= 1:
            raise unreadable("cids_range", what=self._told(report))
        share = share.rstrip("0").rstrip(".") if "." in share else share
        return text(
            self.said.say(
                "The interval of %(share)s percent goes from %(low)s to %(high)s.", low=low, high=high, share=share
            )
        )

    def _for_whom(self, told: StakeholderOutcome) -> None:
        known = [] if told.is_underserved is None else [{"@value": told.is_underserved, "@type": BOOLEAN}]
        reports = [each.id for each in self.export.impact_reports if each.stakeholder_outcome == told.id]
        content = {
            f"{CIDS}forOutcome": self._all("outcome", [told.outcome]),
            f"{CIDS}forStakeholder": self._all("stakeholder", [told.stakeholder]),
            f"{CIDS}hasImpactReport": self._all("impact", reports),
            f"{CIDS}isUnderserved": known,
        }
        self._node("for-whom", told, "StakeholderOutcome", content)

    def _impact(self, report: ImpactReport) -> None:
        self._all("for-whom", [report.stakeholder_outcome])
        outcome = next(
            each.outcome for each in self.export.stakeholder_outcomes if each.id == report.stakeholder_outcome
        )
        comments, others = self._words(report.comments, report)
        content = {
            f"{CIDS}forOutcome": self._all("outcome", [outcome]),
            f"{CIDS}hasComment": comments,
            REMARK: others,
            f"{CIDS}hasImpactRisk": [
                self._risk(report, each, at) for at, each in enumerate(sorted(report.risks, key=_key), start=1)
            ],
        }
        _ids_of([each.dimension for each in report.how_much])
        for each in report.how_much:
            content[f"{CIDS}{_HOW[each.dimension]}"] = [self._how_much(report, each)]
        self._node("impact", report, "ImpactReport", self._ours() | content | self._period(report.period, report))

    def _how_much(self, report: ImpactReport, told: HowMuch) -> Value:
        kind, anyway = told.dimension.value, told.counterfactual
        content = self._description(told.descriptions, report)
        content[VALUE] = [self._measure(kind, report.id, number(told.value, what=report.id))]
        if anyway is not None:
            below = self._description(anyway.descriptions, report) | self._period(report.period, report)
            below[VALUE] = [self._measure(f"{kind}-anyway", report.id, number(anyway.value, what=report.id))]
            iri = self._name(f"anyway:{kind}", report.id)
            content[f"{CIDS}hasCounterfactual"] = [self._add(iri, "Counterfactual", below)]
        return self._add(self._name(kind, report.id), kind, content)

    def _risk(self, report: ImpactReport, risk: Risk, place: int) -> Value:
        content = self._description(risk.descriptions, report)
        for name, words in (
            ("hasLikelihood", risk.likelihood),
            ("hasConsequence", risk.consequence),
            ("hasMitigation", risk.mitigation),
        ):
            here, others = self._words(words, report)
            content[f"{CIDS}{name}"] = here
            content[REMARK] += others
        return self._add(self._name(f"risk:{place}", report.id), risk.kind.value, content)

    def _measure(self, kind: str, own: str, value: Value) -> Value:
        return self._add(self._name(f"measure:{kind}", own), MEASURE, {NUMBER: [value]})

    def _code(self, code: Code) -> Value:
        content = {  # texts as the published lists write them: some readers take the same text with a type for another
            NAME: [{"@value": code.name}],
            IDENTIFIER: [{"@value": code.identifier}],
            f"{CIDS}hasSpecification": [{"@value": code.keeper, "@type": ADDRESS}],
        }
        return self._add(code.iri, "Code", content)

    def _period(self, period: Period, told: _Named) -> Node:
        times = {STARTED: [moment(period.starts_at, what=told.id)], ENDED: [moment(period.ends_at, what=told.id)]}
        if period.ends_at < period.starts_at:
            raise unreadable("cids_period", what=self._told(told))
        return times

    def _ours(self) -> Node:
        return {f"{CIDS}forOrganization": [{"@id": self._name("organisation", self.export.organisation.id)}]}

    def _node(self, kind: str, told: _Named, class_name: str, content: Node) -> None:
        name = told.names.get(self.export.language, "")
        if not name.strip():
            raise unreadable("cids_name", what=self._told(told), language=self.export.language)
        labels = self._words(told.names, told)[1]
        words = self._description(getattr(told, "descriptions", {}), told)
        words[REMARK] += content.pop(REMARK, [])
        self._add(self._name(kind, told.id), class_name, {NAME: [text(name)], LABEL: labels} | words | content)

    def _description(self, words: Words, told: _Named) -> Node:
        here, others = self._words(words, told)
        return {f"{CIDS}hasDescription": here, REMARK: others}

    def _words(self, words: Words, told: _Named) -> tuple[list[Value], list[Value]]:
        """Return the words of the primary language, untagged, and those of the others; what is empty is left out."""
        filled = {code: each for code, each in words.items() if each.strip()}
        here = [text(each, what=told.id) for code, each in filled.items() if code == self.export.language]
        return here, [tagged(each, code, what=told.id) for code, each in filled.items() if code != self.export.language]

    def _all(self, kind: str, ids: Iterable[str]) -> list[Value]:
        for each in ids:
            if each not in self.known[kind]:
                raise unreadable("cids_unknown", value=shown(each))
        return [{"@id": self._name(kind, each)} for each in ids]

    def _name(self, kind: str, own: str) -> str:
        return node_name(self.export.base, kind, own)

    def _told(self, told: _Named) -> str:
        return shown(next((each for each in told.names.values() if each.strip()), told.id))

    def _add(self, iri: str, class_name: str, content: Mapping[str, Sequence[Value]]) -> Value:
        kept = {name: _in_order(values) for name, values in content.items() if values}
        kind = class_name if "://" in class_name else f"{CIDS}{class_name}"
        self.nodes[iri] = {"@id": iri, "@type": [kind], **kept}
        return {"@id": iri}


def _in_order(values: Sequence[Value]) -> list[Value]:
    once = {json.dumps(each, sort_keys=True): each for each in values}
    return [once[each] for each in sorted(once)]


def _key(risk: Risk) -> tuple[str, list[list[tuple[str, str]]]]:
    words = (risk.descriptions, risk.likelihood, risk.consequence, risk.mitigation)
    return risk.kind.value, [sorted(each.items()) for each in words]


def _sorted_ids(parts: Sequence[_Named]) -> list[str]:
    return sorted(each.id for each in parts)


def _ids(parts: Sequence[_Named]) -> frozenset[str]:
    return _ids_of([each.id for each in parts])


def _ids_of(ids: Sequence[str]) -> frozenset[str]:
    seen = set[str]()
    for each in ids:
        if each in seen:
            raise unreadable("cids_id", value=shown(each))
        seen.add(each)
    return frozenset(seen)


def _of(codes: Mapping[Any, Code], key: object, fault: str) -> Code:  # Any: a number or an id
    if key not in codes:
        raise unreadable(fault, value=shown(str(key)))
    return codes[key]
