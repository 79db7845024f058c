"""Who owns what, as a routing tree and a table of cases."""

from __future__ import annotations

import pytest

from alerts.routing import Routed, RouteRule, RoutingTree, decide
from playbooks.playbook import Severity

SEV1, SEV2, SEV3 = Severity.SEV1, Severity.SEV2, Severity.SEV3

TREE = RoutingTree(
    owner="desk",
    notify=("lead",),
    rules=(
        RouteRule(severities=(SEV1,), owner="ceo", notify=("lead", "legal", "ceo")),
        RouteRule(brands=("northwind",), severities=(SEV2,), owner="dana", notify=("legal", "legal")),
        RouteRule(brands=("northwind", "southwind"), kinds=("volume_wave",), owner="ben"),
        RouteRule(brands=("northwind",), owner="cleo", notify=("dana",)),
    ),
)


@pytest.mark.parametrize(
    ("brand", "kind", "severity", "notify", "rule", "reason"),
    [
        ("contoso", "negative_wave", SEV1, ("ceo", "lead", "legal"), "1", "severity SEV1"),
        ("northwind", "volume_wave", SEV1, ("ceo", "lead", "legal"), "1", "severity SEV1"),
        ("northwind", "volume_wave", SEV2, ("dana", "legal"), "2", "brand northwind and severity SEV2"),
        ("northwind", "volume_wave", SEV3, ("ben",), "3", "brand northwind and kind volume_wave"),
        ("southwind", "volume_wave", SEV2, ("ben",), "3", "brand southwind and kind volume_wave"),
        ("northwind", "negative_wave", SEV3, ("cleo", "dana"), "4", "brand northwind"),
        ("southwind", "negative_wave", SEV2, ("desk", "lead"), "default", "No routing rule applies"),
        ("contoso", "volume_wave", SEV3, ("desk", "lead"), "default", "No routing rule applies"),
    ],
)
def test_the_first_rule_that_matches_decides(
    brand: str, kind: str, severity: Severity, notify: tuple[str, ...], rule: str, reason: str
) -> None:
    routed = decide(TREE, brand=brand, kind=kind, severity=severity)
    assert routed == Routed(owner=notify[0], notify=notify, rule=rule, reason=routed.reason)
    assert reason in routed.reason


def test_a_rule_without_conditions_applies_to_everything() -> None:
    tree = RoutingTree(owner="desk", rules=(RouteRule(owner="dana"), RouteRule(owner="ben", severities=(SEV1,))))
    routed = decide(tree, brand="northwind", kind="negative_wave", severity=SEV1)
    assert routed == Routed("dana", ("dana",), "1", "Routing rule 1 applies to everything.")
