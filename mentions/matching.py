"""Which brands a text is about, and why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class MatchReason(StrEnum):
    """What made a mention count for a brand."""

    PHRASE = "phrase"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Match:
    """A mention is about a brand.

    Attributes:
        reason: a phrase was found, or the source is about this brand alone.
        evidence: the phrase as configured, or the source's id.
    """

    brand: str
    reason: MatchReason
    evidence: str


def fold(text: str) -> str:
    """Text in the form in which phrases are compared.

    Compatibility forms and case are folded (Unicode UAX #15 NFKC, then full case folding), curly apostrophes become
    straight, soft hyphens and zero-width characters vanish: people type names in all of these ways.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_VANISH)
    return unicodedata.normalize("NFKC", folded)


_VANISH = {0x2018: "'", 0x2019: "'", 0x00AD: None, 0x200B: None, 0x200C: None, 0x200D: None, 0x2060: None, 0xFEFF: None}


# Scripts that write words without spaces between them, or fuse endings to names: Thai, Lao, Burmese, Khmer, Kana, Han,
# Hangul (Unicode UAX #29 leaves their word boundaries to dictionaries). There a name is a name wherever it stands.
_UNSPACED_RANGES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_UNSPACED = re.compile(f"[{_UNSPACED_RANGES}]")


class BrandMatcher:
    """Finds brands by their phrases; built once, used for every batch.

    Args:
        phrases: by brand id, the phrases that name the brand, in order of preference as evidence.
    """

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        self._patterns = {brand: _pattern(some) for brand, some in phrases.items()}
        self._spelling = {(brand, _key(fold(phrase))): phrase for brand, some in phrases.items() for phrase in some}

    def match(self, text: str) -> tuple[Match, ...]:
        """All brands that the text names, each once, in the order they were configured."""
        folded = fold(text)
        return tuple(match for brand in self._patterns for match in self._in(brand, folded))

    def _in(self, brand: str, folded: str) -> Iterable[Match]:
        found = self._patterns[brand].search(folded)
        if found:
            yield Match(brand, MatchReason.PHRASE, self._spelling[brand, _key(found[0])])


def about(brands: Iterable[str], source: str) -> tuple[Match, ...]:
    """The matches of everything that comes from a source which is about these brands."""
    return tuple(Match(brand, MatchReason.SOURCE, source) for brand in brands)


def _pattern(phrases: Sequence[str]) -> re.Pattern[str]:
    """Any of the phrases as whole words, with any white space between their words; longer ones first."""
    folded = sorted(
        (words for words in (fold(phrase).split() for phrase in phrases) if words), key=_length, reverse=True
    )
    return re.compile("|".join(map(_whole, folded)) or "(?!)")


def _whole(words: Sequence[str]) -> str:
    """The words one after the other, as whole words where their script has such."""
    before = "" if _UNSPACED.match(words[0][0]) else rf"(?<![^\W{_UNSPACED_RANGES}])"
    after = "" if _UNSPACED.match(words[-1][-1]) else rf"(?![^\W{_UNSPACED_RANGES}])"
    return before + r"\s+".join(map(re.escape, words)) + after


def _length(words: Sequence[str]) -> int:
    return len(" ".join(words))


def _key(folded: str) -> str:
    return " ".join(folded.split())
