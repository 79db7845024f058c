"""What a rule says that a mention is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# The kind of tag that says what sort of crisis a text tells of.
CATEGORY = "category"
# The kind of tag that says which critical words a text holds near the brand.
CRITICAL = "critical"


@dataclass(frozen=True, slots=True, order=True)
class Tag:
    """That a mention is about something.

    Attributes:
        kind: :data:`CATEGORY`, :data:`CRITICAL`, or a kind that the team named (product, region, stage).
        name: which one of that kind.
        evidence: the words that led to it, as :class:`mentions.matching.Match` has them.
    """

    kind: str
    name: str
    evidence: str

    @property
    def label(self) -> tuple[str, str]:
        """Which tag it is, whatever led to it."""
        return self.kind, self.name


def is_critical(tags: Iterable[Tag]) -> bool:
    """Whether any of the tags is of critical words."""
    return any(tag.kind == CRITICAL for tag in tags)
