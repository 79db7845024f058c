"""The console as a web application."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import StreamingResponse
from starlette.staticfiles import StaticFiles

from access.roles import Permission
from console import (
    actions,
    api,
    brand_pages,
    checklist_actions,
    correcting,
    correcting_many,
    drill_pages,
    home,
    incident_pages,
    mention_pages,
    mention_views,
    playbook_pages,
    review_pages,
    signal_pages,
    source_pages,
    statement_actions,
    tips,
)
from console.access import needing, require_rules
from console.context import Console, console_of
from console.live import LiveFeed
from console.problems import install_handlers
from console.recent_topics import RecentTopics
from console.rendering import STATIC, environment
from console.security import Guard
from database.reading import pulse
from services.installation import Installation

PARTS = (
    home,
    brand_pages,
    incident_pages,
    mention_views,
    mention_pages,
    playbook_pages,
    review_pages,
    signal_pages,
    source_pages,
    actions,
    checklist_actions,
    statement_actions,
    correcting,
    correcting_many,
    drill_pages,
    tips,
    api,
)
router = APIRouter(route_class=needing(Permission.READ))


def create_app(installation: Installation) -> FastAPI:
    """The pages of an installation; they change nothing but through services."""
    app = FastAPI(title="Groundswell", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.console = Console(
        installation,
        environment(installation.settings, installation.clock),
        LiveFeed(lambda: _pulse(installation)),
        RecentTopics(installation),
    )
    app.add_middleware(Guard, addresses=[installation.settings.console.base_url])
    install_handlers(app)
    for part in (*(part.router for part in PARTS), router):
        require_rules(part.routes)
        app.include_router(part)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


@router.get("/live")
async def live(request: Request) -> StreamingResponse:
    """Server-sent events: a word that changes whenever a page would."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(console_of(request).feed.listen(), media_type="text/event-stream", headers=headers)


def _pulse(installation: Installation) -> str:
    with installation.database.reading() as connection:
        return pulse(connection)
