"""The answer of ten seconds: are people angry, more than usual, and is it many people or one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from voices.crowd import Crowd, People, Tones

# Fewer comparable windows than this say nothing of what is usual.
FEWEST_WINDOWS = 3
# As in the words of every page: below this a count is near what is usual.
MULTIPLE = 1.5
# Where more complain only because more speak, the negative share hardly moves.
ANGRIER_FROM = 1.1
FEWEST_PEOPLE = 5
LARGEST_SHARE = 0.5
# Copies of one text by many people are still many people, and it should be said.
MENTIONS_PER_STORY = 4
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


class Mood(StrEnum):
    """What a window amounts to, against the windows before it."""

    SILENCE = "silence"
    NOT_SCORED = "not_scored"
    LEARNING = "learning"
    FEW_LOUD = "few_loud"
    ANGRIER = "angrier"
    HAPPIER = "happier"
    BUSIER = "busier"
    USUAL = "usual"


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked about.

    Attributes:
        past: windows of the same length that end at the same time on days before.
    """

    length: timedelta
    people: People
    past: tuple[Tones, ...]

    @property
    def tones(self) -> Tones:
        """Mentions by tone."""
        return self.people.tones


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for a window of that length: means over the windows before it."""

    mentions: float
    negative: float
    negative_share: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer, with the figures behind it.

    Attributes:
        headline: one short sentence.
        detail: the figures in words.
        usual: None where too little is known.
    """

    mood: Mood
    headline: str
    detail: str
    usual: Usual | None


_HEADLINES = {
    Mood.SILENCE: "Nobody has spoken of it.",
    Mood.NOT_SCORED: "How people feel is not known.",
    Mood.LEARNING: "What is usual is not known yet.",
    Mood.FEW_LOUD: "More complaints than usual, but few people make them.",
    Mood.ANGRIER: "People are angrier than usual.",
    Mood.HAPPIER: "People are happier than usual.",
    Mood.BUSIER: "More people talk than usual, no angrier than before.",
    Mood.USUAL: "Nothing unusual.",
}


def answer(window: Window) -> Answer:
    """Judge a window against those before it, which are at best a fortnight of days.

    A count is unusual where it is at least :data:`MULTIPLE` times the mean of the windows before and larger than in
    every one of them: of n + 1 windows that are alike, the last is the largest by chance once in n + 1 times.
    """
    usual = usual_of(window.past)
    mood = _mood(window, usual)
    return Answer(mood, _HEADLINES[mood], _detail(window, mood, usual), usual)


def length_in_words(length: timedelta) -> str:
    """``90 minutes``, ``6 hours``, ``2.5 hours``, ``24 hours``, ``7 days``: in the largest unit that tells it well."""
    if length < 2 * _HOUR and length % _HOUR:
        unit, name = _MINUTE, "minute"
    else:
        unit, name = (_HOUR, "hour") if length < 2 * _DAY else (_DAY, "day")
    number = f"{round(length / unit, 1):g}"
    return f"{number} {name}" if number == "1" else f"{number} {name}s"


def usual_of(past: Sequence[Tones]) -> Usual | None:
    """What is usual by the windows before, None where these are too few to tell."""
    if len(past) < FEWEST_WINDOWS:
        return None
    scored, negative = sum(one.scored for one in past), sum(one.negative for one in past)
    mentions = sum(one.mentions for one in past) / len(past)
    return Usual(mentions, negative / len(past), negative / scored if scored else None)


def _mood(window: Window, usual: Usual | None) -> Mood:
    tones = window.tones
    if not tones.mentions:
        return Mood.SILENCE
    if not tones.scored:
        return Mood.NOT_SCORED
    if usual is None:
        return Mood.LEARNING
    if _unusual(tones.negative, [one.negative for one in window.past]):
        if (tones.negative_share or 0.0) < ANGRIER_FROM * (usual.negative_share or 0.0):
            return Mood.BUSIER
        return Mood.FEW_LOUD if _few(window.people.complaints) else Mood.ANGRIER
    return _calmer_mood(window)


def _few(complaints: Crowd) -> bool:
    return complaints.authors < FEWEST_PEOPLE or complaints.loudest_share > LARGEST_SHARE


def _calmer_mood(window: Window) -> Mood:
    tones, past = window.tones, window.past
    if _unusual(tones.positive, [one.positive for one in past]) and tones.positive > tones.negative:
        return Mood.HAPPIER
    return Mood.BUSIER if _unusual(tones.mentions, [one.mentions for one in past]) else Mood.USUAL


def _unusual(count: int, past: Sequence[int]) -> bool:
    mean = sum(past) / len(past)
    return count >= max(MULTIPLE * mean, FEWEST_PEOPLE) and count > max(past)


def _detail(window: Window, mood: Mood, usual: Usual | None) -> str:
    if mood is Mood.SILENCE:
        told = f"No posts in {length_in_words(window.length)}"
        return f"{told}; usually about {usual.mentions:,.0f}." if usual and usual.mentions >= 1 else f"{told}."
    people, posts = window.people, _counted(window.tones.mentions, "post")
    said = f"{posts} in {length_in_words(window.length)} by {_people(people.voices.authors)}"
    sentences = [f"{said}, {_tone(window, mood)}."]
    if usual:
        sentences.append(_usually(usual))
    if mood is Mood.FEW_LOUD:
        sentences.append(_who(window.people.complaints))
    complaints = people.complaints
    if mood is Mood.ANGRIER and complaints.mentions >= MENTIONS_PER_STORY * complaints.stories:
        texts = "one text" if complaints.stories == 1 else f"{complaints.stories:,} texts"
        sentences.append(f"The {complaints.mentions:,} negative posts are copies of {texts}.")
    return " ".join(sentences)


def _tone(window: Window, mood: Mood) -> str:
    share = window.tones.negative_share
    if share is None:
        return "none in a language that is scored"
    if mood is Mood.HAPPIER:
        return f"{percent(window.tones.positive / window.tones.scored)} positive"
    return f"{percent(share)} negative"


def _usually(usual: Usual) -> str:
    if usual.mentions < 1:
        return "Usually there is hardly a post."
    share = "" if usual.negative_share is None else f", {percent(usual.negative_share)} negative"
    posts = "1 post" if round(usual.mentions) == 1 else f"{usual.mentions:,.0f} posts"
    return f"Usually about {posts}{share}."


def _who(complaints: Crowd) -> str:
    if complaints.loudest_share > LARGEST_SHARE:
        return f"One author wrote {complaints.loudest:,} of the {complaints.mentions:,} negative ones."
    return f"The {complaints.mentions:,} negative ones are by {_people(complaints.authors)}."


def percent(share: float) -> str:
    """``71%``; ``under 1%`` and ``over 99%`` where rounding would say none or all."""
    if 0 < share < 0.005:  # noqa: PLR2004  # what rounds to nothing
        return "under 1%"
    if 0.995 <= share < 1:  # noqa: PLR2004  # what rounds to all
        return "over 99%"
    return f"{100 * share:.0f}%"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _counted(count: int, one: str) -> str:
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"
