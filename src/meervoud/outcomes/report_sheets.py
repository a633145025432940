"""The numbers of a published report as data, part by part, from what is frozen."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from meervoud.lib.saying import spoken
from meervoud.outcomes.corrections import as_read
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.headlines import MEANINGS
from meervoud.outcomes.models import Figure, Published
from meervoud.outcomes.report_papers import say_made_up
from meervoud.outcomes.sheet_files import Column, Line, Row, Sheet, Value, crossed, listed
from meervoud.outcomes.shortfall import REASONS, SHELTERED
from meervoud.outcomes.sums import HOURS_A_WEEK
from meervoud.usage.models import Evidence

FLOORS: Final = (
    (Figure.DOUBLE_USE, "double_use_m2", "m2"),
    (Figure.M2_HOURS, "m2_hours", "m2-hours"),
    (Figure.REUSE, "reuse_m2", "m2"),
    (Figure.HOSTS, "hosts", "hosts"),
    (Figure.INITIATIVES, "initiatives", "initiatives"),
)


def sheets_of(published: Published, said: Facts) -> list[Sheet]:
    """Return the data of a report in the language of the page.

    Args:
        published: with its report.
        said: what is frozen, from `read_frozen`.
    """
    facts = said["facts"]
    return [
        listed("about", _("About this file"), _about(published, said)),
        listed("figures", _("Figures"), [*_use(facts["use"]), *_contribution(facts), *_aims(facts)]),
        _evidence(facts),
        listed("shortfall", _("What did not come about"), _shortfall(facts)),
        _not_placed(facts),
        _areas(facts),
        _months(facts),
        _hours(facts),
        listed("imported", _("Imported, not confirmed"), _use(facts["imported"]) if facts["imported"] else []),
        _portfolio(facts),
        _corrections(published),
    ]


def say_hidden() -> str:
    """Return what stands where a number is hidden: never a 0, never nothing."""
    return _("<5 or hidden")


def _shown(number: float | None) -> Value:
    return say_hidden() if number is None else number


def _about(published: Published, said: Facts) -> list[Line]:
    facts, texts = said["facts"], said["texts"]
    notice = say_made_up(facts)
    worth, hall = facts["contribution"], facts["hall"]
    lines = [
        Line(_("Notice"), "notice", notice) if notice else None,
        Line(_("Report"), "title", texts["title"]),
        Line(_("Programme"), "programme", facts["programme"]["name"]),
        Line(_("City"), "city", facts["programme"]["city"]),
        Line(_("First day"), "first", facts["first"]),
        Line(_("Last day"), "last", facts["last"]),
        Line(_("Published on"), "published_at", published.at.isoformat()),
        Line(_("Fingerprint of what is published (SHA-256)"), "sha256", published.sha256),
        Line(
            _("What a hidden number is"),
            "hidden",
            _("A number of people or groups under 5, or one from which such a number could be worked out."),
        ),
        Line(_("Price per m2 and hour: source"), "tariff.source", f"{worth['source']} ({worth['price_year']})"),
        Line(
            _("The hall to compare with"), "hall", f"{hall['name']}, {hall['m2']} m2 ({hall['source']}, {hall['year']})"
        )
        if hall
        else None,
        *(Line(str(each.label), f"definition.{each.value}", str(MEANINGS[each])) for each in Figure),
    ]
    return [each for each in lines if each]


def _use(use: Facts) -> list[Line]:
    people, most = use["people"], _shown(use["people"]["most"])
    if people["least"] is not None and people["most"] is None:
        most = _("not known")
    hours, label = _hours_of(use["room_minutes"]), {each: str(each.label) for each in Figure}
    return [
        Line(label[Figure.HOURS], "hours", hours, "hours"),
        Line(label[Figure.HOURS], "room_minutes", use["room_minutes"], "minutes"),
        Line(label[Figure.MOMENTS], "moments", use["stays"], "moments"),
        Line(_("people, at least"), "people.least", _shown(people["least"]), "people"),
        Line(_("people, at most"), "people.most", most, "people"),
        Line(label[Figure.VISITS], "visits", _shown(use["visits"]), "visits"),
        *(Line(label[figure], name, use[name], unit) for figure, name, unit in FLOORS),
        Line(_("times that somebody was there"), "uses", use["uses"], "times"),
        Line(_("times that people were counted"), "counted", _shown(use["counted"]), "times"),
        Line(_("rooms of which the floor is not known"), "rooms_without_area", use["rooms_without_area"], "rooms"),
        Line(_("minutes in those rooms"), "minutes_without_area", use["minutes_without_area"], "minutes"),
    ]


def _hours_of(minutes: int) -> float:
    return round(minutes / 60, 4)


def _contribution(facts: Facts) -> Iterator[Line]:
    worth = facts["contribution"]
    names = (("low", _("lowest")), ("likely", _("most likely")), ("high", _("highest")))
    for (key, word), cents, tariff in zip(names, worth["cents"], worth["tariff"], strict=True):
        name = f"{Figure.CONTRIBUTION.label}, {word}"
        yield Line(name, f"contribution.{key}", cents / 100, worth["currency"])
        yield Line(
            "{}, {}".format(_("Price per m2 and hour"), word),
            f"tariff.{key}",
            float(tariff),
            f"{worth['currency']}/m2-hour",
        )


def _aims(facts: Facts) -> Iterator[Line]:
    """Return targets, and the figures of the period before; those of people are never in it."""
    for code, amount in sorted(facts["targets"].items()):
        yield Line("{}, {}".format(Figure(code).label, _("target")), f"target.{code}", amount)
    before = facts["before"] or {}
    names = ((Figure.HOURS, "room_minutes", "minutes"), (Figure.MOMENTS, "stays", "moments"), *FLOORS)
    for figure, name, unit in names:
        if name in before:
            yield Line("{}, {}".format(figure.label, _("the period before")), f"before.{name}", before[name], unit)


def _evidence(facts: Facts) -> Sheet:
    columns = [
        Column("uses", _("Times that somebody was there"), "times"),
        Column("minutes", _("Minutes"), "minutes"),
        Column("visits", _("Visits"), "visits"),
    ]
    found = facts["evidence"]
    rows = [
        Row((str(each.label),), each.value, [_shown(found[each][name]) for name in ("uses", "minutes", "visits")])
        for each in Evidence
        if each in found
    ]
    return crossed("evidence", _("How we know"), [_("Evidence")], columns, rows)


def _shortfall(facts: Facts) -> list[Line]:
    missed, withdrawn, before = facts["not_placed"], facts["withdrawn"], facts["room_before"]
    cost = facts["cost_cents"]
    return [
        Line(_("requests posted"), "asked", _shown(missed["asked"]), "requests"),
        Line(_("requests with a room"), "placed", _shown(missed["placed"]), "requests"),
        Line(_("dates that hosts withdrew"), "withdrawn.moments", withdrawn["moments"], "moments"),
        Line(_("minutes of those dates"), "withdrawn.minutes", withdrawn["minutes"], "minutes"),
        Line(_("of those, with another room"), "withdrawn.moved", withdrawn.get("moved", ""), "moments"),
        Line(_("groups that had no room before"), "before.without", _shown(before["without"]), "groups"),
        Line(_("groups that told where they met"), "before.said", _shown(before["said"]), "groups"),
        Line(_("groups that did not tell"), "before.unsaid", _shown(before["unsaid"]), "groups"),
        Line(
            _("what the programme cost"),
            "cost",
            _("not filled in") if cost is None else cost / 100,
            facts["programme"]["currency"],
        ),
    ]


def _not_placed(facts: Facts) -> Sheet:
    missed = facts["not_placed"]
    counts = {(area, reason): number for area, reason, number in missed["counts"]}
    totals = missed.get("totals", {"areas": {}, "reasons": {}})
    used = [code for code in REASONS if code in totals["reasons"]]
    columns = [Column(code, str(REASONS[code]), "requests") for code in used]
    rows = [
        Row(
            (_area_of(area),),
            area if area == SHELTERED else "",
            [*(_shown(counts.get((area, code), 0)) for code in used), _shown(total)],
        )
        for area, total in sorted(totals["areas"].items())
    ]
    if rows:
        whole = None if missed["asked"] is None else missed["asked"] - missed["placed"]
        values = [*(_shown(totals["reasons"][code]) for code in used), _shown(whole)]
        rows.append(Row((_("All together"),), "all", values))
    columns.append(Column("all", _("All together"), "requests"))
    title = _("Requests without a room")
    return crossed("not_placed", title, [_("Neighbourhood")], columns, rows)


def _area_of(area: str | None) -> str:
    if area is None or area == SHELTERED:
        return _("groups that need shelter, wherever")
    return area or _("no neighbourhood is known")


def _areas(facts: Facts) -> Sheet:
    columns = [
        Column("minutes", _("Minutes"), "minutes"),
        Column("moments", _("Usage moments"), "moments"),
        Column("visits", _("Visits"), "visits"),
    ]
    rows = [
        Row(
            (_area_of(row["area"]),),
            SHELTERED if row["area"] is None else "",
            [_shown(row[each.key]) for each in columns],
        )
        for row in facts["areas"]
    ]
    return crossed("neighbourhoods", _("Neighbourhoods"), [_("Neighbourhood")], columns, rows)


def _months(facts: Facts) -> Sheet:
    columns = [Column("minutes", _("Minutes"), "minutes"), Column("hours", _("Hours"), "hours")]
    rows = [Row((name,), "", [minutes, _hours_of(minutes)]) for name, minutes in sorted(facts["months"].items())]
    return crossed("months", _("Months"), [_("Month")], columns, rows)


def _hours(facts: Facts) -> Sheet:
    """Return the room-minutes of the whole period in each hour of the week, by neighbourhood where that is told apart.

    Reports from before version 2 of the facts say nothing of rooms that are not offered by the hour.
    """
    offered, used, said = facts["hours"]["offered"], facts["hours"]["used"], spoken()
    apart = facts["hours"].get("apart", {})
    columns = [
        Column("offered", _("Minutes offered"), "minutes"),
        Column("used", _("Minutes used") if apart is not None else _("Minutes used, in all rooms"), "minutes"),
        *([Column("apart", _("Minutes used in rooms that are not offered by the hour"), "minutes")] if apart else []),
    ]
    areas, none = sorted({*offered, *used, *(apart or {})}), [0] * HOURS_A_WEEK
    kinds, is_hidden = (offered, used, *([apart] if apart else [])), not used and bool(facts["use"]["room_minutes"])
    rest = _("all other neighbourhoods together") if len(areas) > 1 else _("all neighbourhoods together")
    rows = [
        Row(
            (area or rest, said.weekday(hour // 24), f"{hour % 24:02}:00"),
            f"{hour // 24 + 1}.{hour % 24:02}",
            [_shown(None) if each is used and is_hidden else each.get(area, none)[hour] for each in kinds],
        )
        for area in areas
        for hour in range(HOURS_A_WEEK)
    ]
    heads = [_("Neighbourhood"), _("Weekday"), _("From")]
    return crossed("hours", _("Hours of the week"), heads, columns, rows)


def _portfolio(facts: Facts) -> Sheet:
    """Return what others say that the initiatives are worth: a part of its own, that is never added to any other."""
    currency = facts["programme"]["currency"]
    columns = [
        Column("amount", _("Amount, never added to anything"), currency),
        Column("is_at_least", _("The source says: more than"), ""),
        Column("initiatives", _("Initiatives"), "initiatives"),
        Column("year", _("Year"), "year"),
    ]
    rows = [
        Row(
            (each["source"],),
            "",
            [each["cents"] / 100, _("yes") if each["is_at_least"] else _("no"), each["initiatives"], each["year"]],
        )
        for each in facts["portfolio"]
    ]
    return crossed("portfolio", _("Value of the initiatives"), [_("Source")], columns, rows)


def _corrections(published: Published) -> Sheet:
    columns = [
        Column("old", _("Old figure"), ""),
        Column("new", _("New figure"), ""),
        Column("why", _("Why"), ""),
        Column("at", _("On"), ""),
    ]
    rows = [
        Row((each.name,), each.figure, [each.old, each.new, each.why, each.at.isoformat()])
        for each in as_read(published.report.corrections.all())
    ]
    return crossed("corrections", _("Corrections"), [_("Figure")], columns, rows)
