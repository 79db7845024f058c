"""A mention as it stands in a list: what was said, how it felt and why, what people say of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from database.corrections import Correction, Key, corrections_of
from database.reading_mentions import BrandMention, find_mention, told_alike
from database.tags import tags_of
from services.correcting import seen_as
from services.explaining import Explained, Place, explain
from services.installation import Installation
from topics.tag import Tag

# As many as a page shows at once.
MOST_KEPT = 50
# Ids have 64 bits.
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Item:
    """A mention of a brand with all that a reader is shown.

    Attributes:
        told: how many mentions tell its story, 0 where it is alone.
        seen: what to send along with a correction of it.
    """

    mention: BrandMention
    told: int
    tags: tuple[Tag, ...]
    correction: Correction | None
    explained: Explained | None
    seen: str

    @property
    def id(self) -> str:
        """A name for it on a page."""
        return f"{self.mention.id}-{self.mention.brand}"

    @property
    def chosen(self) -> str:
        """What a form sends of it where several are chosen: which one it is, and as what it was seen."""
        return token(self.mention.key, self.seen)

    @property
    def found(self) -> str:
        """The label that the machine gave it."""
        return self.correction.found if self.correction else self.mention.label

    @property
    def is_taken(self) -> bool:
        """Whether somebody took it from the brand, so that it counts no more."""
        return self.correction is not None and not self.correction.verdict.is_tone

    @property
    def title_places(self) -> tuple[Place, ...]:
        """What carried its tone in the title, where that is shown."""
        return self._places(0, len(self.mention.title))

    @property
    def text_places(self) -> tuple[Place, ...]:
        """What carried its tone in the text."""
        start = len(self.mention.content) - len(self.mention.text)
        return self._places(start, len(self.mention.content))

    def _places(self, start: int, end: int) -> tuple[Place, ...]:
        places = self.explained.places if self.explained else ()
        within = (one for one in places if start <= one.start and one.end <= end)
        return tuple(replace(one, start=one.start - start, end=one.end - start) for one in within)


def items(connection: Connection, inst: Installation, mentions: Sequence[BrandMention]) -> tuple[Item, ...]:
    """Mentions as readers see them; the few that are shown are scored again to say why."""
    keys = [one.key for one in mentions]
    corrections, tags = corrections_of(connection, keys), tags_of(connection, keys)
    alike = told_alike(connection, mentions)
    return tuple(_item(inst, one, alike, tags.get(one.key, ()), corrections.get(one.key)) for one in mentions)


def _item(
    inst: Installation,
    mention: BrandMention,
    alike: Mapping[int, int],
    tags: tuple[Tag, ...],
    correction: Correction | None,
) -> Item:
    seen = seen_as(correction, mention.edited_at)
    told = alike.get(mention.story_id or 0, 0)
    return Item(mention, told, tags, correction, explain(inst, mention.brand, mention), seen)


def with_kept(
    connection: Connection, mentions: Sequence[BrandMention], kept: str, brands: Collection[str]
) -> tuple[BrandMention, ...]:
    """The mentions of a page with those that somebody just corrected, in their places, whatever the filters say.

    Args:
        kept: :attr:`Item.id` of each, with commas between them.
        brands: of whose mentions they may be.
    """
    keys = {key for key in map(read_key, kept.split(",")[:MOST_KEPT]) if key and key[1] in brands}
    missing = keys - {one.key for one in mentions}
    found = filter(None, (find_mention(connection, key) for key in sorted(missing)))
    return tuple(sorted([*mentions, *found], key=lambda one: one.place, reverse=True))


def token(key: Key, seen: str) -> str:
    """A mention of a brand and as what it was seen, without blanks."""
    return f"{key[0]}-{key[1]}:{seen}"


def read_key(text: str) -> Key | None:
    """The mention of a brand that :attr:`Item.id` stands for, None where it stands for none."""
    number, _, brand = text.partition("-")
    fits = number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS
    return (int(number), brand) if fits and brand else None
