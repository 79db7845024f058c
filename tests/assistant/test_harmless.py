"""Whatever an assistant sends, nothing but proposals changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mcp import Client
from mcp.types import CallToolResult, Tool
from sqlalchemy import select

from database.columns import Table
from database.proposals import proposals_of
from incidents.proposals import Author
from services.installation import Installation
from tests.assistant.conftest import talk

FITTING: dict[str, Any] = {
    "incident": 1, "mention": 1, "brand": "northwind", "because": "Three posts say so.", "kind": "note", "text": "So.",
    "severity": "SEV1", "category": "safety", "step": "verify", "evidence": "x", "statement_kind": "holding",
    "title": "Call", "statement": 1, "seen": 1, "assignee": "lee", "hours": 4,
}  # fmt: skip
HOSTILE: tuple[Any, ...] = (
    "../incidents/1/resolve",
    "1/resolve?x=",
    "..%2f..%2ftokens",
    "'; DROP TABLE incidents; --",
    "{{ 7 * 7 }} ${7*7} <script>alert(1)</script>",
    "\x00\u202e\r\nX-Evil: 1",
    "x" * 200_000,
    "note",
    0,
    -1,
    1.5,
    2**63,
    10**400,
    True,
    None,
    [],
    {"kind": "resolved"},
)
CHANGING = ("resolved", "dismissed", "severity", "category", "step_done", "step_skipped", "statement", "task", "update")


def everything(inst: Installation) -> dict[str, object]:
    """Every row of every table but the proposals."""
    with inst.database.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in Table.metadata.sorted_tables
            if table.name != "proposals"
        }


def attacks(tool: Tool) -> Iterator[dict[str, Any]]:
    """Arguments that nobody sends in good faith."""
    properties = tool.input_schema["properties"]
    fitting = {name: FITTING[name] for name in properties if name in FITTING}
    yield fitting
    if "kind" in properties:
        yield from ({**fitting, "kind": kind} for kind in CHANGING)
    for name in properties:
        for value in HOSTILE:
            yield {**fitting, name: value}
    yield {**fitting, "approve": True, "actor": "dana", "do": "yes"}
    yield dict.fromkeys(properties, HOSTILE[0])


def test_nothing_but_proposals_changes_whatever_every_tool_is_sent(
    address: str, token: str, inst: Installation
) -> None:
    async def conversation(client: Client) -> list[CallToolResult]:
        await client.call_tool("list_brands", {})  # that the token was used is remembered
        before = everything(inst)
        listed = (await client.list_tools()).tools
        answers = [await client.call_tool(tool.name, given) for tool in listed for given in attacks(tool)]
        assert everything(inst) == before
        return answers

    answers = talk(address, token, conversation)
    assert len(answers) > 300
    assert {bool(answer.is_error) for answer in answers} == {True, False}
    with inst.database.reading() as connection:
        made = proposals_of(connection, 1)
    assert {one.what.kind for one in made} >= {"note", *CHANGING}
    assert {one.author for one in made} == {Author("Desk assistant", "lee")}
