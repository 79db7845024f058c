"""Looking at every brand: which of them may be in a wave, what detectors say of these, what comes of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from database import incidents as store
from database.pasts import Judged, judged, judged_between, keep_pasts, remember_judged
from database.said import brands_heard_far, sums_between
from detection.buckets import BUCKET, Bucket, bucket_start
from detection.history import HOUR, NEWEST
from detection.rhythm import SWELL
from detection.signal import Reason, Signal, Verdict, kinds, load
from detection.view import FAR, Series
from detection.waking import LEARNING
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


def evaluate(inst: Installation, *, running: bool = True) -> tuple[Evaluated, ...]:
    """Judge every brand but competitors; an answer for each signal, none for brands of which nothing stands out.

    A brand is judged as of now, and as of the end of each bucket of the last three hours whose count has changed since
    it was judged last: what a source brings late is not lost. An incident, its checklist, its first timeline rows and
    its letters are stored together or not at all.

    Args:
        running: judge the bucket that still runs, too; without it, what is published from now on is not seen.

    Raises:
        EvaluationError: some brands could not be judged; the answers of the others are stored.
    """
    find_owners(inst)
    newest = _newest(inst.clock(), running=running)
    with inst.database.reading() as connection:
        sums = sums_between(connection, newest - LATE - SWELL, newest + BUCKET)
        far = brands_heard_far(connection, FAR, newest - LATE - HOUR, newest + BUCKET)
        # Whether a brand has fallen silent is asked once an hour, whenever in it a tick comes.
        hour = inst.clock().replace(minute=0, second=0, microsecond=0)
        heard = {*sums, *judged_between(connection, hour, hour + HOUR)}
    answers: list[Evaluated] = []
    faults: list[str] = []
    for brand in inst.settings.brands:
        look = _Look(inst, brand, newest, heard_far=brand.id in far, silent=brand.id not in heard)
        if brand.competitor or not (look.heard_far or look.silent or _may_stand_out(sums.get(brand.id, {}))):
            continue
        try:
            answers += _until_undisturbed(look)
        except Exception as error:  # the edge between brands: one that fails must not leave the others unwatched
            logger.exception("brand %s could not be judged", brand.id)
            faults.append(f'brand "{brand.id}" ({type(error).__name__}: {error})')
    let_ebb(inst)  # after what was just seen: whoever was away for an hour has not seen the wave end
    if faults:
        raise EvaluationError(", ".join(faults), "could not be judged.", "See the log; every other brand was judged.")
    return tuple(answers)


def evaluate_brand(inst: Installation, brand: Brand) -> tuple[Evaluated, ...]:
    """As :func:`evaluate`, of one brand, in the settings or not, and whatever its counts are."""
    newest = _newest(inst.clock(), running=True)
    with inst.database.reading() as connection:
        far = brands_heard_far(connection, FAR, newest - LATE - HOUR, newest + BUCKET)
    return tuple(_until_undisturbed(_Look(inst, brand, newest, heard_far=brand.id in far, silent=False)))


def _may_stand_out(sums: Mapping[str, int]) -> bool:
    """Whether any detector could have anything to say of a brand with these counts; most brands cost no more."""
    return any(sums.get(series, 0) >= fewest for series, fewest in _FEWEST.items())


# No detector looks at fewer in an hour.
_FEWEST = {Series.NEGATIVE: 4, Series.CRITICAL: 2, Series.MENTIONS: 15, Series.POSITIVE: 8}


@dataclass(frozen=True, slots=True)
class _Look:
    """One brand that is to be judged.

    Attributes:
        newest: start of the newest bucket that is seen.
        heard_far, silent: as :class:`services.viewing.Lookup` has them.
    """

    inst: Installation
    brand: Brand
    newest: datetime
    heard_far: bool
    silent: bool


def _newest(now: datetime, *, running: bool) -> datetime:
    """Start of the newest bucket that is seen."""
    return bucket_start(now) if running else bucket_start(now) - BUCKET


def _until_undisturbed(look: _Look) -> list[Evaluated]:
    """On PostgreSQL somebody may press a button in between; then what is true now is judged again."""
    for _ in range(_TRIES - 1):
        try:
            return _evaluate_brand(look)
        except store.ConflictError:
            continue
    return _evaluate_brand(look)


def _evaluate_brand(look: _Look) -> list[Evaluated]:
    inst, brand, now = look.inst, look.brand, look.inst.clock()
    with inst.database.reading() as connection:
        before = judged(connection, brand.id)
        since = look.newest - LATE
        lookup = Lookup(connection, judging_of(inst, brand), since, look.newest, look.heard_far, look.silent)
        counts = _newest_counts(lookup.buckets, look.newest)
        changed = _first_changed(before, counts, look.newest)
        signals = _signals(lookup, changed or look.newest, look.newest, now)
    if changed is None and not (signals or look.silent or lookup.made):
        return []
    with inst.database.writing() as connection:
        if signals:
            store.hold_opening(connection, brand.id)
        settled = [settle(connection, inst, brand, signal) for signal in signals]
        if lookup.made:
            keep_pasts(connection, lookup.made)
        remember_judged(connection, brand.id, Judged(now, counts))
    fired = {one.signal.kind for one in settled if one.signal.verdict is Verdict.FIRED}
    return [one for one in settled if one.signal.verdict is not Verdict.GOES_ON or one.signal.kind not in fired]


def _signals(lookup: Lookup, first: datetime, newest: datetime, now: datetime) -> list[Signal]:
    """What detectors say of the ends of all buckets from ``first`` to ``newest``."""
    lasts = [first + number * BUCKET for number in range((newest - first) // BUCKET + 1)]
    views = [View(lookup, last, min(last + BUCKET, now)) for last in lasts]
    # While learning nothing but the present can be told to be unusual.
    seen = [view for view in views if view is views[-1] or not _is_learning(view)]
    return _together([_judge(view) for view in seen], now)


def _judge(view: View) -> list[Signal]:
    """What detectors say of a moment, complaints first: they are what an incident is about."""
    found = (load(kind).evaluate(view) for kind in kinds())
    said = [signal for signal in found if signal]
    return sorted(said, key=lambda signal: (signal.kind != COMPLAINTS, -signal.ratio, signal.kind))


def _is_learning(view: View) -> bool:
    """Whether too little was known at a moment to say what is usual."""
    return view.heard_since is None or view.at - view.heard_since < LEARNING


def _together(moments: Sequence[Sequence[Signal]], now: datetime) -> list[Signal]:
    """One signal of each kind for all moments that are judged at once: people are told once, of the worst of it.

    The biggest that fired, else the biggest that was held, else the newest; then what shows how long it went on.
    """
    kinds_found = dict.fromkeys(signal.kind for moment in moments for signal in moment)
    together: list[Signal] = []
    for kind in kinds_found:
        found = [signal for moment in moments for signal in moment if signal.kind == kind]
        decided = [signal for signal in found if signal.verdict is Verdict.FIRED]
        decided = decided or [signal for signal in found if signal.verdict is Verdict.HELD]
        chosen = max(decided, key=lambda signal: (signal.hourly, signal.at), default=found[-1])
        together.append(_heard_late(chosen, now))
        if found[-1] is not chosen and found[-1].verdict in {Verdict.FIRED, Verdict.GOES_ON}:
            together.append(replace(found[-1], verdict=Verdict.GOES_ON, reason=Reason.STILL_RAISED))
    return sorted(together, key=lambda signal: (signal.kind != COMPLAINTS, signal.verdict is Verdict.GOES_ON))


def _heard_late(signal: Signal, now: datetime) -> Signal:
    """A signal of a while ago says so."""
    minutes = (now - signal.at) // timedelta(minutes=1)
    if minutes < _A_WHILE:
        return signal
    sentence, found = _LAST.subn(rf"in the \1 that ended {minutes} minutes ago", signal.sentence, count=1)
    if not found:  # it speaks of one post
        sentence += f" It was said {(now - (signal.since or signal.at)) // timedelta(minutes=1)} minutes ago."
    return replace(signal, sentence=sentence)


_A_WHILE = 10
_LAST = re.compile(r"in the last (hour|three hours)")


def judging_of(inst: Installation, brand: Brand) -> Judging:
    """How a brand is judged, by the settings."""
    return Judging(
        brand=brand.id,
        name=brand.name,
        sensitivity=inst.settings.sensitivity_of(brand),
        least_people=inst.settings.detection.least_people,
        events=brand.planned_events(inst.settings.time_zone),
    )


def _newest_counts(buckets: Mapping[datetime, Bucket], newest: datetime) -> dict[datetime, Sequence[int]]:
    return {
        start: (one.mentions, one.negative, one.positive, one.critical)
        for start, one in sorted(buckets.items())
        if newest - LATE < start <= newest
    }


def _first_changed(
    before: Judged | None, counts: Mapping[datetime, Sequence[int]], newest: datetime
) -> datetime | None:
    """Start of the first bucket that is not as it was when the brand was judged last, None where none has changed."""
    known = before.counts if before else {}
    changed = (start for start in {*counts, *known} if [*counts.get(start, ())] != [*known.get(start, ())])
    return min((start for start in changed if newest - LATE < start <= newest), default=None)
