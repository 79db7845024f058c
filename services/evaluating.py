"""Looking at every brand: which of them may be in a wave, what detectors say of these, what comes of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from database import incidents as store
from database.pasts import Judged, judged, keep_pasts, remember_judged
from database.said import sums_between
from detection.buckets import BUCKET, Bucket
from detection.history import NEWEST
from detection.rhythm import SWELL
from detection.signal import Signal, kinds, load
from detection.view import Series
from detection.waking import Sensitivity
from detection.wave import last_bucket
from errors import GroundswellError
from incidents.severity import COMPLAINTS
from services.installation import Installation
from services.settling import Evaluated, find_owners, let_ebb, settle
from services.viewing import Judging, Lookup, View
from settings.model import Brand

# What is published by now may be heard as much later: until then it is judged as of when it was said. It never
# belongs to the past that it is judged by.
LATE = NEWEST
_TRIES = 3
logger = logging.getLogger(__name__)


class EvaluationError(GroundswellError):
    """Brands could not be judged; the others were."""


def evaluate(inst: Installation) -> tuple[Evaluated, ...]:
    """Judge every brand but competitors; an answer for each signal, none for brands of which nothing stands out.

    A brand is judged as of now, and as of the end of each bucket of the last three hours whose count has changed since
    it was judged last: what a source brings late is not lost. An incident, its checklist, its first timeline rows and
    its letters are stored together or not at all.

    Raises:
        EvaluationError: some brands could not be judged; the answers of the others are stored.
    """
    find_owners(inst)
    let_ebb(inst)
    now = inst.clock()
    with inst.database.reading() as connection:
        sums = sums_between(connection, last_bucket(now) - LATE - SWELL, last_bucket(now) + BUCKET)
    answers: list[Evaluated] = []
    faults: list[str] = []
    for brand in inst.settings.brands:
        if brand.competitor or not _may_stand_out(sums.get(brand.id, {})):
            continue
        try:
            answers += _until_undisturbed(inst, brand)
        except Exception as error:  # the edge between brands: one that fails must not leave the others unwatched
            logger.exception("brand %s could not be judged", brand.id)
            faults.append(f'brand "{brand.id}" ({type(error).__name__}: {error})')
    if faults:
        raise EvaluationError(", ".join(faults), "could not be judged.", "See the log; every other brand was judged.")
    return tuple(answers)


def _may_stand_out(sums: Mapping[str, int]) -> bool:
    """Whether any detector could have anything to say of a brand with these counts; most brands cost no more."""
    return any(sums.get(series, 0) for series in (Series.NEGATIVE, Series.CRITICAL)) or any(
        sums.get(series, 0) >= _FEWEST for series in (Series.MENTIONS, Series.POSITIVE)
    )


# Waves of talk and of praise need as many in an hour.
_FEWEST = 8


def _until_undisturbed(inst: Installation, brand: Brand) -> list[Evaluated]:
    """On PostgreSQL somebody may press a button in between; then what is true now is judged again."""
    for _ in range(_TRIES - 1):
        try:
            return _evaluate_brand(inst, brand)
        except store.ConflictError:
            continue
    return _evaluate_brand(inst, brand)


def _evaluate_brand(inst: Installation, brand: Brand) -> list[Evaluated]:
    now = inst.clock()
    with inst.database.reading() as connection:
        before = judged(connection, brand.id)
        lookup = Lookup(connection, judging_of(inst, brand), last_bucket(now) - LATE, now)
        counts = _newest_counts(lookup.buckets, now)
        signals = [signal for at in _moments(before, counts, now) for signal in _judge(View(lookup, at))]
        made = lookup.made
    with inst.database.writing() as connection:
        if signals:
            store.hold_opening(connection, brand.id)
        answers = [settle(connection, inst, brand, signal) for signal in signals]
        if made:
            keep_pasts(connection, made)
        remember_judged(connection, brand.id, Judged(now, counts))
    return answers


def _judge(view: View) -> list[Signal]:
    """What detectors say of a moment, complaints first: they are what an incident is about."""
    found = (load(kind).evaluate(view) for kind in kinds())
    said = [signal for signal in found if signal]
    return sorted(said, key=lambda signal: (signal.kind != COMPLAINTS, -signal.ratio, signal.kind))


def judging_of(inst: Installation, brand: Brand) -> Judging:
    """How a brand is judged, by the settings."""
    del inst
    return Judging(
        brand=brand.id,
        name=brand.name,
        sensitivity=Sensitivity.NORMAL,
        least_people=5,
        events=(),
    )


def _newest_counts(buckets: Mapping[datetime, Bucket], now: datetime) -> dict[datetime, Sequence[int]]:
    since = last_bucket(now) - LATE
    return {
        start: (one.mentions, one.negative, one.positive, one.critical)
        for start, one in sorted(buckets.items())
        if start > since
    }


def _moments(before: Judged | None, counts: Mapping[datetime, Sequence[int]], now: datetime) -> list[datetime]:
    """The ends of all buckets from the first that changed on, and now."""
    known = before.counts if before else {}
    changed = [start for start in {*counts, *known} if [*counts.get(start, ())] != [*known.get(start, ())]]
    recent = [start for start in changed if last_bucket(now) - LATE < start]
    ends: list[datetime] = []
    end = min(recent, default=now) + BUCKET
    while end < now:
        ends.append(end)
        end += BUCKET
    return [*ends, now]
