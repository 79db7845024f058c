"""Every page of the console, with an address that shows it: what is tried on all pages is tried on these.

A page that is not listed fails a test; so does an entry that no route makes. Where a new page needs something to show,
:mod:`tests.console.gallery.rich_team` seeds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.routing import APIRoute

from console.app import PARTS


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of the gallery.

    Attributes:
        route: the path of its route, as it is written in the code; empty where none makes it.
        address: where the rich team's console shows it.
        name: what the test calls it; one route has several where they look different.
        person: who looks at it; empty where nobody has said who they are.
        action: what is asked there, which a form of the page would send; None where the page is only read.
        status: of the answer.
    """

    route: str
    address: str
    name: str
    person: str = "dana"
    action: tuple[tuple[str, str], ...] | None = None
    status: int = 200


PAGES = (
    Shown("/", "/", "home"),
    Shown("/", "/", "home-nobody", person=""),
    Shown("/brands/{brand_id}", "/brands/northwind", "brand"),
    Shown("/brands/{brand_id}", "/brands/northwind-hotels?range=7d", "brand-rated"),
    Shown("/brands/{brand_id}", "/brands/northwind?range=30d", "brand-month"),
    Shown("/brands/{brand_id}", "/brands/bluebird", "brand-competitor"),
    Shown("/incidents", "/incidents", "incidents"),
    Shown("/incidents/{incident_id}", "/incidents/1", "incident-reviewed"),
    Shown("/incidents/{incident_id}", "/incidents/4", "incident-merged"),
    Shown("/incidents/{incident_id}", "/incidents/5", "incident"),
    Shown("/incidents/{incident_id}", "/incidents/5", "incident-offered", person="lee"),
    Shown("/incidents/{incident_id}", "/incidents/5", "incident-read-along", person="mara"),
    Shown("/incidents/{incident_id}", "/incidents/6", "incident-tip"),
    Shown("/incidents/{incident_id}", "/incidents/7", "incident-drill"),
    Shown("/incidents/{incident_id}/playbook", "/incidents/5/playbook?to=service-failure", "moving"),
    Shown("/incidents/{incident_id}/review", "/incidents/3/review", "review-to-write"),
    Shown("/incidents/{incident_id}/review", "/incidents/1/review", "review-complete"),
    Shown("/mentions", "/mentions", "mentions"),
    Shown("/mentions", "/mentions?q=awful&brand=northwind&tone=negative&from=2026-03-01T00:00", "mentions-filtered"),
    Shown("/mentions", "/mentions?q=nobody+says+this", "mentions-none"),
    Shown("/mentions/corrections", "/mentions/corrections", "corrections"),
    Shown("/mentions/views", "/mentions/views?name=Angry&query=tone%3Dnegative", "views"),
    Shown("/mentions/bulk", "/mentions/bulk?verdict=not_about_us&brand=northwind&tone=negative", "bulk"),
    Shown("/mentions/{mention_id}/{brand}", "/mentions/9/northwind", "mention"),
    Shown("/signals", "/signals", "signals"),
    Shown("/playbooks", "/playbooks", "playbooks"),
    Shown("/playbooks/{playbook_id}", "/playbooks/service-failure", "playbook"),
    Shown("/playbooks/{playbook_id}", "/playbooks/night-shift", "playbook-own"),
    Shown("/drills", "/drills", "drills"),
    Shown("/team", "/team?by=week", "team"),
    Shown("/sources", "/sources", "sources"),
    Shown("/sources/{source_id}", "/sources/forum", "source"),
    Shown("/sources/{source_id}", "/sources/north", "source-failing"),
    Shown("/sources/{source_id}/test", "/sources/forum/test", "source-tested"),
    Shown("/preview", "/preview", "preview"),
    Shown("/preview", "/preview?kind=jsonapi&o-url=https://api.example.com/posts", "preview-options"),
    Shown("/people", "/people", "people"),
    Shown("/settings", "/settings", "settings"),
    Shown("/audit", "/audit", "audit"),
    Shown("/api", "/api", "api"),
    Shown("/tip", "/tip", "tip"),
)

# Where people have to sign in: the same team, with "dana" in a session of hers; ``{link}`` is an invitation.
DOORS = (
    Shown("/sign-in", "/sign-in?next=/incidents", "sign-in", person=""),
    Shown("/sign-in", "/sign-in", "sign-in-wrong", person="", action=(("mail", "a@example.com"),), status=401),
    Shown("/reset", "/reset", "reset", person=""),
    Shown("/reset/{token}", "/reset/worn-out", "reset-stale", person="", status=410),
    Shown("/invitation/{token}", "{link}", "invitation", person=""),
    Shown("/account", "/account", "account"),
    Shown("/account/tokens", "/account/tokens", "tokens"),
    Shown("/", "/", "home-signed-in"),
)

# What answers when something is wrong, as pages.
TROUBLES = (
    Shown("", "/nowhere", "not-found", status=404),
    Shown("/preview", "/preview", "preview-declined", action=(("kind", "rss"), ("about", "late (bag")), status=422),
    Shown("/preview", "/preview", "preview-refused", action=(("kind", "rss"), ("o-url", "http://127.0.0.1:1/x"))),
    Shown("/tip", "/tip", "tip-declined", action=(("words", ""), ("url", "")), status=422),
    Shown("", "/drills", "not-allowed", person="vera", action=(("brand", "northwind"),), status=403),
    Shown("", "/incidents/5/severity", "sent-incompletely", action=(), status=400),
    Shown("", "/incidents/5/notes", "who", person="", action=(("text", "Gate 14"),), status=403),
    Shown("", "/incidents/5/notes", "again", action=(("text", "x" * 5000),), status=409),
)

# Answers that are files or words for programs, by route, and what they are. The address is where there is one to open.
FILES = {
    "/healthz": "for monitors",
    "/mentions.csv": "a table",
    "/mentions.jsonl": "for programs",
    "/mentions/views/{view_id}": "leads to the mentions that it is of",
    "/audit.csv": "a table",
    "/oidc": "leads to a company's own sign-in",
    "/oidc/callback": "leads back from there",
    "/sources/{source_id}/test": "leads back to the source",
    "/incidents/{incident_id}/review.{form}": "a report as PDF, HTML or Markdown",
}


def page_routes() -> Iterator[str]:
    """Every path that is asked for with GET, but those for programs."""
    for part in PARTS:
        for route in part.router.routes:
            if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and not route.path.startswith("/api/"):
                yield route.path
