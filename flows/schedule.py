"""Runs the watch flow at every tick: ``python -m flows.schedule --config groundswell.yaml``.

Each tick is a run in a process of its own, entered by Prefect's scheduler, started here, one at a time.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import socket
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.runner import Runner
from prefect.states import Cancelled, Crashed

from flows.server import SCHEDULED
from flows.watch import watch
from settings.loading import load

BETWEEN_POLLS = 2.0
# Prefect answers with no more at a time; the schedule's horizon holds far fewer.
MOST_RUNS = 200
UNFINISHED = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]


def deployment_name(config: Path) -> str:
    """One for each settings file and machine, so that several installations may share a Prefect server."""
    place = f"{socket.getfqdn()}:{config}"
    return f"serve-{hashlib.blake2b(place.encode(), digest_size=4).hexdigest()}"


def left_over(state: State | None) -> State:
    """What a run becomes that an earlier life of this program left unfinished."""
    if state and state.type == StateType.SCHEDULED:
        return Cancelled(message="its time passed while nothing ran")
    return Crashed(message="what ran it is gone")


async def settle_left_over(client: PrefectClient, deployment: UUID) -> int:
    """End the runs that an earlier life left unfinished, so that none of them is caught up on; how many."""
    runs = await client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNFINISHED))),
        # Said, because the client sends null for what is left out, and FastAPI refuses that since 0.151.
        sort=FlowRunSort.EXPECTED_START_TIME_ASC,
        limit=MOST_RUNS,
    )
    for run in runs:
        await client.set_flow_run_state(run.id, left_over(run.state), force=True)
    return len(runs)


class StoppableRunner(Runner):
    """A runner that ends what it runs on SIGTERM; in Prefect 3.8 its own answer, ``stop()``, is never awaited."""

    def handle_sigterm(self, *_args: Any, **_kwargs: Any) -> None:
        """Leave :meth:`start`."""
        asyncio.get_running_loop().call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._ending = asyncio.create_task(self.astop())


async def serve(config: Path, tick: timedelta) -> None:
    """Run the flow now and then at every tick, until stopped."""
    name = deployment_name(config)
    # Schedules stay on when this stops: a restart must not begin with a paused deployment.
    runner = StoppableRunner(name=name, limit=1, pause_on_shutdown=False, query_seconds=BETWEEN_POLLS)
    deployment = await runner.aadd_flow(watch, name=name, interval=tick, parameters={"config": str(config)})
    async with get_client() as client:
        await settle_left_over(client, deployment)
        await client.create_flow_run_from_deployment(deployment, name="first")
    print(SCHEDULED, flush=True)  # noqa: T201  # what its starter waits for
    await runner.start()


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m flows.schedule", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    config = parser.parse_args(arguments).config.resolve()
    asyncio.run(serve(config, load(config, os.environ).tick))


if __name__ == "__main__":
    main()
