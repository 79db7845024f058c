"""The API as an application of its own under ``/api``: its failures are problems, and it describes itself."""

from __future__ import annotations

from fastapi import FastAPI

from console.access import require_rules
from console.api import (
    brands,
    decisions,
    describing,
    drills,
    incidents,
    mentions,
    people,
    playbooks,
    pushing,
    reviews,
    sources,
    team,
)
from console.api.failures import install_failures
from console.context import Console

PARTS = (brands, mentions, incidents, reviews, playbooks, drills, decisions, team, sources, people, pushing, describing)


def create_api(console: Console) -> FastAPI:
    """What programs ask an installation."""
    api = FastAPI(title="Groundswell", docs_url=None, redoc_url=None, openapi_url=None)
    api.state.console = console
    install_failures(api)
    for part in PARTS:
        require_rules(part.router.routes)
        # Not included but added: the description is made of the routes themselves.
        api.router.routes.extend(part.router.routes)
    return api
