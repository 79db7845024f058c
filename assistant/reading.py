"""The tools with which an assistant reads: incidents, mentions, figures, decisions, playbooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypedDict

from pydantic import Field

from assistant.asking import Api
from assistant.telling import PLAYBOOK, Bounds, told

Tone = Literal["negative", "neutral", "positive", "unscored"]
Severity = Literal["SEV1", "SEV2", "SEV3", "SEV4"]
Number = Annotated[int, Field(ge=1, description="The number of the incident.")]
Brand = Annotated[str, Field(max_length=63, description="Id of a brand, from list_brands; all where left out.")]
OneBrand = Annotated[str, Field(min_length=1, max_length=63, description="Id of a brand, from list_brands.")]
Cursor = Annotated[str, Field(max_length=200, description="next_cursor of the answer before, to go on from there.")]
Limit = Annotated[int, Field(ge=1, le=50, description="How many at most.")]
Since = Annotated[str, Field(max_length=40, description="From this moment on, as 2026-05-12T14:30:00Z.")]
Until = Annotated[str, Field(max_length=40, description="Before this moment, as 2026-05-12T14:30:00Z.")]

_POINTS = 48
_USUAL, _WHOLE = Bounds(), Bounds(text=4_000, items=30)
_NAME, _NOTHING = frozenset({"name"}), frozenset[str]()


class Listed(TypedDict):
    """A part of a list."""

    items: list[dict[str, Any]]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What can be read of one Groundswell; nothing of it changes anything."""

    api: Api

    def list_brands(self) -> Listed:
        """The brands that are listened for: mentions of the last 24 hours and the numbers of open incidents."""
        return _listed(self.api.get("brands"), ours=_NAME)

    def list_incidents(
        self,
        *,
        open_only: Annotated[bool, Field(description="Leave out those that have ended.")] = True,
        brand: Brand = "",
        severity: Annotated[Severity | None, Field(description="SEV1 is the worst.")] = None,
        limit: Limit = 20,
        cursor: Cursor = "",
    ) -> Listed:
        """Incidents, the newest first: severity, owner, where each stands, the next step and its deadline."""
        asked = {"open": "true" if open_only else None, "brand": brand, "severity": severity}
        return _listed(self.api.get("incidents", **asked, limit=limit, cursor=cursor))

    def read_incident(self, incident: Number) -> dict[str, Any]:
        """All of one incident but its timeline: why it was opened, figures, checklist, tasks, statements, deadlines."""
        found = self.api.get("incidents", incident)
        statements = [{**one, "versions": None} for one in found.get("statements", ())][-_WHOLE.items :]
        return told({**found, "timeline": None, "statements": statements}, _WHOLE)

    def read_timeline(self, incident: Number, limit: Limit = 50, cursor: Cursor = "") -> Listed:
        """What happened to an incident and who did it, the oldest first."""
        return _listed(self.api.get("incidents", incident, "timeline", limit=limit, cursor=cursor), Bounds(text=2_000))

    def search_mentions(  # noqa: PLR0913  # each is a filter
        self,
        *,
        text: Annotated[str, Field(max_length=200, description="Words to find in title, text or author.")] = "",
        brand: Brand = "",
        source: Annotated[str, Field(max_length=63, description="Id of a source.")] = "",
        tone: Tone | None = None,
        since: Since = "",
        until: Until = "",
        limit: Limit = 20,
        cursor: Cursor = "",
    ) -> Listed:
        """What people said of the brands, the newest first, cut after 600 characters; read_mention has the rest."""
        asked = {"text": text, "brand": brand, "source": source, "tone": tone, "since": since, "until": until}
        return _listed(self.api.get("mentions", **asked, limit=limit, cursor=cursor))

    def read_mention(
        self, mention: Annotated[int, Field(ge=1, description="Its id, from search_mentions.")], brand: OneBrand
    ) -> dict[str, Any]:
        """One mention as it concerns a brand, and which words gave it its tone; cut after 8,000 characters."""
        return told(self.api.get("mentions", mention, brand), Bounds(text=8_000))

    def brand_figures(self, brand: OneBrand, since: Since = "", until: Until = "") -> dict[str, Any]:
        """How many speak of a brand, how they feel, who they are, what drives it, and whether that is usual.

        For the last 24 hours where no window is given, for 31 days at most.
        """
        window = {"since": since, "until": until}
        figures = self.api.get("brands", brand, "figures", **window)
        volume = figures.get("volume") or {}
        volume = {**volume, "points": thinned(volume.get("points") or [])}
        drivers = self.api.get("brands", brand, "drivers", **window)
        return told({**figures, "volume": volume, "what_drives_it": drivers}, Bounds(text=300))

    def list_decisions(self, brand: Brand = "", limit: Limit = 20, cursor: Cursor = "") -> Listed:
        """What stood out, the newest first: which was an alarm, which was held and why, what people marked as noise."""
        return _listed(self.api.get("decisions", brand=brand, limit=limit, cursor=cursor))

    def read_playbook(
        self, playbook: Annotated[str, Field(max_length=63, description="Its id; empty for a list of all.")] = ""
    ) -> dict[str, Any]:
        """What the team has decided to do in a crisis: steps with deadlines, and words to start from."""
        path = ("playbooks", playbook) if playbook else ("playbooks",)
        return told(self.api.get(*path), _WHOLE, PLAYBOOK)

    def team_figures(
        self, by: Annotated[Literal["month", "quarter"], Field(description="How long the periods are.")] = "month"
    ) -> dict[str, Any]:
        """How fast incidents are acknowledged, answered in public and resolved, over time."""
        return told(self.api.get("team", by=by), _USUAL)

    def list_proposals(self, incident: Number) -> Listed:
        """What was proposed for an incident, the newest first, and what people decided about it."""
        return _listed(self.api.get("incidents", incident, "proposals"), Bounds(text=2_000))


def _listed(page: dict[str, Any], bounds: Bounds = _USUAL, ours: frozenset[str] = _NOTHING) -> Listed:
    shown = told({"items": page.get("items", []), "next": page.get("next")}, bounds, ours)
    return {"items": shown["items"], "next_cursor": shown["next"]}


def thinned(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Points that are few enough to be read, each the sum of several."""
    together = -(-len(points) // _POINTS) or 1
    groups = [points[at : at + together] for at in range(0, len(points), together)]
    added = ("observed", "expected", "negative")
    return [
        {"start": group[0]["start"], **{name: round(sum(one[name] for one in group), 2) for name in added}}
        for group in groups
    ]
