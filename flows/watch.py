"""Listen, notice, tell: one tick as a Prefect flow.

Deployments name it by its module, ``flows.watch.watch``. A file entrypoint (``flows/watch.py:watch``) would put
``flows/`` first on ``sys.path``, before the packages of the same house.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.events import emit_event
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import Task, exponential_backoff

from database.source_health import source_facts
from errors import GroundswellError
from flows.notices import WithoutForeseen, leave_out, notices
from flows.tell import announcements, escaped, rows, summary
from services.collecting import Collected, collect
from services.delivery import Delivered, deliver
from services.evaluating import evaluate
from services.installation import Installation, open_installation
from services.rounds import start_round
from services.settling import Evaluated
from services.ticking import AT_ONCE, BUSY, TickReport, holding_tick, record_tick
from services.watching_sources import Watched, watch_sources
from settings.model import Source

# Two more attempts after about 1 and 2 seconds: a hiccup passes, and the tick still ends before the next.
RETRIES = 2
FIRST_PAUSE = 1.0
# A tick that hangs must not keep all later ones waiting.
LONGEST_TICK = 600


class SourceFailedError(Exception):
    """A source could not be read; what is known of it is in ``collected``, and stored."""

    def __init__(self, collected: Collected) -> None:
        super().__init__(f"{collected.source}: {collected.problem} {collected.remedy}")
        self.collected = collected


Ending = Collected | BaseException
FORESEEN = WithoutForeseen(SourceFailedError)


def worth_retrying(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a failed attempt may well work when tried again at once: a time-out may, a 404 does not."""
    return isinstance(state.data, SourceFailedError) and state.data.collected.transient


@task(
    task_run_name="collect {source.id}",
    retries=RETRIES,
    retry_delay_seconds=exponential_backoff(FIRST_PAUSE),
    retry_jitter_factor=0.5,
    retry_condition_fn=worth_retrying,
    cache_policy=NO_CACHE,
)
def collect_source(inst: Installation, source: Source) -> Collected:
    """Ask one source.

    Raises:
        SourceFailedError: it could not be read; Prefect shows its task as failed, the tick goes on.
    """
    collected = collect(inst, source)
    if collected.problem:
        raise SourceFailedError(collected)
    return collected


@task(cache_policy=NO_CACHE)
def evaluate_brands(inst: Installation) -> tuple[Evaluated, ...]:
    """Judge every brand; tell Prefect of spikes and of incidents opened."""
    evaluated = evaluate(inst)
    for told in announcements(evaluated):
        related = [{"prefect.resource.id": id_, "prefect.resource.role": role} for role, id_ in told.related.items()]
        emit_event(told.event, {"prefect.resource.id": told.resource}, related=related, payload=told.payload)
    return evaluated


@task(cache_policy=NO_CACHE)
def watch_over_sources(inst: Installation) -> Watched:
    """Notice sources that have gone deaf, and write to whoever runs Groundswell."""
    return watch_sources(inst)


@task(cache_policy=NO_CACHE)
def deliver_letters(inst: Installation) -> Delivered:
    """Send what is due from the outbox."""
    return deliver(inst)


@flow(
    name="watch",
    task_runner=ThreadPoolTaskRunner(max_workers=AT_ONCE),  # type: ignore[arg-type]  # its type is invariant
    timeout_seconds=LONGEST_TICK,
    validate_parameters=False,
)
def watch(config: str = "groundswell.yaml") -> State[Any]:
    """One tick: collect from every source that is due, evaluate every brand, deliver what is due.

    Args:
        config: path of the settings file; a relative one starts at the worker's working directory.

    Raises:
        SettingsError: the settings are wrong.
        DatabaseError: the database cannot be opened, read or written.
    """
    end_with_runner()
    inst = open_installation(Path(config), os.environ)
    with inst.database, holding_tick(inst) as held:
        return _tick(inst) if held else Completed(message=BUSY)


def end_with_runner() -> None:
    """Where a runner started this process, end when it dies: nobody would be left to end a run that hangs."""
    if runner := multiprocessing.parent_process():
        Thread(target=_end_after, args=(runner,), daemon=True).start()


def _end_after(runner: BaseProcess) -> None:
    runner.join()
    os.kill(os.getpid(), signal.SIGKILL)


def _tick(inst: Installation) -> State[Any]:
    leave_out(FORESEEN)
    started_at = inst.clock()
    with inst.database.reading() as connection:
        before = source_facts(connection)
    endings = _collect_all(inst)
    collected = tuple(outcome(source, ending) for source, ending in endings.items())
    for line in notices(before, collected):
        get_run_logger().warning("%s", line)
    try:
        evaluated = evaluate_brands(inst)
        watch_over_sources(inst)
    finally:  # letters that wait must go out whatever happened before
        delivered = deliver_letters(inst)
    report = TickReport(started_at, inst.clock(), collected, evaluated, delivered)
    record_tick(inst, report)
    create_table_artifact(rows(report), key="watch", description=escaped(summary(report)))
    return verdict(endings, report)


def _collect_all(inst: Installation) -> dict[str, Ending]:
    """How each source's task ended, as a value: one source must not end the others' tick."""
    futures = {source.id: collect_source.submit(inst, source) for source in start_round(inst)}
    return {source: future.result(raise_on_failure=False) for source, future in futures.items()}


def outcome(source: str, ending: Ending) -> Collected:
    """A source's row, whatever became of its task."""
    match ending:
        case Collected():
            return ending
        case SourceFailedError(collected=collected):
            return collected
        case GroundswellError():
            return Collected(source, problem=f"{ending.subject}: {ending.problem}", remedy=ending.remedy)
        case _:
            return Collected(source, problem=f"{type(ending).__name__}: {ending}", remedy="See the log of this run.")


def verdict(endings: Mapping[str, Ending], report: TickReport) -> State[Any]:
    """Completed even where sources failed, which is to be expected; failed where something unforeseen did."""
    foreseen = Collected | SourceFailedError | GroundswellError
    unforeseen = [source for source, ending in endings.items() if not isinstance(ending, foreseen)]
    if unforeseen:
        return Failed(message=f"unforeseen failure of {', '.join(unforeseen)}; the rest was done: {summary(report)}")
    return Completed(message=summary(report))
