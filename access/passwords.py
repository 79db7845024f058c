"""Which passwords are taken: https://pages.nist.gov/800-63-4/sp800-63b.html, "Password Verifiers".

Length is what counts; no mixture of characters is asked for, and nobody has to change a password that nobody knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from zxcvbn import zxcvbn

SHORTEST = 12  # characters
LONGEST = 1_000
# Without the names of its person and team a password has to have this much left.
_OF_ITS_OWN = 8
_SHORTEST_WORD = 3
# "Safely unguessable": more than 10^8 guesses; fewer are within reach of whoever asks for long enough.
_GUESSES_ENOUGH = 3
# The estimate takes time that grows with the square of the length; so many characters are judged.
_JUDGED = 72


class Weakness(StrEnum):
    """Why a password is not taken."""

    SHORT = "short"
    LONG = "long"
    NAMED = "named"
    COMMON = "common"


@dataclass(frozen=True, slots=True)
class Unsuitable:
    """A password that is not taken, and what to do."""

    weakness: Weakness
    text: str


_WORDS = {
    Weakness.SHORT: f"It has fewer than {SHORTEST} characters. Several words with spaces are easy to remember.",
    Weakness.LONG: f"It has more than {LONGEST:,} characters. Choose a shorter one.",
    Weakness.NAMED: "It is little more than a name, a mail address or a brand of yours. Choose something else.",
    Weakness.COMMON: "Many people choose one like it, so it is soon guessed. Several unrelated words are better.",
}


def normal(password: str) -> str:
    """A password as it is judged and hashed: the same however a keyboard composes its letters (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def judge(password: str, about: Collection[str]) -> Unsuitable | None:
    """Why a password is not taken, None where it is.

    Args:
        about: names and addresses of the person and the team, which others try first.
    """
    password = normal(password)
    weakness = _weakness(password, about)
    return Unsuitable(weakness, _WORDS[weakness]) if weakness else None


def _weakness(password: str, about: Collection[str]) -> Weakness | None:
    if len(password) < SHORTEST:
        return Weakness.SHORT
    if len(password) > LONGEST:
        return Weakness.LONG
    words = sorted(set(_words(about)), key=len, reverse=True)
    if _left(password, words) < _OF_ITS_OWN:
        return Weakness.NAMED
    if zxcvbn(password[:_JUDGED], user_inputs=words)["score"] < _GUESSES_ENOUGH:
        return Weakness.COMMON
    return None


def _words(about: Collection[str]) -> Iterator[str]:
    """Names whole and in their parts, as they stand in passwords."""
    for name in about:
        folded = normal(name).casefold()
        for word in (folded, re.sub(r"\W+", "", folded), *re.split(r"[\W_]+", folded)):
            if len(word) >= _SHORTEST_WORD:
                yield word


def _left(password: str, words: Collection[str]) -> int:
    """How many letters and digits a password has besides the words."""
    rest = password.casefold()
    for word in words:
        rest = rest.replace(word, " ")
    return sum(character.isalnum() for character in rest)
