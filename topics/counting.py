"""Counting who says what: each voice once a day, each story once a day.

Counted by posts, one person who writes twenty times would be a topic, and so would one text that is reposted five
thousand times. A use of a term counts if neither its voice nor its story has counted for the term that day; the whole
is counted by the same rule, so that the share of a term is that of the independent voices who use it. That day, because
two weeks of listening to the same voices and stories would else count for less than an hour of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC

from topics.said import Said
from topics.terms import Key, Kind, Term, Terms, stands

MOST_WORDS, MOST_CHARACTERS = 3, 12
Read = tuple[Said, Terms]


@dataclass(slots=True)
class Uses:
    """Uses of one term, or of anything at all.

    Attributes:
        first: id of the first mention with it.
        count: independent ones, as said above.
        by_voice, by_story: who and what used it, with the day (UTC).
    """

    first: int = 0
    count: int = 0
    by_voice: set[tuple[str, int]] = field(default_factory=set)
    by_story: set[tuple[int, int]] = field(default_factory=set)

    def add(self, said: Said, day: int) -> None:
        """Take in a use of a day."""
        voice, story = (said.voice, day), (said.story_id, day)
        if voice not in self.by_voice and story not in self.by_story:
            self.count += 1
        self.by_voice.add(voice)
        self.by_story.add(story)

    @property
    def voices(self) -> int:
        """Distinct voices behind all uses."""
        return len({voice for voice, _ in self.by_voice})

    @property
    def stories(self) -> int:
        """Distinct stories behind all uses."""
        return len({story for story, _ in self.by_story})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Terms to look for.

    Attributes:
        labels: those that are no words.
        rows: the words and characters that follow one another, with their term.
        sizes: how long these are, by what they begin with.
    """

    labels: frozenset[Term]
    rows: Mapping[Key, Term]
    sizes: Mapping[str, Collection[int]]

    def in_text(self, text: Terms) -> Iterator[Term]:
        """Those that a text uses; one that is used twice comes twice."""
        for row in text.followed:
            for at, begin in enumerate(row):
                for size in self.sizes.get(begin, ()):
                    if term := self.rows.get(row[at : at + size]):
                        yield term
        yield from self.labels & text.labels


def wanted(terms: Iterable[Term]) -> Wanted:
    """What to look for."""
    chosen = frozenset(terms)
    rows = {term[1]: term for term in chosen if term[0] is Kind.WORDS}
    sizes: dict[str, set[int]] = {}
    for key in rows:
        sizes.setdefault(key[0], set()).add(len(key))
    return Wanted(chosen.difference(rows.values()), rows, sizes)


@dataclass(slots=True)
class Tally:
    """Uses by term, and of anything.

    Attributes:
        texts: how many were taken in.
        whole: who said anything.
    """

    texts: int = 0
    whole: Uses = field(default_factory=Uses)
    by_term: dict[Term, Uses] = field(default_factory=dict)

    def count(self, term: Term) -> int:
        """Independent uses of a term."""
        return self.by_term[term].count if term in self.by_term else 0

    def add(self, said: Said, terms: Iterable[Term]) -> None:
        """Take in what a mention uses."""
        self.texts += 1
        day = said.published_at.astimezone(UTC).toordinal()
        self.whole.add(said, day)
        for term in set(terms):
            uses = self.by_term.get(term)
            if uses is None:
                uses = self.by_term[term] = Uses(said.id)
            uses.add(said, day)


def tally(read: Iterable[Read], look_for: Wanted) -> Tally:
    """Count the wanted terms; texts must come in order of time, for the first use is the one that counts."""
    counted = Tally()
    for said, text in read:
        counted.add(said, look_for.in_text(text))
    return counted


def frequent(texts: Sequence[Terms], least: int) -> set[Term]:
    """Terms in at least so many texts.

    Rows are found from the shortest to the longest, for one is frequent only where its parts are (Agrawal and Srikant,
    "Fast Algorithms for Mining Association Rules", VLDB 1994): no more is kept than may be wanted.
    """
    labels = Counter(label for text in texts for label in text.labels)
    found: set[Term] = {label for label, count in labels.items() if count >= least}
    known: Collection[Key] = ()
    for size in range(1, MOST_CHARACTERS + 1):
        counts = Counter(key for text in texts for key in set(_rows_of(size, text, known)))
        known = {key for key, count in counts.items() if count >= least}
        found.update((Kind.WORDS, key) for key in known if stands(key))
        if not known:
            break
    return found


def _rows_of(size: int, text: Terms, shorter: Collection[Key]) -> Iterator[Key]:
    for row in text.followed if size <= MOST_WORDS else text.runs:
        for at in range(len(row) - size + 1):
            key = row[at : at + size]
            if size == 1 or (key[1:] in shorter and key[:-1] in shorter):
                yield key
