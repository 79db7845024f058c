"""The audit: who did what, when and from where, for whoever administers Groundswell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from access.audit import AuditKind, AuditRow, sentence
from access.roles import Permission
from console.access import NotAllowedError, caller_of, needing
from console.auditing import note_export
from console.context import console_of
from console.rendering import page
from database import auditing, reading
from services.files.neutral import neutralised
from services.installation import Installation

router = APIRouter(route_class=needing(Permission.ADMINISTER))
AT_ONCE = 100
COLUMNS = ("number", "at", "kind", "person", "subject", "address", "what")
_PAGE = "/audit"
Before = Annotated[int | None, Query(ge=1, le=2**63 - 1)]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says; unknown values count as none."""

    person: str = ""
    kind: str = ""

    @property
    def query(self) -> str:
        """The filters as they stand in an address."""
        return urlencode({name: value for name, value in (("person", self.person), ("kind", self.kind)) if value})


def chosen(request: Request) -> Filters:
    """The filters of an address."""
    people, given = console_of(request).installation.names, request.query_params
    person, kind = given.get("person", ""), given.get("kind", "")
    return Filters(person if person in people else "", kind if kind in set(AuditKind) else "")


Chosen = Annotated[Filters, Depends(chosen)]


@router.get(_PAGE)
def audit(request: Request, filters: Chosen, before: Before = None) -> Response:
    """One page of the list, the last first."""
    inst = console_of(request).installation
    with inst.database.reading() as connection:
        pulse = reading.pulse(connection)
        found = auditing.rows(connection, AT_ONCE + 1, before=before, kind=_kind(filters), person=filters.person)
    return page(
        request,
        "audit.html",
        pulse=pulse,
        filters=filters,
        rows=[(row, sentence(row.noted, inst.names)) for row in found[:AT_ONCE]],
        kinds={kind: kind.replace("_", " ") for kind in AuditKind},
        older=str(found[AT_ONCE - 1].id) if len(found) > AT_ONCE else "",
        further=before is not None,
    )


@router.get("/audit.csv")
def audit_csv(request: Request, filters: Chosen) -> Response:
    """All that the filters leave, as a file for spreadsheets; that it was taken away is written down first."""
    inst, caller = console_of(request).installation, caller_of(request)
    if caller is None or Permission.EXPORT not in caller.permissions:
        raise NotAllowedError(Permission.EXPORT)
    note_export(request, "the audit", filters=filters.query)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(written(inst, filters), media_type="text/csv; charset=utf-8", headers=headers)


def written(inst: Installation, filters: Filters) -> Iterator[str]:
    """The audit as CSV (RFC 4180), the last first, in parts; what strangers may have typed is no formula."""
    yield "\ufeff" + _csv([COLUMNS])
    before: int | None = None
    while True:
        with inst.database.reading() as connection:
            part = auditing.rows(connection, AT_ONCE, before=before, kind=_kind(filters), person=filters.person)
        if part:
            yield _csv(_cells(row, inst) for row in part)
            before = part[-1].id
        if len(part) < AT_ONCE:
            return


def _cells(row: AuditRow, inst: Installation) -> tuple[object, ...]:
    noted = row.noted
    told = (str(noted.kind), noted.person, noted.subject, noted.address, sentence(noted, inst.names))
    return (row.id, row.at.isoformat(), *map(neutralised, told))


def _csv(rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _kind(filters: Filters) -> AuditKind | None:
    return AuditKind(filters.kind) if filters.kind else None
