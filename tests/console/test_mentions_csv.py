"""The list of mentions as a file."""

from __future__ import annotations

import csv
import io

import pytest
from starlette.testclient import TestClient

from services.installation import Installation
from tests.console.seeding import hear
from tests.installations import NOON, said


def rows(client: TestClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/mentions.csv{query}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="mentions.csv"'
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(("query", "texts"), [("", 2), ("?tone=negative", 1), ("?q=crew", 1), ("?brand=unknown", 0)])
def test_the_file_holds_what_the_filters_leave(client: TestClient, inst: Installation, query: str, texts: int) -> None:
    hear(inst, [said("Northwind Air is awful", NOON, number=1), said("Lovely crew, Northwind Air", NOON, number=2)])
    assert len(rows(client, query)) == texts


def test_the_page_leads_to_the_file_of_its_own_filters(client: TestClient, inst: Installation) -> None:
    assert "Export CSV" not in client.get("/mentions").text
    hear(inst, [said("=1+1 Northwind Air is awful", NOON, number=1)])
    page = client.get("/mentions?tone=negative&q=awful").text
    assert 'href="/mentions.csv?tone=negative&amp;q=awful"' in page
    assert rows(client)[0]["text"] == "'=1+1 Northwind Air is awful"
