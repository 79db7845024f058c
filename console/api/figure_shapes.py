"""The figures of a brand in a window, as programs read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from console.api.shapes import Answer
from reports.wave import WaveChart
from services.topics import Topics
from services.voices import VoicesReport
from voices.crowd import Crowd, Share, Tones, Voice


class TonesAnswer(Answer):
    """Mentions by tone; `unscored` are counted, and are part of no share."""

    mentions: int
    negative: int
    neutral: int
    positive: int
    unscored: int
    negative_share: float | None = Field(description="Of those that were scored, 0 to 1.")


class CrowdAnswer(Answer):
    """How many people stand behind mentions, and how loud the loudest is."""

    mentions: int
    authors: int
    stories: int
    loudest_share: float


class VoiceAnswer(Answer):
    """One author; the name is a stranger's words."""

    author: str
    source: str
    mentions: int
    negative: int
    followers: int | None
    engagement: int | None
    returning: bool


class PointAnswer(Answer):
    """What was counted from `start` until the next point, and what is usual there."""

    start: datetime
    observed: int
    expected: float
    expected_high: float
    negative: int
    whole: bool = Field(description="False for the last point while its time is not over.")


class VolumeAnswer(Answer):
    """Mentions over time."""

    step_seconds: float
    points: list[PointAnswer]


class UsualAnswer(Answer):
    """What is usual for a window of this length."""

    mentions: float
    negative: float
    negative_share: float | None


class ShareAnswer(Answer):
    """A brand's share of voice among all brands of the settings, 0 to 1."""

    brand: str
    name: str
    competitor: bool
    mentions: int
    share: float


class SourceShare(Answer):
    """What one source brought."""

    source: str
    tones: TonesAnswer


class PeopleAnswer(Answer):
    """Everybody who spoke, and those who complained."""

    everybody: CrowdAnswer
    complaining: CrowdAnswer
    new: int
    returning: int
    nameless: int
    silent_estimate: int = Field(description="How many think so and say nothing, by the factor of the settings.")


class FiguresAnswer(Answer):
    """The figures of a brand in a window."""

    brand: str
    since: datetime
    until: datetime
    mood: str = Field(examples=["angrier"])
    headline: str
    detail: str
    usual: UsualAnswer | None
    tones: TonesAnswer
    volume: VolumeAnswer
    people: PeopleAnswer
    loudest_voices: list[VoiceAnswer]
    sources: list[SourceShare]
    share_of_voice: list[ShareAnswer]


class DriverAnswer(Answer):
    """Something that is said more than before; `z` is how far that is from chance."""

    kind: str
    text: str
    count: int
    baseline_count: int
    expected: float | None
    voices: int
    stories: int
    z: float | None
    example_mention: int


class StandsForMany(Answer):
    """A post that stands for many."""

    mention: int
    why: str


class DriversAnswer(Answer):
    """What drives a window; its words are those of strangers."""

    brand: str
    since: datetime
    until: datetime
    baseline_since: datetime
    compared: bool = Field(description="False where there is no past to compare with yet.")
    drivers: list[DriverAnswer]
    representatives: list[StandsForMany]


def figures(
    report: VoicesReport, shares: Sequence[Share], chart: WaveChart, sources: Mapping[str, Tones]
) -> dict[str, Any]:
    """The figures of a window."""
    usual, people = report.answer.usual, report.people
    return {
        "brand": report.brand,
        "since": report.since,
        "until": report.until,
        "mood": report.answer.mood.value,
        "headline": report.answer.headline,
        "detail": report.answer.detail,
        "usual": usual
        and {"mentions": usual.mentions, "negative": usual.negative, "negative_share": usual.negative_share},
        "tones": _tones(people.tones),
        "volume": _volume(chart),
        "people": {
            "everybody": _crowd(people.voices),
            "complaining": _crowd(people.complaints),
            **{name: getattr(people.familiarity, name) for name in ("new", "returning", "nameless")},
            "silent_estimate": report.silent.estimate,
        },
        "loudest_voices": [_voice(one) for one in report.top.leading(3)],
        "sources": [{"source": name, "tones": _tones(tones)} for name, tones in sources.items()],
        "share_of_voice": [
            {
                **{name: getattr(one, name) for name in ("brand", "name", "competitor", "share")},
                "mentions": one.tones.mentions,
            }
            for one in shares
        ],
    }


def drivers(topics: Topics) -> dict[str, Any]:
    """What drives a window."""
    told = topics.overview
    names = ("text", "count", "baseline_count", "expected", "voices", "stories", "z")
    return {
        **{name: getattr(topics, name) for name in ("brand", "since", "until", "baseline_since")},
        "compared": told.drivers.compared,
        "drivers": [
            {
                "kind": one.kind.value,
                **{name: getattr(one, name) for name in names},
                "example_mention": one.example,
            }
            for one in told.drivers.found
        ],
        "representatives": [{"mention": one.said.id, "why": one.reason} for one in told.representatives],
    }


def _tones(tones: Tones) -> dict[str, Any]:
    return {name: getattr(tones, name) for name in TonesAnswer.model_fields}


def _crowd(crowd: Crowd) -> dict[str, Any]:
    return {name: getattr(crowd, name) for name in CrowdAnswer.model_fields}


def _voice(voice: Voice) -> dict[str, Any]:
    kept = {name: getattr(voice, name) for name in ("author", "source", "followers", "engagement", "returning")}
    return {**kept, "mentions": voice.tones.mentions, "negative": voice.tones.negative}


def _volume(chart: WaveChart) -> dict[str, Any]:
    whole, names = len(chart.whole), ("start", "observed", "expected", "negative")
    return {
        "step_seconds": chart.step.total_seconds(),
        "points": [
            {**{name: getattr(point, name) for name in names}, "expected_high": high, "whole": at < whole}
            for at, (point, high) in enumerate(zip(chart.points, chart.highs, strict=True))
        ],
    }
