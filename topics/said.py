"""What is read to see what people talk about: texts of a time, or an even sample of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sentiment.score import Label

# Neighbouring ids are far apart on a ring of prime length, so that a piece of it is an even sample of every time.
RING, STRIDE = 1_000_003, 618_033


@dataclass(frozen=True, slots=True)
class Said:
    """One mention as far as it tells what people talk about.

    Attributes:
        id: of the mention; samples are drawn by it.
        content: title and text (:attr:`mentions.mention.Mention.content`), or its beginning.
        story_id: equal for mentions that tell the same story (:mod:`mentions.stories`).
        voice: equal for mentions of the same author of the same source.
        source: id of the source.
        published_at: with its time zone.
        label: the tone of the text.
        url: where it can be read.
    """

    id: int
    content: str
    story_id: int
    voice: str
    source: str
    published_at: datetime
    label: Label
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Texts:
    """Mentions of a time, or an even sample of them.

    Attributes:
        said: in any order.
        total: how many there were to draw from; more than there are where they are a sample.
    """

    said: tuple[Said, ...] = ()
    total: int = 0

    def sample(self, most: int) -> Texts:
        """About so many of them; which ones depends on their ids and on nothing else."""
        limit = piece(most, len(self.said))
        return Texts(tuple(one for one in self.said if one.id * STRIDE % RING < limit), self.total)


def everything(said: Iterable[Said]) -> Texts:
    """Mentions of which none is left out."""
    found = tuple(said)
    return Texts(found, len(found))


def piece(most: int, total: int) -> int:
    """How much of the ring of ids holds about ``most`` of ``total`` mentions."""
    return RING if total <= most else RING * most // total
