# SPDX-License-Identifier: Apache-2.0
"""Security groups: rules inside of them and rules of their own."""

from typing import Any

from pulumi_azure_native import network

from tests.policies.checkov.reviewed.ground import Ground

RULE: dict[str, Any] = {
    "protocol": "Tcp",
    "access": "Allow",
    "direction": "Inbound",
    "priority": 200,
    "source_address_prefix": "*",
    "source_port_range": "*",
    "destination_address_prefix": "*",
}
GROUPS: dict[str, Any] = {
    "nsg-ssh": {"destination_port_range": "22"},
    "nsg-rdp": {"destination_port_range": "3389"},
    "nsg-range": {"destination_port_ranges": ["443", "20-25"]},
    "nsg-everything": {"destination_port_range": "*", "protocol": "*"},
    "nsg-https": {"destination_port_range": "443"},
    "nsg-office": {"destination_port_range": "22", "source_address_prefix": "203.0.113.0/28"},
    "nsg-denied": {"destination_port_range": "22", "access": "Deny"},
    "nsg-outbound": {"destination_port_range": "22", "direction": "Outbound"},
    "nsg-tag": {"destination_port_range": "22", "source_address_prefix": "Internet"},
    "nsg-block": {"destination_port_range": "22", "source_address_prefix": "0.0.0.0/0"},
    "nsg-udp": {"destination_port_range": "3389", "protocol": "Udp"},
}


def declare(ground: Ground) -> None:
    """A group for each rule, and two rules that stand alone."""
    for name, rule in GROUPS.items():
        inside: Any = {"name": "in"} | RULE | rule
        network.NetworkSecurityGroup(
            name,
            network_security_group_name=name,
            resource_group_name=ground.group_name,
            security_rules=[inside],
        )
    bare = network.NetworkSecurityGroup(
        "nsg-bare", network_security_group_name="nsg-bare", resource_group_name=ground.group_name
    )
    alone: dict[str, Any] = {
        "ssh": {"priority": 300, "destination_port_range": "22"},
        "https": {"destination_port_range": "443"},
    }
    for name, rule in alone.items():
        arguments: Any = RULE | rule
        network.SecurityRule(
            f"rule-{name}",
            security_rule_name=name,
            network_security_group_name=bare.name,
            resource_group_name=ground.group_name,
            **arguments,
        )
