"""How a sentence is put together, and the words that talk of any kind needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random

Slots = Mapping[str, Sequence[str]]

_SLOT = re.compile(r"\{(\w+)\}")
_SENTENCE_START = re.compile(r"(?:^|(?<=[.!?] )|(?<=\n))[a-z]")


class Composer:
    """Fills the slots of templates for one post; a slot keeps its word all through the post."""

    def __init__(self, rng: Random, slots: Slots) -> None:
        self._rng = rng
        self._slots = slots
        self._chosen: dict[str, str] = {}

    def sentence(self, templates: Sequence[str]) -> str:
        """One of the templates with its slots filled, starting with a capital letter."""
        filled = self._fill(self._rng.choice(templates))
        return _SENTENCE_START.sub(lambda start: start[0].upper(), filled)

    def _fill(self, template: str) -> str:
        return _SLOT.sub(lambda slot: self._word(slot[1]), template)

    def _word(self, slot: str) -> str:
        if slot not in self._chosen:
            self._chosen[slot] = self._fill(self._rng.choice(self._slots[slot]))
        return self._chosen[slot]


TRAVEL: Slots = {
    "city": (
        *("Lisbon", "Oslo", "Porto", "Palermo", "Bergen", "Tallinn", "Valencia", "Marseille", "Split", "Gdańsk"),
        *("Reykjavík", "Naples", "Seville", "Riga", "Bilbao", "Athens", "Corfu", "Malta", "Edinburgh", "Zürich"),
        *("Málaga", "Turin", "Faro", "Trieste", "Funchal", "Helsinki"),
    ),
    "home": (
        *("Hamburg", "Copenhagen", "Manchester", "Lyon", "Brussels", "Vienna", "Bristol", "Leeds", "Stockholm"),
        *("Rotterdam", "Cologne", "Geneva", "Milan", "Warsaw", "Prague", "Glasgow", "Nantes", "Stuttgart"),
    ),
    "flight": tuple(f"NW {number}" for number in range(112, 988, 7)),
    "gate": tuple(f"gate {pier}{number}" for pier in "ABCD" for number in range(3, 38, 4)),
    "seat": tuple(f"{row}{letter}" for row in range(4, 32, 3) for letter in "ABCDEF"),
    "clock": tuple(f"{hour}:{minute:02}" for hour in range(5, 24) for minute in (5, 20, 35, 50)),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "month": ("March", "April", "May", "June", "September", "October", "November"),
    "hours": ("two", "three", "four", "five", "six", "seven", "nine", "eleven"),
    "minutes": ("25", "35", "40", "50", "55", "70", "80", "95", "110"),
    "few": ("two", "three", "four", "five"),
    "kin": ("my mum", "my wife", "my husband", "my dad", "my sister", "my daughter", "my son", "my gran", "my partner"),
    "price": tuple(f"€{euros}" for euros in range(38, 420, 13)),
    "event": (
        *("a wedding", "a funeral", "a job interview", "my sister's graduation", "a hospital appointment"),
        *("a concert", "my dad's 70th", "a school trip", "the christening", "a conference talk"),
    ),
}

FIRST_NAMES = (
    *("ana", "bram", "carla", "dmitri", "elif", "freya", "gustav", "hana", "ines", "jonas", "kaja", "leon", "marta"),
    *("niamh", "oskar", "petra", "quentin", "rosa", "sami", "tilda", "ulrik", "vera", "wanda", "yusuf", "zofia", "ayo"),
    *("bea", "ciaran", "dora", "emre", "fleur", "greta", "hugo", "ida", "jana", "kofi", "lotte", "milan", "nora"),
    *("olu", "paul", "ruth", "stefan", "tess", "uma", "victor", "will", "xenia", "yara", "zeno"),
)
SECOND_NAMES = (
    *("birch", "cobble", "dune", "ember", "fjord", "gable", "harbour", "ivy", "juniper", "kettle", "lantern", "mallow"),
    *("nettle", "orchard", "pebble", "quill", "rook", "saddle", "thistle", "umber", "velvet", "willow", "yarrow"),
    *("zephyr", "bakes", "cycles", "draws", "gardens", "hikes", "knits", "paints", "reads", "runs", "sails", "types"),
)
