"""The words of the closed lists, for people to read; the codes are those of the engine."""

from meervoud.files.wording.language import Language, mark

SPACE_KINDS = {
    "office": mark("office"),
    "meeting_room": mark("meeting room"),
    "community_centre": mark("community centre"),
    "library": mark("library"),
    "school": mark("school"),
    "cafe_restaurant": mark("café or restaurant"),
    "place_of_worship": mark("place of worship"),
    "vacant_shop": mark("vacant shop"),
    "vacant_building": mark("vacant building"),
    "sports_hall": mark("sports hall"),
    "theatre": mark("theatre"),
    "workshop": mark("workshop"),
    "ground_floor": mark("ground floor"),
    "social_facility": mark("social facility"),
    "other": mark("other space"),
}
FACILITIES = {
    "kitchen": mark("kitchen"),
    "toilet": mark("toilet"),
    "accessible_toilet": mark("accessible toilet"),
    "tables_chairs": mark("tables and chairs"),
    "projector": mark("projector"),
    "wifi": mark("wifi"),
    "sound_system": mark("sound system"),
    "piano": mark("piano"),
    "stage": mark("stage"),
    "storage": mark("storage"),
    "heating": mark("heating"),
    "parking": mark("parking"),
    "bicycle_parking": mark("bicycle parking"),
    "workbench": mark("workbench"),
    "heavy_power": mark("three-phase power"),
    "water": mark("tap and sink"),
    "mirror": mark("mirror wall"),
    "sports_floor": mark("sports floor"),
    "changing_room": mark("changing room"),
    "shower": mark("shower"),
    "outdoor_space": mark("outdoor space"),
    "baby_changing": mark("baby changing table"),
    "hearing_loop": mark("hearing loop"),
    "lift": mark("lift"),
    "whiteboard": mark("whiteboard"),
    "computers": mark("computers"),
}
ACTIVITIES = {
    "meeting": mark("meeting"),
    "meal": mark("a meal"),
    "cooking": mark("cooking"),
    "alcohol": mark("alcohol"),
    "live_music": mark("live music"),
    "amplified_sound": mark("amplified sound"),
    "movement": mark("movement or dance"),
    "handicraft": mark("handicraft"),
    "repair": mark("repairs"),
    "messy_work": mark("messy work"),
    "selling": mark("selling"),
    "public_event": mark("a public event"),
    "storing_goods": mark("storing goods"),
    "overnight": mark("staying overnight"),
}
CAUSES = {
    "language": mark("learning a language"),
    "repair": mark("repairing and sharing"),
    "loneliness": mark("against loneliness"),
    "education": mark("homework and learning"),
    "culture": mark("art and culture"),
    "music": mark("music and singing"),
    "health": mark("health and care"),
    "dementia": mark("people with dementia"),
    "food": mark("food and eating together"),
    "debt": mark("help with debts and money"),
    "work": mark("finding work"),
    "newcomers": mark("newcomers and refugees"),
    "climate": mark("climate and green"),
    "sport": mark("sport and movement"),
    "neighbourhood": mark("neighbours together"),
    "safety": mark("safety and shelter"),
}
LOUDNESS = {
    "quiet": mark("quiet"),
    "talking": mark("talking"),
    "singing": mark("singing and instruments"),
    "amplified": mark("amplified sound"),
}
CONDITIONS = {
    "time": mark("time"),
    "capacity": mark("number of people"),
    "capacity_min": mark("smallest group"),
    "area": mark("floor area"),
    "facilities": mark("facilities"),
    "step_free": mark("step-free access"),
    "activities": mark("permitted activities"),
    "loudness": mark("permitted noise"),
    "distance": mark("distance"),
    "budget": mark("price"),
    "currency": mark("currency"),
    "evenings": mark("how often a month"),
    "position": mark("position"),
    "price": mark("price"),
}
PARTS = {
    "time_fit": mark("time"),
    "distance": mark("distance"),
    "size_fit": mark("size"),
    "wishes": mark("wishes"),
    "causes": mark("cause"),
    "neighbourhood": mark("neighbourhood"),
    "continuity": mark("stays where it is"),
}
CERTAINTIES = {
    "sure": mark("fits"),
    "assumed": mark("fits if our assumptions hold"),
    "ask": mark("ask first"),
}
EDGES = {
    "hours": mark("opening hours of the host"),
    "doors": mark("doors locked"),
    "alarm": mark("alarm armed"),
    "cleaning": mark("cleaning"),
    "concierge": mark("concierge not there"),
    "heating": mark("heating off"),
    "closed": mark("closed"),
    "holiday": mark("public holiday"),
    "notice": mark("the notice that the host needs"),
    "booking": mark("another booking"),
    "clock": mark("summer time begins"),
}
_TABLES = {
    "kinds": SPACE_KINDS,
    "facilities": FACILITIES,
    "activities": ACTIVITIES,
    "causes": CAUSES,
    "loudness": LOUDNESS,
    "conditions": CONDITIONS,
    "parts": PARTS,
    "certainties": CERTAINTIES,
    "edges": EDGES,
}


def name_of(language: Language, table: str, code: str) -> str:
    """Return the word for a code of a table; the code itself where the table has none (a reason of a closure)."""
    words = _TABLES[table]
    return language.say(words[code]) if code in words else code


def names_of(language: Language, table: str, codes: str) -> str:
    """Return the words for codes joined by commas, as one list."""
    return language.together([name_of(language, table, code) for code in codes.split(",") if code])
