"""What was heard, understood: its language, which brands it is about and why, how it felt, what else it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from database.listening import About, Heard
from mentions.matching import Match, MatchReason, about
from mentions.mention import Mention
from sentiment.language import identify
from sentiment.score import Flag, Score
from services.installation import Installation


@dataclass(frozen=True, slots=True)
class _Matched:
    mention: Mention
    content: str
    matches: tuple[Match, ...]


def understand(
    inst: Installation, source: str, everything_about: Sequence[str], said: Iterable[Mention]
) -> list[Heard]:
    """The mentions that are about a brand, with why, how they felt for each brand, and what else they are about.

    What is not to be kept of their authors and texts is left out of them, after it was understood.

    Args:
        source: id of the source they came from.
        everything_about: ids of brands that all of them are about, named or not.
    """
    matched = [
        _Matched(mention, mention.content, _matches(inst, source, everything_about, mention)) for mention in said
    ]
    matched = [_in_language(one) for one in matched if one.matches]
    scores = _scores(inst, matched)
    return [_heard(inst, source, one, scores) for one in matched]


def _heard(inst: Installation, source: str, one: _Matched, scores: Iterator[Score]) -> Heard:
    tags = inst.rules.tags_of(one.mention, source, [match.brand for match in one.matches])
    abouts = tuple(About(match, next(scores), tags[match.brand]) for match in one.matches)
    return Heard(inst.settings.privacy.redaction.of(one.mention, source), abouts)


def _matches(inst: Installation, source: str, everything_about: Sequence[str], mention: Mention) -> tuple[Match, ...]:
    found = inst.matcher.match(mention, source)
    named = {match.brand for match in found}
    return (*found, *(match for match in about(everything_about, source) if match.brand not in named))


def _in_language(one: _Matched) -> _Matched:
    """With the language that its words tell, where its source says nothing and they tell one."""
    if one.mention.language is not None or (language := identify(one.content)) is None:
        return one
    return replace(one, mention=replace(one.mention, language=language))


def _scores(inst: Installation, matched: Sequence[_Matched]) -> Iterator[Score]:
    """How each mention felt for each brand that it is about, in their order; scored brand by brand, in batches."""
    scored: dict[str, Iterator[Score]] = {}
    for brand in {match.brand for one in matched for match in one.matches}:
        of_brand = [one for one in matched if any(match.brand == brand for match in one.matches)]
        texts, languages = [one.content for one in of_brand], [one.mention.language for one in of_brand]
        scored[brand] = iter(inst.scorers[brand].score_batch(texts, languages))
    for one in matched:
        several = sum(match.reason is not MatchReason.SOURCE for match in one.matches) > 1
        for match in one.matches:
            score = next(scored[match.brand])
            yield replace(score, flags=(*score.flags, Flag.MULTI_BRAND)) if several else score
