"""One thing somebody said, as it travels from a source to the database."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

# Feeds with a clock a little ahead are common and harmless; later than this is a mistake or a trick.
FUTURE_TOLERANCE = timedelta(minutes=2)
# Nothing that a listener is asked about was written before the web was.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# What a key looks like that stands for another one, which is not to be read any more.
_DIGESTED = re.compile("digest:([0-9a-f]{32})")
# What a text is recognised by: a number that stands for all its words, numbers that stand for groups of them.
WordMarks = tuple[int | None, frozenset[int]]


class Dating(StrEnum):
    """How the published time of a mention came about."""

    STATED = "stated"
    MISSING = "missing"
    FUTURE = "future"
    ABSURD = "absurd"


@dataclass(frozen=True, slots=True)
class Published:
    """When a mention was published, and how that is known."""

    at: datetime
    dating: Dating


def date_mention(stated: datetime | None, seen_at: datetime) -> Published:
    """The published time to count a mention under.

    A missing, future or absurd date is clamped to the time the mention was seen, so that it can neither hide a
    mention in a bucket nobody looks at nor move it to one that is still to come. Naive times are taken as UTC.
    """
    if stated is None:
        return Published(seen_at, Dating.MISSING)
    if stated.tzinfo is None:
        stated = stated.replace(tzinfo=UTC)
    if stated < EARLIEST:
        return Published(seen_at, Dating.ABSURD)
    if stated > seen_at + FUTURE_TOLERANCE:
        return Published(seen_at, Dating.FUTURE)
    return Published(min(stated.astimezone(UTC), seen_at), Dating.STATED)


@dataclass(frozen=True, slots=True)
class Engagement:
    """How others answered a mention; None where the source does not say."""

    likes: int | None = None
    replies: int | None = None
    reposts: int | None = None
    views: int | None = None


class RatingScale(StrEnum):
    """What a rating that came with a text was asked as."""

    STARS = "stars"
    NPS = "nps"  # would you recommend us, 0 to 10
    CSAT = "csat"  # how satisfied are you
    CES = "ces"  # how easy was it


@dataclass(frozen=True, slots=True)
class Rating:
    """A figure that the author gave together with the text.

    Attributes:
        value: as given, from ``worst`` to ``best``; ``best`` may be the smaller one (a scale of effort).
    """

    value: float
    worst: float
    best: float
    scale: RatingScale = RatingScale.STARS

    @property
    def share(self) -> float:
        """Where it lies between worst (0) and best (1)."""
        return (self.value - self.worst) / (self.best - self.worst)


@dataclass(frozen=True, slots=True)
class Mention:
    """One post, comment or article.

    Attributes:
        key: stable identity over all sources, such as ``mastodon:<uri>``; the same key is the same mention.
        title: plain text, empty where the source has none.
        text: plain text, HTML removed and entities undone; title and text are never both empty.
        published: when it counts.
        url: http or https address for people to open, None where there is none.
        author: the name that people read, None where unknown.
        handle: the account that tells authors of one source apart, None where the source has no accounts.
        language: primary BCP 47 subtag in lower case (``en``), None where the source does not say.
        followers: how many people follow the author, None where the source does not say.
        rating: stars or a survey's score, None where none came with the text.
        word_marks: those of its title and text, where they were drawn before (:func:`mentions.stories.word_marks`);
            whoever changes either takes them out.
        fingerprints: what it was known by where that was taken out of it (:mod:`mentions.redaction`); never stored.
    """

    key: str
    title: str
    text: str
    published: Published
    url: str | None = None
    author: str | None = None
    language: str | None = None
    engagement: Engagement = field(default_factory=Engagement)
    followers: int | None = None
    handle: str | None = None
    rating: Rating | None = None
    word_marks: WordMarks | None = field(default=None, compare=False, repr=False)
    fingerprints: frozenset[str] = frozenset()

    @property
    def voice(self) -> str | None:
        """What tells authors of one source apart: the account, else the name."""
        return self.handle or self.author

    @property
    def content(self) -> str:
        """What is matched and scored."""
        return content_of(self.title, self.text)

    @property
    def digest(self) -> str:
        """32 hexadecimal digits that stand for the key where its length must be bounded."""
        if known := _DIGESTED.fullmatch(self.key):
            return known[1]
        return hashlib.blake2b(self.key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    @property
    def nameless_key(self) -> str:
        """A key of the same digest that tells nothing: the address of a post may name its author."""
        return f"digest:{self.digest}"


def content_of(title: str, text: str) -> str:
    """What is matched and scored: the title, then the text unless it only repeats the title."""
    if text.startswith(title):
        return text
    return f"{title}\n{text}" if text else title
