"""Who owns an incident and who else is told, as a tree of rules of which the first that matches decides."""

from __future__ import annotations

from dataclasses import dataclass

from playbooks.playbook import Severity

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class RouteRule:
    """One rule; people are named by id.

    Attributes:
        brands, kinds, severities: what it applies to; an empty one applies to everything.
        owner: who owns the incident.
        notify: who is told besides the owner.
    """

    owner: str
    brands: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    notify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutingTree:
    """Rules in order, and who is asked where none of them matches, so that there is always somebody."""

    owner: str
    notify: tuple[str, ...] = ()
    rules: tuple[RouteRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Routed:
    """A decision.

    Attributes:
        notify: ids of all who are told, the owner first, nobody twice.
        rule: number of the rule from 1, or ``default``.
        reason: why, in a sentence for people.
    """

    owner: str
    notify: tuple[str, ...]
    rule: str
    reason: str


def decide(tree: RoutingTree, *, brand: str, kind: str, severity: Severity) -> Routed:
    """The owner of an incident and those who are told of it."""
    facts = {"brand": brand, "kind": kind, "severity": severity.value}
    for number, rule in enumerate(tree.rules, start=1):
        asked = {"brand": rule.brands, "kind": rule.kinds, "severity": rule.severities}
        if all(not values or facts[name] in values for name, values in asked.items()):
            matched = " and ".join(f"{name} {facts[name]}" for name, values in asked.items() if values)
            return _routed(rule, str(number), f"Routing rule {number} applies to {matched or 'everything'}.")
    return _routed(tree, DEFAULT, "No routing rule applies, so the default does.")


def _routed(chosen: RouteRule | RoutingTree, rule: str, reason: str) -> Routed:
    return Routed(chosen.owner, tuple(dict.fromkeys((chosen.owner, *chosen.notify))), rule, reason)
