"""How a brand stands: beside other brands, against the time before, and where it was heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from voices.answer import FEWEST_WINDOWS
from voices.crowd import Tones


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in a time: mentions by tone, and by how many different authors."""

    tones: Tones = field(default_factory=Tones)
    voices: int = 0


@dataclass(frozen=True, slots=True)
class Listened:
    """A brand in a window and in as much time before it.

    Attributes:
        since: since when anything is known of it, None where nothing ever was heard.
    """

    brand: str
    name: str
    competitor: bool
    now: Heard
    before: Heard
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """A brand's part in what is said of all of them; shares are from 0 to 1.

    Attributes:
        mentions: share of the mentions.
        voices: share of the voices; who speaks of two brands is a voice of each.
        change: of the share of mentions against the time before, in parts of the whole; None where that is not known.
        before: what was heard of it then, None where that is not known.
    """

    brand: str
    name: str
    competitor: bool
    heard: Heard
    mentions: float
    voices: float
    change: float | None
    before: Heard | None


@dataclass(frozen=True, slots=True)
class Shares:
    """Share of voice: the largest first.

    Attributes:
        young: names of brands that have not been listened to for long enough to say what was before; while there are
            any, no share is compared with the one before.
    """

    parts: tuple[Part, ...]
    young: tuple[str, ...]

    @property
    def compared(self) -> bool:
        """Whether there is anything to compare with."""
        return len(self.parts) > 1

    @property
    def with_competitor(self) -> bool:
        """Whether any of the brands is a competitor."""
        return any(part.competitor for part in self.parts)

    @property
    def heard(self) -> bool:
        """Whether anything was heard at all."""
        return any(part.heard.tones.mentions for part in self.parts)


def shares_of(brands: Sequence[Listened], before_since: datetime) -> Shares:
    """Shares of brands in a window, against those of as much time before it, which begins at ``before_since``.

    A brand of which something is known, but not from there on, seems to have grown however much was said of it.
    """
    young = tuple(one.name for one in brands if one.since and one.since > before_since)
    now, before = _total([one.now for one in brands]), _total([one.before for one in brands])
    parts = [_part(one, now, before, known=not young) for one in brands]
    return Shares(tuple(sorted(parts, key=lambda part: (-part.mentions, -part.voices, part.name))), young)


def _total(heard: Sequence[Heard]) -> tuple[int, int]:
    return sum(one.tones.mentions for one in heard), sum(one.voices for one in heard)


def _part(one: Listened, now: tuple[int, int], before: tuple[int, int], *, known: bool) -> Part:
    share = _over(one.now.tones.mentions, now[0])
    compared = known and now[0] and before[0]
    return Part(
        one.brand,
        one.name,
        one.competitor,
        one.now,
        share,
        _over(one.now.voices, now[1]),
        share - _over(one.before.tones.mentions, before[0]) if compared else None,
        one.before if known else None,
    )


def _over(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Brought:
    """What a source brought of a brand.

    Attributes:
        usual: mentions that are usual of it in so long a time, None where too little is known.
    """

    source: str
    tones: Tones
    usual: float | None


def brought_by(
    now: Mapping[str, Tones], past: Sequence[tuple[datetime, Mapping[str, int]]], since: Mapping[str, datetime]
) -> tuple[Brought, ...]:
    """What sources brought, the most first; one that is usually heard and brought nothing is among them.

    Args:
        now: by source.
        past: windows of the same length, each with its beginning and mentions by source.
        since: since when each source has told of the brand; a window that begins earlier says nothing of it.
    """
    found, enough = [], min(FEWEST_WINDOWS, len(past))
    for source in sorted({*now, *(name for _, counts in past for name in counts)}):
        windows = [counts.get(source, 0) for start, counts in past if source in since and since[source] <= start]
        usual = sum(windows) / len(windows) if windows and len(windows) >= enough else None
        found.append(Brought(source, now.get(source, Tones()), usual))
    heard = (one for one in found if one.tones.mentions or (one.usual and round(one.usual)))
    return tuple(sorted(heard, key=lambda one: (-one.tones.mentions, -(one.usual or 0.0), one.source)))


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said in one language, None where it is not known."""

    language: str | None
    tones: Tones


@dataclass(frozen=True, slots=True)
class Standing:
    """How a brand stands in a window.

    Attributes:
        before: the brand in as much time before, None where that is not known.
        sources: what each brought.
        past_windows: how many windows before say what is usual of a source.
        languages: the most frequent first.
    """

    since: datetime
    until: datetime
    shares: Shares
    now: Heard
    before: Heard | None
    sources: tuple[Brought, ...]
    past_windows: int
    languages: tuple[Spoken, ...]
