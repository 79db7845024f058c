"""What people say in a window that they did not say as much before: what drives it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from topics.counting import Read, Tally, Uses, frequent, tally, wanted
from topics.log_odds import compare
from topics.phrases import whole_phrases
from topics.said import Said
from topics.terms import Kind, Reader, Term

# One in a hundred by chance. Where nothing happened, of the hundreds of terms of a day about one gets so far.
LEAST_Z = 2.33
# What fewer say is a coincidence; where hardly anybody speaks, two who say the same are all there is to tell.
FEWEST, FEWEST_OF_FEW = 3, 2
# Of many texts, what one in five hundred holds is no driver either; not to count it is half of the speed.
_ONE_IN = 500
# From fewer voices nobody knows what is usual.
LEAST_BASELINE = 20
MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Extent:
    """How much was read.

    Attributes:
        texts: mentions.
        voices: distinct authors; who is nameless counts as one each.
        stories: distinct stories.
        independent: each voice and each story once a day: what shares are shares of.
    """

    texts: int = 0
    voices: int = 0
    stories: int = 0
    independent: int = 0


@dataclass(frozen=True, slots=True)
class Driver:
    """Something said more than before.

    Attributes:
        kind: what sort of thing it is.
        text: as most people write it, in lower case; an address without its scheme; the id of a source.
        count: independent uses in the window: each voice and each story once a day.
        baseline_count: the same in the baseline.
        expected: uses that the window would have if it were like the baseline; None without a baseline.
        voices: distinct authors who use it in the window.
        stories: distinct stories that use it in the window.
        z: how far it is from chance, in standard deviations; None without a baseline.
        log_odds: natural logarithm of the ratio of odds, window to baseline; None without a baseline.
        example: id of the earliest mention of the window that uses it.
    """

    kind: Kind
    text: str
    count: int
    baseline_count: int
    expected: float | None
    voices: int
    stories: int
    z: float | None
    log_odds: float | None
    example: int


@dataclass(frozen=True, slots=True)
class Drivers:
    """What stands out in a window.

    Attributes:
        window, baseline: how much was read of each.
        compared: False where there is no baseline yet; then the drivers are what most voices say, without a z.
        found: of each kind at most twelve, those furthest from chance (or most said) first.
    """

    window: Extent
    baseline: Extent
    compared: bool
    found: tuple[Driver, ...] = ()

    def of(self, kind: Kind) -> tuple[Driver, ...]:
        """Those of one kind."""
        return tuple(driver for driver in self.found if driver.kind is kind)


def read(said: Iterable[Said], reader: Reader, most: int) -> Iterator[Read]:
    """Texts with their terms, the earliest first, so that nothing depends on the order in which they come."""
    return ((one, reader.read(one, most)) for one in sorted(said, key=lambda one: (one.published_at, one.id)))


def contrast(window: Sequence[Read], baseline: Iterable[Read]) -> Drivers:
    """What stands out in one set of texts against another; both as :func:`read` gives them."""
    least = max(FEWEST_OF_FEW, len(window) // _ONE_IN)
    candidates = wanted(frequent([terms for _, terms in window], least))
    now, before = tally(window, candidates), tally(baseline, candidates)
    compared = before.whole.count >= LEAST_BASELINE
    ranked = _compared(now, before) if compared else _most_said(now)
    shown = _first_of_each_kind(ranked, whole_phrases(ranked, now))
    spelled = _spellings(window, shown)
    found = tuple(replace(ranked[term], text=spelled.get(term, str(term[1]))) for term in shown)
    return Drivers(_extent(now), _extent(before), compared, found)


def _compared(now: Tally, before: Tally) -> dict[Term, Driver]:
    found = {}
    of, of_before = now.whole.count, before.whole.count
    for term, uses in now.by_term.items():
        count, usual = min(uses.count, of), min(before.count(term), of_before)
        if count < FEWEST:
            continue
        odds = compare(count, of, usual, of_before)
        if odds.z >= LEAST_Z:
            expected = of * usual / of_before
            found[term] = _driver(term, uses, usual, expected=expected, z=odds.z, log_odds=odds.ratio)
    return found


def _most_said(now: Tally) -> dict[Term, Driver]:
    fewest = FEWEST if now.whole.count >= LEAST_BASELINE else FEWEST_OF_FEW
    told = {term: uses for term, uses in now.by_term.items() if term[0] not in {Kind.SOURCE, Kind.SITE}}
    often = {term: uses for term, uses in told.items() if uses.count >= fewest}
    return {term: _driver(term, uses, 0) for term, uses in often.items()}


def _driver(term: Term, uses: Uses, usual: int, **odds: float) -> Driver:
    nothing: dict[str, float | None] = dict.fromkeys(("expected", "z", "log_odds"))
    return Driver(
        kind=term[0],
        text="",
        count=uses.count,
        baseline_count=usual,
        voices=uses.voices,
        stories=uses.stories,
        example=uses.first,
        **{**nothing, **odds},
    )


def _first_of_each_kind(ranked: Mapping[Term, Driver], whole: Iterable[Term]) -> list[Term]:
    def rank(term: Term) -> tuple[float, int, Term]:
        driver = ranked[term]
        return -(driver.z or 0.0), -driver.count, term

    in_order = sorted(whole, key=rank)
    return [term for kind in Kind for term in [one for one in in_order if one[0] is kind][:MOST_SHOWN]]


def _spellings(window: Sequence[Read], shown: Iterable[Term]) -> Mapping[Term, str]:
    """How most write each row of words."""
    look_for = wanted(term for term in shown if isinstance(term[1], tuple))
    written: dict[Term, Counter[str]] = {}
    for _, text in window:
        for row, stems in zip(text.rows, text.stems, strict=True):
            for at, begin in enumerate(stems):
                for size in look_for.sizes.get(begin, ()):
                    if term := look_for.rows.get(stems[at : at + size]):
                        written.setdefault(term, Counter())[" ".join(row[at : at + size])] += 1
    return {term: min(forms, key=lambda form: (-forms[form], form)) for term, forms in written.items()}


def _extent(tally: Tally) -> Extent:
    whole = tally.whole
    return Extent(tally.texts, whole.voices, whole.stories, whole.count)
