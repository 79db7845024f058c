"""The API as an application of its own under ``/api``: its failures are problems, and it describes itself."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.routing import BaseRoute

from console.access import require_rules
from console.api import (
    actions,
    brands,
    checklist,
    corrections,
    decisions,
    describing,
    drills,
    exports,
    incidents,
    mentions,
    needs,
    people,
    plans,
    playbooks,
    proposals,
    pushing,
    reviews,
    sources,
    statements,
    team,
    tips,
)
from console.api.failures import install_failures
from console.context import Console

PARTS = (
    incidents,
    needs,
    actions,
    checklist,
    plans,
    statements,
    proposals,
    reviews,
    mentions,
    corrections,
    exports,
    brands,
    decisions,
    tips,
    playbooks,
    drills,
    team,
    sources,
    people,
    pushing,
    describing,
)
ROUTES: tuple[BaseRoute, ...] = tuple(route for part in PARTS for route in part.router.routes)


def create_api(console: Console) -> FastAPI:
    """What programs ask an installation."""
    require_rules(ROUTES)
    api = FastAPI(title="Groundswell", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    api.state.console = console
    install_failures(api)
    # Not included but added: the description is made of the routes themselves.
    api.router.routes.extend(ROUTES)
    return api
