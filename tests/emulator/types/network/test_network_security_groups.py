# SPDX-License-Identifier: Apache-2.0
"""Security groups and rules, driven by azure-mgmt-network."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.azure_sdk import refused


def rule(priority: int = 100, **changes: Any) -> dict[str, Any]:
    given = {
        "priority": priority,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "sourceAddressPrefix": "VirtualNetwork",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "10.0.0.0/24",
        "destinationPortRange": "443",
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def inline(**rules: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"name": name, "properties": properties} for name, properties in rules.items()]


@pytest.mark.azure_spec
def test_default_rules(network: Any):
    group = network.put("network_security_groups", "nsg")

    listed = list(network.client.default_security_rules.list(network.group, "nsg"))
    one = network.client.default_security_rules.get(network.group, "nsg", "DenyAllInBound")

    assert [item.name for item in group.default_security_rules] == [item.name for item in listed]
    assert sorted((item.direction, item.priority, item.access) for item in listed) == [
        ("Inbound", 65000, "Allow"),
        ("Inbound", 65001, "Allow"),
        ("Inbound", 65500, "Deny"),
        ("Outbound", 65000, "Allow"),
        ("Outbound", 65001, "Allow"),
        ("Outbound", 65500, "Deny"),
    ]
    assert (one.priority, one.source_address_prefix) == (65500, "*")


@pytest.mark.azure_spec
def test_rules_inline_and_one_by_one(network: Any):
    network.put("network_security_groups", "nsg", securityRules=inline(b=rule(200), a=rule(100)))

    network.child("security_rules", "nsg", "c", **rule(300))
    listed = [item.name for item in network.client.security_rules.list(network.group, "nsg")]
    shown = [item.name for item in network.get("network_security_groups", "nsg").security_rules]
    tagged = network.client.network_security_groups.update_tags(network.group, "nsg", {"tags": {"a": "b"}})
    network.delete("security_rules", "nsg", "c")
    replaced = network.put("network_security_groups", "nsg", securityRules=inline(d=rule(100)))
    silent = network.put("network_security_groups", "nsg")

    assert listed == ["a", "b", "c"]
    assert shown == ["b", "a", "c"]
    assert [item.name for item in tagged.security_rules] == ["b", "a", "c"]
    assert [item.name for item in replaced.security_rules] == ["d"]
    assert not silent.security_rules


@pytest.mark.azure_assumed
def test_a_priority_is_used_once_per_direction(network: Any):
    network.put("network_security_groups", "nsg", securityRules=inline(a=rule(100)))

    with refused(400, "SecurityRuleConflict", "Security rule b conflicts with rule a"):
        network.child("security_rules", "nsg", "b", **rule(100))
    with refused(400, "SecurityRuleConflict"):
        network.put("network_security_groups", "nsg", securityRules=inline(a=rule(100), b=rule(100)))
    network.child("security_rules", "nsg", "b", **rule(100, direction="Outbound"))
    network.child("security_rules", "nsg", "a", **rule(100, access="Deny"))


@pytest.mark.azure_assumed
@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({"priority": 99}, "SecurityRuleInvalidPriority", "Value provided: 99 Allowed range 100-4096"),
        ({"priority": 4097}, "SecurityRuleInvalidPriority", "4097"),
        ({"destinationPortRange": "70000"}, "SecurityRuleInvalidPortRange", "70000"),
        ({"destinationPortRange": "90-80"}, "SecurityRuleInvalidPortRange", "90-80"),
        ({"sourceAddressPrefix": "10.0.0.0/99"}, "SecurityRuleInvalidAddressPrefix", "10.0.0.0/99"),
        ({"sourceAddressPrefix": None}, "SecurityRuleParameterMissing", "sourceAddressPrefix"),
        ({"destinationPortRanges": ["1", "2"]}, "SecurityRuleParameterConflict", "destinationPortRanges"),
        ({"access": "Maybe"}, "InvalidRequestContent", "Maybe"),
    ],
)
def test_wrong_rules_are_refused_inline_and_alone(network: Any, changes: dict[str, Any], code: str, text: str):
    network.put("network_security_groups", "nsg")

    with refused(400, code, text):
        network.child("security_rules", "nsg", "a", **rule(**changes))
    with refused(400, code, text):
        network.put("network_security_groups", "nsg", securityRules=inline(a=rule(**changes)))
