"""A team's own past into a rehearsal, as it was understood when it was heard; what was decided stays behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from database.copying import copy_past, count_past
from database.session import Database
from detection.buckets import bucket_start
from detection.history import SPAN
from services.replay.rehearsal import Rehearsal
from settings.model import Settings


def judged_brands(settings: Settings) -> tuple[str, ...]:
    """Ids of the brands that are judged; competitors are not."""
    return tuple(brand.id for brand in settings.brands if not brand.competitor)


def to_copy(team: Database, settings: Settings, since: datetime, until: datetime) -> int:
    """How many mentions there are to copy."""
    return count_past(team, judged_brands(settings), _first(since), until)


def copy_team(team: Database, rehearsed: Rehearsal, since: datetime, until: datetime) -> Iterator[int]:
    """Copy all that a walk from ``since`` to ``until`` is judged by; yields how many mentions with each batch.

    Args:
        team: the team's database; it is only read.
    """
    settings = rehearsed.inst.settings
    return copy_past(team, rehearsed.inst.database, judged_brands(settings), _first(since), until)


def _first(since: datetime) -> datetime:
    return bucket_start(since) - SPAN
