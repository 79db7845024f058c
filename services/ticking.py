"""One tick: listen to every source that is due, look at every brand, send what is due."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, insert

from database import visits
from database.tables import TickRow
from detection.signal import Verdict
from errors import GroundswellError
from services.collecting import Collected, collect
from services.delivery import Delivered, deliver
from services.drilling import end_drills
from services.evaluating import evaluate
from services.installation import Installation
from services.retaining import erase_expired
from services.rounds import start_round
from services.settling import Evaluated
from services.watching_sources import watch_sources
from settings.model import Source

logger = logging.getLogger(__name__)
# Sources wait for the network most of the time: a few dozen slow ones must not hold up all others.
AT_ONCE = 40
BUSY = "another tick is running"
TICKS_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class TickReport:
    """What a tick did.

    Attributes:
        skipped: why nothing was done, None where it was.
    """

    started_at: datetime
    finished_at: datetime
    collected: tuple[Collected, ...] = ()
    evaluated: tuple[Evaluated, ...] = ()
    delivered: Delivered = field(default_factory=Delivered)
    skipped: str | None = None

    @property
    def failed(self) -> tuple[Collected, ...]:
        """Sources that could not be read."""
        return tuple(one for one in self.collected if one.problem)

    @property
    def fired(self) -> tuple[Evaluated, ...]:
        """Signals that fired."""
        return tuple(one for one in self.evaluated if one.signal.verdict is Verdict.FIRED)


def tick(inst: Installation, *, everything: bool = False) -> TickReport:
    """Do a whole tick, unless another process is in the middle of one.

    Args:
        everything: ask sources that are not due, too.

    Raises:
        DatabaseError: the database cannot be read or written.
    """
    started = inst.clock()
    with holding_tick(inst) as held:
        if not held:
            return TickReport(started, started, skipped=BUSY)
        collected = _collect_all(inst, start_round(inst, everything=everything))
        try:
            evaluated = evaluate(inst)
            watch_sources(inst)
        finally:  # letters that wait must go out whatever happened before
            delivered = deliver(inst)
        report = TickReport(started, inst.clock(), collected, evaluated, delivered)
        record_tick(inst, report)
        return report


def holding_tick(inst: Installation) -> AbstractContextManager[bool]:
    """Hold the lock that lets only one tick run at a time; yields whether it is held."""
    return inst.database.exclusive("tick", wait=False)


def record_tick(inst: Installation, report: TickReport) -> None:
    """Remember that a tick was done, for those who ask whether the system is awake; forget what is too old to keep."""
    end_drills(inst)
    erase_expired(inst)
    with inst.database.writing() as connection:
        connection.execute(delete(TickRow).where(TickRow.started_at < report.started_at - TICKS_KEPT))
        visits.forget_old(connection, report.started_at)
        inst.playbooks.remember(connection, report.started_at)
        connection.execute(
            insert(TickRow).values(
                started_at=report.started_at,
                finished_at=report.finished_at,
                collected=sum(one.new for one in report.collected),
                failed_sources=len(report.failed),
                fired=len(report.fired),
                sent=report.delivered.sent,
            )
        )


def _collect_all(inst: Installation, sources: Sequence[Source]) -> tuple[Collected, ...]:
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="source") as pool:
        started = [(source, pool.submit(collect, inst, source)) for source in sources]
    return tuple(_result(source, future) for source, future in started)


def _result(source: Source, future: Future[Collected]) -> Collected:
    """The result of one source; a fault in it is its own and must not silence the others."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, GroundswellError):
        return Collected(source.id, problem=f"{error.subject}: {error.problem}", remedy=error.remedy)
    logger.error("source %s failed unexpectedly", source.id, exc_info=error)
    problem = f'source "{source.id}": {type(error).__name__}, a fault of Groundswell itself.'
    return Collected(
        source.id, problem=problem, remedy="Report it with the log of this moment; the source is asked again."
    )
