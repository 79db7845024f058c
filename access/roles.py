"""What each role may do. Authority sits close to the customer: whoever responds needs nobody's leave to respond."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Permission(StrEnum):
    """One thing that can be allowed; the scopes of a token have the same names."""

    READ = "read"  # see pages and figures
    REPORT = "report"  # tell of something that was seen
    EXPORT = "export"  # take mentions and reviews away as files
    PROPOSE = "propose"  # suggest a change for people to decide on
    RESPOND = "respond"  # work on incidents, correct mentions, say which alarms were noise
    LEAD = "lead"  # rehearse, declare reviews complete
    ADMINISTER = "administer"  # people, tokens of others, sources, the settings in force, the audit


class Role(StrEnum):
    """What somebody is allowed, as written under ``access`` in the settings; each may do what the one before may."""

    VIEWER = "viewer"
    RESPONDER = "responder"
    LEAD = "lead"
    ADMIN = "admin"


_ADDED: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.READ, Permission.REPORT, Permission.PROPOSE}),
    Role.RESPONDER: frozenset({Permission.EXPORT, Permission.RESPOND}),
    Role.LEAD: frozenset({Permission.LEAD}),
    Role.ADMIN: frozenset({Permission.ADMINISTER}),
}
EVERYTHING = frozenset(Permission)


def _granted() -> Mapping[Role, frozenset[Permission]]:
    so_far: frozenset[Permission] = frozenset()
    found = {}
    for role in Role:
        so_far |= _ADDED[role]
        found[role] = so_far
    return MappingProxyType(found)


GRANTS = _granted()


def least(permission: Permission) -> Role:
    """The first role that has a permission."""
    return next(role for role in Role if permission in GRANTS[role])
