"""What a brand's page says in sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from console.languages import language_name
from console.wording import plural, signed
from database.stories import Story
from services.tag_names import tag_name
from services.voices import VoicesReport
from topics.drivers import Drivers
from topics.leading import Leading
from topics.tag import CATEGORY
from topics.terms import Kind
from voices.answer import Answer, Mood, length_in_words, percent
from voices.ratings import TrendPoint
from voices.standing import Heard, Shares

# Of the independent voices, those who must use a term for it to be worth a word, for "many" and for "most".
_SOME, _MANY, _MOST = 0.1, 0.2, 0.5
_MOST_NAMED = 3
_HANDLE_OR_LINK = re.compile(r"(?:@|https?://)\S+")
# Where no spaces stand between words, a character is one.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['\u2019][^\W_]+)*")
_FEWEST_WORDS = 5
_TWO_DAYS = timedelta(days=2)


def headline(answer: Answer, *, incidents: bool) -> str:
    """The answer in short; what is open is unusual, whatever the figures of the window say."""
    if incidents and answer.mood in {Mood.USUAL, Mood.SILENCE}:
        return f"{answer.headline.rstrip('.')} in this window, but an incident is open."
    if incidents and answer.mood in {Mood.LEARNING, Mood.NOT_SCORED}:
        return f"An incident is open; {answer.headline[:1].lower()}{answer.headline[1:]}"
    return answer.headline


def subject(drivers: Drivers, leading: Leading | None, voices: VoicesReport, names: Mapping[str, str]) -> str:
    """What they speak of: ``Most speak of “cancelled flights”. 62% of the negative posts tell of service failure``.

    Args:
        names: of categories, for people.
    """
    sentences = [_terms(drivers, voices.answer.mood)]
    if leading:
        share = leading.count.spoken.mentions / max(voices.people.tones.negative, 1)
        name = tag_name(names, CATEGORY, leading.category)
        sentences.append(f"{percent(share)} of the negative posts tell of {name.lower()}.")
    return " ".join(filter(None, sentences))


def _terms(drivers: Drivers, mood: Mood) -> str:
    """What stands out; on a usual day only what many say."""
    whole = drivers.window.independent
    terms = sorted(drivers.of(Kind.WORDS), key=lambda one: -one.count) if drivers.compared else []
    if not terms or terms[0].count < (_MANY if mood is Mood.USUAL else _SOME) * whole:
        return ""
    # Beside the most frequent one only what comes near it.
    words = listed([f"“{one.text}”" for one in terms[:_MOST_NAMED] if 2 * one.count >= terms[0].count])
    if terms[0].count < _MANY * whole:
        return f"They speak of {words} more than usual."
    return f"{'Most' if terms[0].count > _MOST * whole else 'Many'} speak of {words}."


def against_before(now: Heard, before: Heard | None, length: timedelta) -> str:
    """Say what was heard before: ``In the 24 hours before: 47 posts by 40 people, 13% negative``."""
    span = length_in_words(length)
    if before is None:
        return f"What was said in the {span} before is not known."
    count = before.tones.mentions
    if not count:
        return f"In the {span} before nobody spoke of it." if now.tones.mentions else ""
    share = before.tones.negative_share
    tone = "none of them scored" if share is None else f"{percent(share)} negative"
    people = plural(before.voices, "person", "people")
    return f"In the {span} before: {plural(count, 'post', 'posts')} by {people}, {tone}."


def not_compared(shares: Shares, length: timedelta) -> str:
    """Why no share is compared with the time before; empty where they are."""
    if not shares.young:
        return ""
    verb = "has" if len(shares.young) == 1 else "have"
    return (
        f"{listed(shares.young)} {verb} not been listened to for long enough to say how the shares were "
        f"in the {length_in_words(length)} before."
    )


def in_points(change: float) -> str:
    """A change of a share: ``+12 points``, ``+1 point``, ``unchanged``."""
    points = round(100 * change)
    return f"{signed(points, 0)} {'point' if abs(points) == 1 else 'points'}" if points else "unchanged"


def unscored(languages: Sequence[tuple[str | None, int]]) -> str:
    """``9 posts in Spanish and 6 in German are counted but not scored, and no part of the negative share``."""
    shown, rest = languages[:_MOST_NAMED], sum(count for _, count in languages[_MOST_NAMED:])
    parts = [
        f"{count:,} in {language_name(language) if language else 'an unknown language'}" for language, count in shown
    ]
    parts += [f"{rest:,} in others"] if rest else []
    first, _, more = listed(parts).partition(" ")
    noun = "post" if languages[0][1] == 1 else "posts"
    verb = "is" if sum(count for _, count in languages) == 1 else "are"
    return f"{first} {noun} {more} {verb} counted but not scored, and no part of the negative share."


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def tells_enough(story: Story) -> bool:
    """Whether a story is one that people pass on, and not a few words that strangers share, as thanks are."""
    texts = (_HANDLE_OR_LINK.sub(" ", text) for text in (story.title, story.text))
    return any(len(_WORD.findall(text)) >= _FEWEST_WORDS for text in texts)


def in_weeks(points: Sequence[TrendPoint]) -> bool:
    """Whether a trend is one of weeks; a day is at most 25 hours long, and the last period is cut short."""
    return points[0].until - points[0].since > _TWO_DAYS


def day(at: datetime, zone: ZoneInfo) -> str:
    """``Tue 12 May``; the reader's day."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b}"
