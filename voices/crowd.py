"""How many people speak, in which tone, and how loud the loudest of them are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(days=1)
# The busiest day is looked for in this long a past.
BUSIEST_OF = timedelta(days=90)
TARP = "TARP's studies for the White House Office of Consumer Affairs (1979, 1986)"


@dataclass(frozen=True, slots=True)
class Tones:
    """Mentions by their tone; what was not scored is counted, and is part of no share."""

    negative: int = 0
    neutral: int = 0
    positive: int = 0
    unscored: int = 0

    @property
    def mentions(self) -> int:
        """All mentions."""
        return self.scored + self.unscored

    @property
    def scored(self) -> int:
        """Mentions whose tone was judged."""
        return self.negative + self.neutral + self.positive

    @property
    def negative_share(self) -> float | None:
        """Negative over scored mentions, 0 to 1; None where none was scored."""
        return self.negative / self.scored if self.scored else None

    @property
    def ratio(self) -> float | None:
        """Sentiment, as socialmention.com had it: positive over negative mentions; None without a negative one."""
        return self.positive / self.negative if self.negative else None


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who stands behind the mentions of a window, of all of them or of those of one tone.

    Attributes:
        authors: distinct authors; an author is a name (or account) on a source, and each mention without one counts
            as an author of its own.
        loudest: mentions by the most frequent author.
        stories: distinct stories; reposts and copies with a few words changed tell the same one.
    """

    mentions: int = 0
    authors: int = 0
    loudest: int = 0
    stories: int = 0

    @property
    def loudest_share(self) -> float:
        """Part of the mentions by the most frequent author, 0 to 1."""
        return self.loudest / self.mentions if self.mentions else 0.0

    @property
    def passion(self) -> float | None:
        """How likely people speak again, as socialmention.com had it: mentions per author; None without any."""
        return self.mentions / self.authors if self.authors else None

    @property
    def reach(self) -> float | None:
        """Distinct authors over mentions, as socialmention.com had it, 0 to 1; None without any."""
        return self.authors / self.mentions if self.mentions else None


@dataclass(frozen=True, slots=True)
class Familiarity:
    """Whether the authors of a window spoke of the brand before it.

    Attributes:
        new: authors who are not known to have done so.
        returning: authors who did.
        nameless: mentions without an author, of whom nobody can tell.
    """

    new: int = 0
    returning: int = 0
    nameless: int = 0


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who spoke in a window.

    Attributes:
        complaints: those who spoke negatively, with their negative mentions.
    """

    tones: Tones
    voices: Crowd
    complaints: Crowd
    familiarity: Familiarity


@dataclass(frozen=True, slots=True)
class Voice:
    """One author in a window.

    Attributes:
        author: the name that people read.
        tones: how often the author spoke, and in which tone.
        followers: the most that any of these mentions told, None where none does.
        engagement: likes, replies and reposts of these mentions, None where no source tells.
        returning: spoke of the brand before the window.
    """

    author: str
    source: str
    tones: Tones
    followers: int | None
    engagement: int | None
    returning: bool


@dataclass(frozen=True, slots=True)
class TopVoices:
    """The authors who lead by one measure each, at most a handful; an author may lead by several."""

    by_followers: tuple[Voice, ...] = ()
    by_engagement: tuple[Voice, ...] = ()
    by_mentions: tuple[Voice, ...] = ()

    def leading(self, each: int) -> tuple[Voice, ...]:
        """The first few of each, everybody once: of most followers, then most answered, then most frequent."""
        orders = (self.by_followers, self.by_engagement, self.by_mentions)
        return tuple(dict.fromkeys(voice for order in orders for voice in order[:each]))


@dataclass(frozen=True, slots=True)
class Busiest:
    """The 24 hours with most mentions: how many, and their end (None where nothing was said)."""

    mentions: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Strength:
    """How much is said against what is possible: the last 24 hours against the busiest 24 hours of 90 days.

    After socialmention.com, which left "what is possible" open.

    Attributes:
        busiest_at: the end of the busiest 24 hours, None where nothing was said; they may be the last ones.
    """

    last_day: int = 0
    busiest_day: int = 0
    busiest_at: datetime | None = None

    @property
    def share(self) -> float | None:
        """0 to 1; None where nothing was said in 90 days."""
        return self.last_day / self.busiest_day if self.busiest_day else None

    @classmethod
    def of(cls, last: Busiest, known: Busiest) -> Strength:
        """The last 24 hours against the busiest that are known; those may be the last ones."""
        busiest = max(known, last, key=lambda one: one.mentions)
        return cls(last.mentions, busiest.mentions, busiest.at) if busiest.mentions else cls()


@dataclass(frozen=True, slots=True)
class SilentCustomers:
    """An estimate of how many people think as those who complain, and say nothing.

    Attributes:
        complaining: distinct authors of at least one negative mention.
        factor: how many stand behind each; 26 by TARP's studies.
    """

    complaining: int
    factor: int
    source: str = TARP

    @property
    def estimate(self) -> int:
        """Complaining authors times the factor."""
        return self.complaining * self.factor


@dataclass(frozen=True, slots=True)
class Share:
    """A brand's share of voice: its mentions over those of all brands compared, 0 to 1."""

    brand: str
    name: str
    competitor: bool
    tones: Tones
    share: float


def share_of_voice(brands: Sequence[tuple[str, str, bool, Tones]]) -> tuple[Share, ...]:
    """Shares of brands, given as id, name, whether it is a competitor, and mentions; the largest first."""
    total = sum(tones.mentions for *_, tones in brands)
    shares = (Share(*brand, share=brand[-1].mentions / total if total else 0.0) for brand in brands)
    return tuple(sorted(shares, key=lambda one: (-one.share, one.name)))
