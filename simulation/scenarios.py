"""The crises that a team can drill, told of any brand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulation import phrases_drill as phrases
from simulation.post import Place
from simulation.writing import Kind, Mix


@dataclass(frozen=True, slots=True)
class Scenario:
    """A kind of crisis.

    Attributes:
        title: what happens, in a few words.
        category: the crisis category that its posts are about.
        playbook: the one that is made for it; where a team has none of that name, its usual one is taken.
        mix: what people say.
    """

    key: str
    title: str
    category: str
    playbook: str
    mix: Mix


def _everywhere(*kinds: tuple[Kind, int]) -> Mix:
    return dict.fromkeys((Place.FORUM, Place.MASTODON, Place.HACKERNEWS), kinds)


def _outcry(openings: Sequence[str]) -> Mix:
    kind = Kind(openings, phrases.FURY, phrases.DEMANDS, phrases.TITLES, phrases.EMOJI, phrases.TAGS)
    return _everywhere((kind, 1))


ORDINARY = _everywhere(
    (Kind(phrases.ORDINARY, phrases.ORDINARY_ENDS, titles=phrases.TITLES, tags=phrases.TAGS), 6),
    (Kind(phrases.GRUMBLES, phrases.ORDINARY_ENDS, titles=phrases.TITLES, tags=phrases.TAGS), 1),
)
SCENARIOS = (
    Scenario(
        "service-failure",
        "Orders are cancelled, nobody answers",
        "service-failure",
        "service-failure",
        _outcry(phrases.SERVICE_FAILURE),
    ),
    Scenario(
        "product-safety",
        "A product hurts people",
        "safety",
        "product-safety",
        _outcry(phrases.PRODUCT_SAFETY),
    ),
    Scenario("data-leak", "Data of customers is in strange hands", "breach", "data-breach", _outcry(phrases.DATA_LEAK)),
    Scenario("rumour", "A rumour goes round", "rumour", "misinformation", _outcry(phrases.RUMOUR)),
)
