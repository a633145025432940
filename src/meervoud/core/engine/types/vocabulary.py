"""The closed lists of the field: kinds of spaces, facilities, activities, causes.

The order within a list is the order of bits in the index; new words go at the end.
A host may exclude activities, never groups of people: no list here names people to keep out.
"""

from typing import Literal

StepFree = Literal["yes", "limited", "no"]
Lend = Literal["inside", "outside", "always"]

SPACE_KINDS = (
    "office",
    "meeting_room",
    "community_centre",
    "library",
    "school",
    "cafe_restaurant",
    "place_of_worship",
    "vacant_shop",
    "vacant_building",
    "sports_hall",
    "theatre",
    "workshop",
    "ground_floor",
    "social_facility",
    "other",
)
FACILITIES = (
    "kitchen",
    "toilet",
    "accessible_toilet",
    "tables_chairs",
    "projector",
    "wifi",
    "sound_system",
    "piano",
    "stage",
    "storage",
    "heating",
    "parking",
    "bicycle_parking",
    "workbench",
    "heavy_power",
    "water",
    "mirror",
    "sports_floor",
    "changing_room",
    "shower",
    "outdoor_space",
    "baby_changing",
    "hearing_loop",
    "lift",
    "whiteboard",
    "computers",
)
ACTIVITIES = (
    "meeting",
    "meal",
    "cooking",
    "alcohol",
    "live_music",
    "amplified_sound",
    "movement",
    "handicraft",
    "repair",
    "messy_work",
    "selling",
    "public_event",
    "storing_goods",
    "overnight",
)
CAUSES = (
    "language",
    "repair",
    "loneliness",
    "education",
    "culture",
    "music",
    "health",
    "dementia",
    "food",
    "debt",
    "work",
    "newcomers",
    "climate",
    "sport",
    "neighbourhood",
    "safety",
)
LOUDNESS = ("quiet", "talking", "singing", "amplified")
EDGE_KINDS = ("doors", "alarm", "cleaning", "concierge", "heating")

SOLO_KINDS_OF_ACTIVITY = ("producing_alone", "informing", "deciding")
TOGETHER_KINDS_OF_ACTIVITY = ("finding_solutions", "personal_contact", "learning")
KINDS_OF_ACTIVITY = SOLO_KINDS_OF_ACTIVITY + TOGETHER_KINDS_OF_ACTIVITY
