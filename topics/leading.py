"""Which crisis category a window of posts is about, where one stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from topics.tag import CATEGORY

# Fewer than these are a coincidence; a smaller part of what was said is one topic among several.
FEWEST = 3
LEAST_PART = 0.3
# A graver category with at least this part of the count of the most frequent one leads before it.
NEARLY_EVEN = 2 / 3


@dataclass(frozen=True, slots=True)
class Spoken:
    """How much was said.

    Attributes:
        mentions: posts, each once.
        voices: distinct authors; a post without an author counts as one.
        stories: distinct stories, however often each is told.
    """

    mentions: int
    voices: int
    stories: int

    @property
    def independent(self) -> int:
        """How many said it of their own accord: one voice that repeats itself is one, so is one text that many copy."""
        return min(self.voices, self.stories)


@dataclass(frozen=True, slots=True)
class TagCount:
    """How often a tag was said.

    Attributes:
        kind, name: of the tag, as in :class:`topics.tag.Tag`.
        spoken: the mentions that carry it.
        negative: how many of them are negative.
        evidence: what led to it most often, the most frequent first.
    """

    kind: str
    name: str
    spoken: Spoken
    negative: int
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leading:
    """The category that a window is about.

    Attributes:
        reason: for people, as ``41 of 60 posts: outage ("down", "not working")``; it counts posts, while the decision
            counts those who said it of their own accord.
    """

    category: str
    count: TagCount
    reason: str


def leading_category(
    counts: Sequence[TagCount], whole: Spoken, gravest_first: Sequence[str], *, posts: str = "negative posts"
) -> Leading | None:
    """The crisis category that stands out in a window, None where none does.

    It must be told by :data:`FEWEST` who speak of their own accord, and by :data:`LEAST_PART` of all who do. Of several
    the most frequent leads, unless a graver one is nearly as frequent (:data:`NEARLY_EVEN`).

    Args:
        counts: of the posts that matter (the negative ones); tags of other kinds are passed over.
        whole: all posts that matter, with a category or not.
        gravest_first: names of categories; those that are not among them come last.
        posts: what the posts are called in the reason.
    """
    enough = max(FEWEST, LEAST_PART * whole.independent)
    frequent = [one for one in counts if one.kind == CATEGORY and one.spoken.independent >= enough]
    if not frequent:
        return None
    close = NEARLY_EVEN * max(one.spoken.independent for one in frequent)
    gravity = {name: place for place, name in enumerate(gravest_first)}
    leading = min(
        (one for one in frequent if one.spoken.independent >= close),
        key=lambda one: (gravity.get(one.name, len(gravity)), -one.spoken.independent, one.name),
    )
    return Leading(leading.name, leading, _reason(leading, whole, posts))


def _reason(leading: TagCount, whole: Spoken, posts: str) -> str:
    words = ", ".join(f'"{words}"' for words in leading.evidence)
    because = f" ({words})" if words else ""
    return f"{leading.spoken.mentions:,} of {whole.mentions:,} {posts}: {leading.name}{because}"
