"""What a window of posts is about, at one look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sentiment.score import Label
from topics.counting import Read
from topics.drivers import Drivers, contrast, read
from topics.representatives import Representative, representatives
from topics.said import Texts
from topics.terms import MOST_CHARACTERS, Reader

# More than these are sampled, to answer within two seconds.
MOST_WINDOW, MOST_BASELINE = 5_000, 10_000
# Of all texts together; of many texts only the beginnings are read, but no less than a post of 280 characters.
_CHARACTERS, _SHORTEST = 8_000_000, 280
# With fewer negative posts, three that stand for them would be all of them.
_FEW_NEGATIVE = 4


@dataclass(frozen=True, slots=True)
class Overview:
    """What a window is about.

    Attributes:
        drivers: what stands out against the baseline.
        anger: what stands out in the negative posts of the window against its neutral and positive ones; where nothing
            does (there may be hardly any of those), not compared, but what most negative voices say.
        representatives: up to three posts that stand for many, the most central first.
        negative_only: whether they stand for the negative posts; where there are few, they stand for all.
        window_total, baseline_total: mentions that there were; where these are more than the texts that
            ``drivers.window`` and ``drivers.baseline`` tell of, an even sample of them was read.
    """

    drivers: Drivers
    anger: Drivers
    representatives: tuple[Representative, ...]
    negative_only: bool
    window_total: int
    baseline_total: int


def overview(window: Texts, baseline: Texts, own: Iterable[str] = ()) -> Overview:
    """What a window is about, against its baseline.

    Args:
        own: names and phrases of the brand, which stand everywhere and tell nothing.
    """
    window, baseline = window.sample(MOST_WINDOW), baseline.sample(MOST_BASELINE)
    reader = Reader(own)
    texts = len(window.said) + len(baseline.said)
    most = max(_SHORTEST, min(MOST_CHARACTERS, _CHARACTERS // max(texts, 1)))
    told = list(read(window.said, reader, most))
    negative = [one for one in told if one[0].label is Label.NEGATIVE]
    rest = [one for one in told if one[0].label in {Label.NEUTRAL, Label.POSITIVE}]
    negative_only = len(negative) >= _FEW_NEGATIVE
    return Overview(
        drivers=contrast(told, read(baseline.said, reader, most)),
        anger=_anger(negative, rest),
        representatives=representatives(negative if negative_only else told),
        negative_only=negative_only,
        window_total=window.total,
        baseline_total=baseline.total,
    )


def _anger(negative: Sequence[Read], rest: Sequence[Read]) -> Drivers:
    found = contrast(negative, rest)
    return found if found.found else contrast(negative, ())
