"""Where one can go from every page: the entries of the navigation as data, and which of them stand out now."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from access.roles import Permission


class Group(Enum):
    """Where an entry stands; all but the first stand in the menu, each under its title."""

    WORK = "In hand"  # always in view where there is room
    TEAM = "The team"
    RUNNING = "Groundswell itself"
    YOU = "You"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that one can go to from everywhere.

    Attributes:
        permission: what one must be allowed to see the entry; None for everybody.
        holds: where else it is marked, as the entry that a page belongs to: beginnings of addresses.
    """

    path: str
    label: str
    permission: Permission | None = Permission.READ
    group: Group = Group.WORK
    holds: tuple[str, ...] = ()

    def current(self, at: str) -> str:
        """The value of ``aria-current`` on a page: it is that page, or holds it, or neither."""
        if at == self.path:
            return "page"
        inside = (*self.holds, self.path) if self.path != "/" else self.holds
        return "true" if any(at.startswith(f"{start}/") or at == start for start in inside) else ""


# A page that joins the navigation joins here, within its group; groups stand in the order of their first entry.
ENTRIES = (
    Entry("/", "Home", holds=("/brands",)),
    Entry("/incidents", "Incidents"),
    Entry("/mentions", "Mentions"),
    Entry("/signals", "Decisions"),
    Entry("/playbooks", "Playbooks"),
    Entry("/sources", "Sources", holds=("/preview",)),
    Entry("/tip", "Report something", Permission.REPORT),
    Entry("/team", "How fast we are", group=Group.TEAM),
    Entry("/drills", "Drills", group=Group.TEAM),
    Entry("/people", "People", group=Group.TEAM),
    Entry("/settings", "Settings", Permission.ADMINISTER, Group.RUNNING),
    Entry("/audit", "Audit", Permission.ADMINISTER, Group.RUNNING),
)


@dataclass(frozen=True, slots=True)
class Navigation:
    """What one may go to, for one page and whoever looks at it.

    Attributes:
        at: the path of the page.
        menus: the entries that stand in the menu only, by the titles of their groups.
        here: the entry of the page that is looked at; None where the navigation does not lead to it.
    """

    at: str
    work: tuple[Entry, ...]
    menus: tuple[tuple[str, tuple[Entry, ...]], ...]
    here: Entry | None


def navigation(at: str, permissions: AbstractSet[Permission], entries: tuple[Entry, ...] = ENTRIES) -> Navigation:
    """What stands in the navigation of a page, by its path without the query."""
    seen = [one for one in entries if one.permission is None or one.permission in permissions]
    groups = [(group, tuple(some)) for group, some in groupby(seen, key=lambda one: one.group)]
    here = [one for one in seen if one.current(at)]
    return Navigation(
        at=at,
        work=tuple(one for group, some in groups if group is Group.WORK for one in some),
        menus=tuple((group.value, some) for group, some in groups if group is not Group.WORK),
        here=max(here, key=lambda one: (one.current(at) == "page", len(one.path)), default=None),
    )
