"""Which crisis category a window of posts is about, where one stands out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from topics.tag import CATEGORY

# Fewer than these are a coincidence; a smaller part of what was said is one topic among several.
FEWEST = 3
LEAST_PART = 0.3
# A graver category with at least this part of the count of the most frequent one leads before it.
NEARLY_EVEN = 2 / 3
# What led to a category is shown to recognise it by; a rule can be longer than a sentence bears.
_WORDS_SHOWN, _LONGEST_SHOWN = 2, 40
_NEAR = re.compile(r" NEAR(?:/\d+)? ")
_WILDCARD = re.compile(r"\*(?!\w)")


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
        whole: all posts that matter, with a category or not.
        posts: what they are called.
    """

    category: str
    count: TagCount
    whole: Spoken
    posts: str

    @property
    def reason(self) -> str:
        """For people, as ``41 of 60 posts: outage ("down", "not working")``.

        It counts posts, while the decision counts those who said it of their own accord.
        """
        words = ", ".join(f'"{words}"' for words in self.count.evidence)
        return f"{self._share}: {self.category}{f' ({words})' if words else ''}"

    def sentence(self, name: str) -> str:
        """For people, as ``41 of 60 negative posts tell of outage: “website … down”, “not working”.``."""
        words = ", ".join(f"“{words}”" for words in self.words)
        return f"{self._share} tell of {name}{f': {words}' if words else ''}."

    @property
    def words(self) -> tuple[str, ...]:
        """What led to it most often, short enough for a sentence."""
        return tuple(_short(plainly(words)) for words in self.count.evidence[:_WORDS_SHOWN])

    @property
    def _share(self) -> str:
        return f"{self.count.spoken.mentions:,} of {self.whole.mentions:,} {self.posts}"


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
        posts: what the posts are called for people.
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
    return Leading(leading.name, leading, whole, posts)


def plainly(evidence: str) -> str:
    """``flight … cancelled`` for what a query with NEAR, quotes or wildcards found."""
    return _WILDCARD.sub("", _NEAR.sub(" … ", evidence).replace('"', ""))


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST_SHOWN else f"{words[: _LONGEST_SHOWN - 1].rstrip()}…"
