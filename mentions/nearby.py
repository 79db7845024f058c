"""Which part of a text stands near the name of a brand, where others may be named in it, too."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mentions.folding import spell
from mentions.mention import Mention
from mentions.query.characters import word_pattern
from mentions.query.finding import Finder, Found, Leaf, Span
from mentions.query.terms import Query, Term, asked_for

# In words: so near a name is what its brand is about, in a sentence that names none; so far does a sentence reach that
# names it; so long is a text that is about what it names, wherever it stands.
NEAR, SENTENCE, SHORT = 12, 40, 40
# Looked for only where a row of such signs begins: else a long one would be read again from each of them.
_ENDS = re.compile(r"(?<![.!?])[.!?]++(?=\s|[\"')\]]|$)|[。;|•\n]+")
_SIGNS = "#@"


@dataclass(frozen=True, slots=True)
class Named:
    """How texts name a brand.

    Attributes:
        surely: its name and its phrases.
        perhaps: all that finds it; it names the brand where none of the former stands.
    """

    surely: Query
    perhaps: Query


@dataclass(frozen=True, slots=True)
class _Sentence:
    """Words from ``start`` to before ``end``, and where in it stand the names of brands, in order."""

    start: int
    end: int
    names: dict[str, list[Span]]

    @property
    def named_until(self) -> int:
        """Where the last name ends."""
        return max(spans[-1][1] for spans in self.names.values())


class Nearby:
    """Tells what stands near the names of brands; built once, for all brands.

    Args:
        named: by brand.
    """

    def __init__(self, named: Mapping[str, Named]) -> None:
        numbers: dict[Leaf, int] = {}
        self._names: dict[str, tuple[list[tuple[int, bool]], ...]] = {}
        for brand, how in named.items():
            kinds = ([*asked_for(query)] for query in (how.surely, how.perhaps))
            self._names[brand] = tuple(
                [(numbers.setdefault(leaf, len(numbers)), isinstance(leaf, Term) and leaf.exact) for leaf in leaves]
                for leaves in kinds
            )
        self._finder = Finder(numbers, numbers)

    def parts(self, mention: Mention, brands: Collection[str]) -> Mapping[str, Sequence[str] | None]:
        """By brand, the pieces of a mention that stand near its name; None where all of it does.

        A sentence is about the brands that it names. One that names none is about those that were named last before it,
        or else about those named next after it: as far as :data:`NEAR`, in a short text all of it. Where a brand is
        named nowhere, the beginning is about it, without what is about others.
        """
        text, found = _text_of(mention), self._found(mention.content)
        if len(text.starts) <= SHORT and all(found.keys() <= {brand} for brand in brands):
            return dict.fromkeys(brands)  # what most texts come to
        sentences = text.sentences(found)
        whole = (0, len(text.starts))
        spans = {brand: _joined(_near(sentences, brand, text)) for brand in brands}
        return {brand: None if near == [whole] else [*map(text.piece, near)] for brand, near in spans.items()}

    def _found(self, content: str) -> dict[str, list[Span]]:
        """Where each brand that is named stands, in words."""
        found = self._finder.find(content)
        places = {
            brand: next(filter(None, (_places(found, leaves) for leaves in kinds)), [])
            for brand, kinds in self._names.items()
        }
        return {brand: spans for brand, spans in places.items() if spans}


@dataclass(frozen=True, slots=True)
class _Text:
    """The words of a mention.

    Attributes:
        form: the text in single spaces, with upper and lower case and the ends of its lines.
        starts, ends: of its words.
        head: how many of them are its beginning: the headline and the first :data:`SHORT` after it.
    """

    form: str
    starts: list[int]
    ends: list[int]
    head: int

    @property
    def reach(self) -> int:
        """How far from a name is near, in words."""
        return NEAR if len(self.starts) > SHORT else len(self.starts)

    def sentences(self, found: Mapping[str, list[Span]]) -> list[_Sentence]:
        """Its sentences with the names in them; a name is never parted, whatever signs it has."""
        breaks = {bisect_left(self.starts, end.end()) for end in _ENDS.finditer(self.form)}
        inside = {at for spans in found.values() for start, end in spans for at in range(start + 1, end)}
        bounds = sorted({0, *(breaks - inside), len(self.starts)})
        parts = [_Sentence(start, end, {}) for start, end in pairwise(bounds)]
        for brand, spans in found.items():
            for span in spans if parts else ():
                # Folding may, in rare letters, make more words than there are.
                within = min(bisect_right(bounds, span[0]), len(parts)) - 1
                parts[within].names.setdefault(brand, []).append(span)
        return parts

    def piece(self, span: Span) -> str:
        """The words from the first to before the last, with the sign of a tag or an account."""
        start = self.starts[span[0]]
        signed = start > 0 and self.form[start - 1] in _SIGNS
        return self.form[start - signed : self.ends[span[1] - 1]]


def _text_of(mention: Mention) -> _Text:
    lines = (" ".join(spell(line).split()) for line in mention.content.splitlines())
    form = "\n".join(filter(None, lines))
    words = [word.span() for word in word_pattern().finditer(form)]
    headline = sum(1 for _ in word_pattern().finditer(mention.title))
    return _Text(form, [start for start, _ in words], [end for _, end in words], headline + SHORT)


def _places(found: Found, leaves: Iterable[tuple[int, bool]]) -> list[Span]:
    spans = (span for number, exact in leaves if number in found.places for span in found.words(number, exact=exact))
    return sorted(span for span in spans if span[0] < span[1])


def _near(sentences: Sequence[_Sentence], brand: str, text: _Text) -> Iterator[Span]:
    """The words that are about a brand."""
    naming = [at for at, one in enumerate(sentences) if one.names]
    is_named = any(brand in sentences[at].names for at in naming)
    head = text.head if len(text.starts) > SHORT else SHORT
    for at, one in enumerate(sentences):
        place = bisect_left(naming, at)
        before = sentences[naming[place - 1]] if place else None
        after = sentences[naming[place]] if place < len(naming) else None
        if brand in one.names:
            names = one.names[brand]
            yield from ((max(one.start, start - SENTENCE), min(one.end, end + SENTENCE)) for start, end in names)
        elif one.names:
            continue
        elif is_named:
            yield from _beside_names(one, before, after, brand, text.reach)
        else:
            yield _not_about(before, one, text.reach), min(one.end, head)


def _beside_names(
    one: _Sentence, before: _Sentence | None, after: _Sentence | None, brand: str, reach: int
) -> Iterator[Span]:
    """The words of a sentence without names that are about a brand, given the nearest sentences with names."""
    start = one.start
    if before and brand in before.names:
        yield start, min(one.end, before.names[brand][-1][1] + reach)
    else:
        start = _not_about(before, one, reach)
    if after and brand in after.names:
        yield max(start, after.names[brand][0][0] - reach), one.end


def _not_about(before: _Sentence | None, one: _Sentence, reach: int) -> int:
    """Where a sentence without names ends to be about those who were named before it."""
    return max(one.start, before.named_until + reach) if before else one.start


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
