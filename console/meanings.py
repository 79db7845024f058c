"""What the figures of a brand's page mean, for those who ask; docs/voices.md says more of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voices.crowd import SilentCustomers


@dataclass(frozen=True, slots=True)
class Meaning:
    """A figure's name and what it is."""

    name: str
    text: str


def meanings(silent: SilentCustomers) -> Mapping[str, Meaning]:
    """By a short key, in the order in which the page has them."""
    about_silent = (
        f"An estimate: people who complain times {silent.factor}, for those who think alike and say nothing. "
        f"The factor is from {silent.source}; set silent_customers to your own."
    )
    return {
        "independent": Meaning(
            "independent", "Each person and each text counts once a day, so a few loud authors do not lead the list."
        ),
        "people": Meaning("people", "Different authors; a post without one counts as one person."),
        "complaining": Meaning("complaining", "Of these, the authors of at least one negative post."),
        "loudest": Meaning("by the loudest", "The part of all posts that the most frequent author wrote."),
        "stories": Meaning("different texts", "Reposts and copies with a few words changed count as one."),
        "new": Meaning(
            "new voices",
            "The part of the named authors who had not spoken of the brand before; a dash where no past is known.",
        ),
        "silent": Meaning("silent, estimated", about_silent),
        "strength": Meaning("strength", "Posts of the last 24 hours over those of the busiest 24 hours of 90 days."),
        "sentiment": Meaning(
            "positive to negative", "Positive posts and negative ones; what is not scored is neither."
        ),
        "passion": Meaning("passion", "Posts per person: how likely the same people speak again."),
        "reach": Meaning("reach", "People over posts: 100% where everybody spoke once. Passion turned over."),
        "share": Meaning("share of voice", "A brand's posts over those of all brands in the settings, in this window."),
        "voice_share": Meaning(
            "share of voices", "The same with people instead of posts; who speaks of two brands counts for both."
        ),
    }
