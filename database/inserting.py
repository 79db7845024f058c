"""Inserts that know what to do about rows that are there already, compiled once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import Compiled

_COMPILED: dict[tuple[str, Callable[[Any], Any], tuple[str, ...], bool], Compiled] = {}


def insert_into(dialect: str, table: Any) -> Any:
    """An INSERT that takes ``on_conflict_...``; the dialects spell it alike but share no class."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


def insert(
    connection: Connection, table: Any, rows: Sequence[Mapping[str, Any]], complete: Callable[[Any], Any]
) -> CursorResult[Any]:
    """Insert rows, all of the same columns and at least one.

    SQLAlchemy 2.0 compiles an INSERT with ON CONFLICT again each time, which takes ten times as long as a small one.
    So it is compiled here once for each choice of columns, and kept.

    Args:
        complete: says what happens to rows that are there already; a function of a module, which stands for the
            statement it makes.
    """
    key = (connection.dialect.name, complete, tuple(rows[0]), len(rows) > 1)
    compiled = _COMPILED.get(key)
    if compiled is None:
        statement = complete(insert_into(connection.dialect.name, table))
        compiled = statement.compile(
            dialect=connection.dialect, column_keys=list(rows[0]), for_executemany=len(rows) > 1
        )
        _COMPILED[key] = compiled
    return connection.execute(compiled, rows if len(rows) > 1 else rows[0])  # type: ignore[arg-type]  # it takes what is compiled, too
