"""Pages ask the database a number of questions that does not grow with what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from console.app import create_app
from services.installation import Installation
from settings.model import Brand
from tests.console.seeding import hear, open_incident, tick
from tests.installations import BRAND, NOON, HandClock, calm_weeks, installation, outcry, said

BRANDS = tuple(Brand(id=f"brand-{number}", name=f"Brand {number}", phrases=(f"Brand {number}",)) for number in range(6))


@contextmanager
def questions(inst: Installation) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(inst.database.engine, "before_cursor_execute", listen)
    yield asked
    event.remove(inst.database.engine, "before_cursor_execute", listen)


def number_of(inst: Installation, page: str) -> int:
    """How many questions a page asks once it was read before."""
    client = TestClient(create_app(inst), base_url="http://127.0.0.1:8420")
    assert client.get(page).status_code == 200
    with questions(inst) as asked:
        client.get(page)
    return len(asked)


def small_and_large(folder: Path) -> tuple[Installation, Installation]:
    """An installation that has little, and one of more brands, mentions and incidents."""
    small = installation(folder / "small", HandClock())
    large = installation(folder / "large", HandClock(), brands=(BRAND, *BRANDS))
    for inst in (small, large):
        hear(inst, [*calm_weeks(NOON)[:20], *outcry(NOON, people=3)])
        open_incident(inst)
        tick(inst)
    hear(large, [*calm_weeks(NOON), *outcry(NOON, people=60)])
    for brand in BRANDS:
        hear(large, [said(f"{brand.name} is late", NOON, number=brand.id)], brand=brand.id)
    open_incident(large, "volume_wave")
    open_incident(large, "critical_words")
    return small, large


@pytest.mark.parametrize(
    "page",
    ["/", "/incidents", "/incidents/1", "/mentions", "/mentions?tone=negative", "/mentions?q=bag&brand=northwind"],
)
def test_a_page_asks_no_more_where_more_is_stored(tmp_path: Path, page: str) -> None:
    small, large = small_and_large(tmp_path)
    with small.database, large.database:
        few, many = number_of(small, page), number_of(large, page)
        spare = 5 * len(BRANDS) if page.startswith("/mentions") else 0  # each brand's list is read by its own index
        assert many <= few + spare, (few, many)
        assert few <= 40
