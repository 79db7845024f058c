"""Mentions taken away as a file."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import StreamingResponse

from access.roles import Permission
from console.api.mentions import wanted
from console.api.routing import Inst, resource
from console.auditing import note_export
from database.reading_mentions import Wanted
from services.files.exporting import Format, export

router = resource(Permission.EXPORT, "mentions")
_KINDS = {Format.CSV: "text/csv", Format.JSONL: "application/jsonl"}
_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "All that the filters leave, the oldest first.",
        "content": {kind: {"schema": {"type": "string"}} for kind in _KINDS.values()},
    }
}


@router.get("/mentions/export", response_class=StreamingResponse, responses=_FILES)
def exported(
    request: Request,
    inst: Inst,
    asked: Annotated[Wanted, Depends(wanted)],
    form: Annotated[Format, Query(description="For spreadsheets, or a JSON object on each line.")] = Format.JSONL,
) -> StreamingResponse:
    """All mentions that the filters leave, the oldest first, as one file; in CSV, formulas are neutralised."""
    note_export(request, f"mentions.{form}", filters=request.url.query)
    named = f'attachment; filename="mentions.{form}"'
    headers = {"Content-Disposition": named, "Cache-Control": "no-store"}
    return StreamingResponse(export(inst, asked, form), media_type=f"{_KINDS[form]}; charset=utf-8", headers=headers)
