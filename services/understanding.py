"""What was heard, understood: which brands it is about, why, and how it felt for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from database.listening import About, Heard
from mentions.matching import Match, about
from mentions.mention import Mention
from services.installation import Installation


def understand(
    inst: Installation, source: str, everything_about: Sequence[str], said: Iterable[Mention]
) -> list[Heard]:
    """The mentions that are about a brand, with why and how they felt for each brand.

    Args:
        source: id of the source they came from.
        everything_about: ids of brands that all of them are about, named or not.
    """
    matched = [(mention, _matches(inst, source, everything_about, mention)) for mention in said]
    matched = [(mention, matches) for mention, matches in matched if matches]
    scores: dict[tuple[str, int], About] = {}
    for brand in {match.brand for _, matches in matched for match in matches}:
        scores.update(_score(inst, brand, matched))
    return [
        Heard(mention, tuple(scores[match.brand, at] for match in matches))
        for at, (mention, matches) in enumerate(matched)
    ]


def _matches(inst: Installation, source: str, everything_about: Sequence[str], mention: Mention) -> tuple[Match, ...]:
    found = inst.matcher.match(mention, source)
    named = {match.brand for match in found}
    return (*found, *(match for match in about(everything_about, source) if match.brand not in named))


def _score(
    inst: Installation, brand: str, matched: Iterable[tuple[Mention, tuple[Match, ...]]]
) -> dict[tuple[str, int], About]:
    wanted = [
        (at, mention, match)
        for at, (mention, matches) in enumerate(matched)
        for match in matches
        if match.brand == brand
    ]
    texts = [mention.content for _, mention, _ in wanted]
    scores = inst.scorers[brand].score_batch(texts, [mention.language for _, mention, _ in wanted])
    return {(brand, at): About(match, score) for (at, _, match), score in zip(wanted, scores, strict=True)}
