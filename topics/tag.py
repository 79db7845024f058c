"""What a rule says that a mention is about."""

from __future__ import annotations

from dataclasses import dataclass

# The kind of tag that says what sort of crisis a text tells of.
CATEGORY = "category"
# The kind of tag that says which critical words stand near a brand.
CRITICAL = "critical"


@dataclass(frozen=True, slots=True, order=True)
class Tag:
    """That a mention is about something.

    Attributes:
        kind: :data:`CATEGORY`, or a kind that the team named in its settings (product, region, stage).
        name: which one of that kind.
        evidence: the words that led to it, as :class:`mentions.matching.Match` has them.
    """

    kind: str
    name: str
    evidence: str
