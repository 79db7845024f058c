"""The settings as they are in force, for whoever administers Groundswell."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from fastapi import APIRouter, Request, Response

from access.roles import Permission
from console.access import needing
from console.context import console_of
from console.rendering import page
from console.settings_words import sections
from database import reading

router = APIRouter(route_class=needing(Permission.ADMINISTER))


@router.get("/settings")
def settings(request: Request) -> Response:
    """Everything that holds, section by section; changes are made in the file."""
    console = console_of(request)
    inst = console.installation
    with inst.database.reading() as connection:
        pulse = reading.pulse(connection)
    return page(
        request,
        "settings.html",
        pulse=pulse,
        file=inst.settings.path,
        read_at=console.opened_at,
        changed_at=changed_since(inst.settings.path, console.opened_at),
        sections=sections(inst.settings, inst.database.name),
    )


def changed_since(file: Path, read_at: datetime) -> datetime | None:
    """When a file was written, where that was after it was read; None where it was not, or it is gone."""
    try:
        written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:
        return None
    return written if written > read_at else None
