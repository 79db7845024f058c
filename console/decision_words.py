"""What was decided, in words for people."""

from __future__ import annotations

from collections.abc import Mapping

from console.meanings import Meaning
from console.wording import number, plural
from database.reading_signals import Tally
from incidents.outcome import Outcome

_KINDS = {
    "negative_wave": "Complaints",
    "volume_wave": "Talk",
    "loud_voice": "A loud voice",
    "critical_words": "Critical words",
    "repost_wave": "Reposts",
    "brand_silence": "Silence",
    "praise_wave": "Praise",
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ALARM: "Alarm",
    Outcome.JOINED: "Joined",
    Outcome.HELD: "Held",
    Outcome.OPPORTUNITY: "Opportunity",
    Outcome.NOTICED: "Noticed",
}
_REASONS = {
    "too_few_mentions": "too few posts",
    "too_few_authors": "too few people",
    "one_loud_author": "one loud author",
    "one_story": "one story told again",
    "less_negative": "more talk, not more anger",
    "still_learning": "still learning what is usual",
    "mostly_praise": "mostly praise",
    "just_resolved": "just resolved",
}
# What the sentence of a signal puts before the reason why it was held.
_HELD = "Held:"
_MOST = 100
MEANINGS: tuple[Meaning, ...] = (
    Meaning("Alarm", "It opened an incident, woke one or made one worse, and people were told."),
    Meaning("Joined", "It stood out while an incident of the brand was open: it is part of that one."),
    Meaning("Held", "It stood out, and nobody was woken; the reason says why."),
    Meaning("Opportunity", "Far more praise than usual: nothing to be woken for, perhaps something to answer."),
    Meaning("Noticed", "Worth knowing by day: nobody was woken."),
    Meaning("Counted", "Posts of this kind up to that moment: of the last hour, unless the sentence says otherwise."),
    Meaning("Usual", "How many are usual for the brand at that time of day."),
    Meaning("How unlikely", "1 is where news begins: 2 is twice as far beyond the usual extremes, and so on."),
    Meaning("People", "Different authors behind these posts; a post without one counts as one person."),
    Meaning("Stories", "Different texts; reposts and copies with a few words changed count as one."),
)


def kind_words(kind: str) -> str:
    """What was looked at: ``Complaints``; of a kind that is not known here its own name as words."""
    return _KINDS.get(kind, kind.replace("_", " ").capitalize())


def reason_words(reason: str) -> str:
    """Why something was held, in two or three words."""
    return _REASONS.get(reason, reason.replace("_", " "))


def told_apart(sentence: str) -> tuple[str, str]:
    """A signal's sentence in two: why it was held, empty where it does not say, and what was seen."""
    seen, held, why = sentence.partition(_HELD)
    return (f"{why.strip()[:1].upper()}{why.strip()[1:]}", seen.strip()) if held else ("", sentence)


def unlikely(beyond: float) -> str:
    """How far beyond the usual extremes, as a short figure."""
    return f"over {_MOST}" if beyond >= _MOST else number(round(beyond, 1))


def in_short(counted: Tally) -> str:
    """``2 alarms, 1 joined an open incident, 9 held``; empty where nothing was decided."""
    words = {
        Outcome.ALARM: ("alarm", "alarms"),
        Outcome.JOINED: ("joined an open incident", "joined open incidents"),
        Outcome.OPPORTUNITY: ("opportunity", "opportunities"),
        Outcome.NOTICED: ("thing worth knowing", "things worth knowing"),
        Outcome.HELD: ("held", "held"),
    }
    counts = ((counted.outcomes.get(one, 0), names) for one, names in words.items())
    return ", ".join(plural(count, *names) for count, names in counts if count)


def why_held(counted: Tally) -> str:
    """``one loud author (6), too few people (3)``, the most frequent first."""
    return ", ".join(f"{reason_words(reason)} ({count:,})" for reason, count in counted.held.items())
