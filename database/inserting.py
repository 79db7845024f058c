"""Inserts that know what to do about rows that are there already, as each dialect says it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite


def insert_into(dialect: str, table: Any) -> Any:
    """An INSERT that takes ``on_conflict_...``; the dialects spell it alike but share no class."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)
