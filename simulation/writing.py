"""How one post is written: which kind it is, what it says, and the manners of the place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from simulation import phrases_crisis as crisis
from simulation import phrases_elsewhere as elsewhere
from simulation import phrases_ordinary as ordinary
from simulation.phrases import TRAVEL, Composer, Slots
from simulation.post import BrandStory, Place

_SLOTS: Slots = {**TRAVEL, **crisis.CRISIS_SLOTS}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of post: what it opens with, what may follow and then follow that, its titles, emoji, tags, language."""

    openings: Sequence[str]
    endings: Sequence[str] = ()
    demands: Sequence[str] = ()
    titles: Sequence[str] = ordinary.TITLES
    emoji: Sequence[str] = ordinary.EMOJI
    tags: Sequence[str] = elsewhere.TAGS
    language: str = "en"
    about_brand: bool = True


@dataclass(frozen=True, slots=True)
class Written:
    """What a post says, before anybody has published it."""

    title: str
    text: str
    language: str | None


Mix = Mapping[Place, Sequence[tuple[Kind, int]]]

_CHATTER = Kind(
    elsewhere.CHATTER,
    elsewhere.CHATTER_ENDS,
    titles=elsewhere.CHATTER_TITLES,
    emoji=elsewhere.EMOJI,
    about_brand=False,
)
_EVERYDAY = (
    (Kind(ordinary.QUESTIONS, ordinary.QUESTION_ENDS), 17),
    (Kind(ordinary.OBSERVATIONS, ordinary.OBSERVATION_ENDS), 18),
    (Kind(ordinary.PRAISE, ordinary.PRAISE_ENDS), 19),
    (Kind(ordinary.GRUMBLES, ordinary.GRUMBLE_ENDS, emoji=ordinary.GRUMBLE_EMOJI), 15),
    (Kind(ordinary.SPANISH, language="es"), 3),
    (Kind(ordinary.GERMAN, language="de"), 3),
    (_CHATTER, 25),
)
_TECHNICAL = (
    (Kind(ordinary.TECHNICAL, ordinary.OBSERVATION_ENDS, titles=ordinary.STORY_TITLES), 30),
    (
        Kind(elsewhere.TECHNICAL_CHATTER, elsewhere.CHATTER_ENDS, titles=elsewhere.THREADS, about_brand=False),
        70,
    ),
)
ORDINARY: Mix = {Place.FORUM: _EVERYDAY, Place.MASTODON: _EVERYDAY, Place.HACKERNEWS: _TECHNICAL}


def _airport(openings: Sequence[str], endings: Sequence[str] = (), demands: Sequence[str] = ()) -> Kind:
    return Kind(openings, endings, demands, crisis.CRISIS_TITLES, crisis.CRISIS_EMOJI, crisis.CRISIS_TAGS)


_STRANDED = (
    (_airport(crisis.CANCELLED, crisis.FURY, crisis.DEMANDS), 32),
    (_airport(crisis.ON_HOLD, crisis.FURY, crisis.DEMANDS), 25),
    (_airport(crisis.STRANDED, crisis.FURY, crisis.DEMANDS), 25),
    (_airport(crisis.MATTER_OF_FACT, crisis.DEMANDS), 12),
    (_airport(crisis.OBSERVERS), 6),
)
_FAILURE = Kind(crisis.TECHNICAL_CRISIS, crisis.TECHNICAL_ENDS, titles=crisis.CRISIS_STORY_TITLES)
CRISIS: Mix = {Place.FORUM: _STRANDED, Place.MASTODON: _STRANDED, Place.HACKERNEWS: ((_FAILURE, 1),)}


def write(rng: Random, mix: Mix, place: Place, brand: BrandStory) -> Written:
    """One post for a place; if its kind is about the brand, its text names the brand."""
    kinds, weights = zip(*mix[place], strict=True)
    kind: Kind = rng.choices(kinds, weights)[0]
    composer = Composer(rng, {**_SLOTS, "brand": brand.names_at(place)})
    text = _with_manners(rng, _body(rng, composer, kind), kind, place)
    if place is Place.MASTODON:
        return Written("", _tagged(rng, text, kind, brand), None if _sometimes(rng, 0.04) else kind.language)
    return Written(_title(rng, composer, kind, place), text, kind.language)


def _sometimes(rng: Random, share: float) -> bool:
    return rng.random() < share


def _body(rng: Random, composer: Composer, kind: Kind) -> str:
    sentences = [composer.sentence(kind.openings)]
    if kind.endings and _sometimes(rng, 0.6):
        sentences.append(composer.sentence(kind.endings))
    if kind.demands and _sometimes(rng, 0.4):
        sentences.append(composer.sentence(kind.demands))
    return ("\n\n" if _sometimes(rng, 0.15) else " ").join(sentences)


def _title(rng: Random, composer: Composer, kind: Kind, place: Place) -> str:
    if place is Place.HACKERNEWS:
        return composer.sentence(kind.titles) if _sometimes(rng, 0.25) else ""
    return ("Re: " if _sometimes(rng, 0.45) else "") + composer.sentence(kind.titles)


def _with_manners(rng: Random, text: str, kind: Kind, place: Place) -> str:
    if place is Place.HACKERNEWS:
        return text
    if _sometimes(rng, 0.08):
        text = text.lower()
    if _sometimes(rng, 0.1):
        text = text.removesuffix(".")
    return f"{text} {rng.choice(kind.emoji)}" if _sometimes(rng, 0.12) else text


def _tagged(rng: Random, text: str, kind: Kind, brand: BrandStory) -> str:
    """The text with the tags under which people on Mastodon want it found."""
    tags = [f"#{rng.choice(kind.tags)}"] if _sometimes(rng, 0.15 if kind.about_brand else 0.7) else []
    if kind.about_brand and brand.hashtag.lower() not in text.lower():
        tags.insert(0, brand.hashtag)
    return " ".join([text, *tags])
