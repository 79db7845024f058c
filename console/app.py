"""The console as a web application."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import StreamingResponse
from starlette.staticfiles import StaticFiles

from access.roles import Permission
from console import (
    account_pages,
    actions,
    api_pages,
    audit_pages,
    brand_pages,
    checklist_actions,
    correcting,
    correcting_many,
    drill_pages,
    home,
    incident_pages,
    mention_pages,
    mention_views,
    oidc,
    people_pages,
    playbook_pages,
    preview_pages,
    proposal_actions,
    review_pages,
    settings_pages,
    signal_pages,
    signing_pages,
    source_pages,
    statement_actions,
    tips,
    token_pages,
)
from console.access import needing, require_rules
from console.api.application import create_api
from console.beside import Beside
from console.context import Console, console_of
from console.live import LiveFeed
from console.problems import install_handlers
from console.reader_zone import ReadersZone
from console.remembered import remember
from console.rendering import STATIC, environment
from console.security import Guard
from database.reading import pulse
from services.installation import Installation
from services.previewing import Previews
from services.provider import BACK, Provider

PARTS = (
    home,
    brand_pages,
    incident_pages,
    mention_views,
    mention_pages,
    playbook_pages,
    preview_pages,
    review_pages,
    signal_pages,
    source_pages,
    people_pages,
    settings_pages,
    audit_pages,
    actions,
    api_pages,
    checklist_actions,
    statement_actions,
    proposal_actions,
    correcting,
    correcting_many,
    drill_pages,
    tips,
    signing_pages,
    oidc,
    account_pages,
    token_pages,
)
router = APIRouter(route_class=needing(Permission.READ))


def create_app(installation: Installation, beside: Beside | None = None) -> FastAPI:
    """The pages of an installation; they change nothing but through services.

    Args:
        beside: where what takes long is read again while nobody waits for it; None reads it in this process.
    """
    app = FastAPI(title="Groundswell", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.console = console = Console(
        installation,
        environment(installation.settings, installation.clock),
        LiveFeed(lambda: _pulse(installation)),
        installation.clock(),
        _provider(installation),
        Previews(installation),
        remember(installation, beside),
    )
    app.add_middleware(Guard, console=installation.settings.console)
    app.add_middleware(ReadersZone)
    install_handlers(app)
    for part in (*(part.router for part in PARTS), router):
        require_rules(part.routes)
        app.include_router(part)
    app.mount("/api", create_api(console))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


@router.get("/live")
async def live(request: Request) -> StreamingResponse:
    """Server-sent events: a word that changes whenever a page would."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(console_of(request).feed.listen(), media_type="text/event-stream", headers=headers)


def _provider(installation: Installation) -> Provider | None:
    console = installation.settings.console
    return Provider(console.oidc, f"{console.base_url}{BACK}", installation.clock) if console.oidc else None


def _pulse(installation: Installation) -> str:
    with installation.database.reading() as connection:
        return pulse(connection)
