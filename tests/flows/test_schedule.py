from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.runner import Runner
from prefect.states import Running, Scheduled

from flows.schedule import deployment_name, left_over, settle_left_over
from flows.watch import watch

pytestmark = pytest.mark.xdist_group("prefect")


def test_two_installations_on_one_prefect_server_do_not_share_a_deployment(tmp_path: Path) -> None:
    names = {deployment_name(tmp_path / folder / "groundswell.yaml") for folder in ("a", "b")}
    assert len(names) == 2


@pytest.mark.parametrize(
    ("state", "becomes"),
    [(Scheduled(), "Cancelled"), (Running(), "Crashed"), (None, "Crashed")],
)
def test_what_an_earlier_life_left_unfinished_is_ended(state: State[Any] | None, becomes: str) -> None:
    assert left_over(state).name == becomes


@pytest.mark.prefect
@pytest.mark.usefixtures("prefect")
def test_a_night_of_missed_ticks_is_not_caught_up_on() -> None:
    states = asyncio.run(settle())
    assert sorted(states) == ["Cancelled", "Crashed"]


async def settle() -> list[str]:
    deployment: UUID = await Runner(name="night").aadd_flow(watch, name="night")
    async with get_client() as client:
        yesterday: State[Any] = Scheduled(scheduled_time=datetime.now(UTC) - timedelta(hours=9))
        runs = [await client.create_flow_run_from_deployment(deployment, state=yesterday) for _ in range(2)]
        await client.set_flow_run_state(runs[0].id, Running(), force=True)
        assert await settle_left_over(client, deployment) == 2
        ended = [await client.read_flow_run(run.id) for run in runs]
    return [run.state.name for run in ended if run.state and run.state.name]
