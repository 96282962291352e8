# SPDX-License-Identifier: Apache-2.0
"""No network interface has a public address."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

ADDRESS = "properties.publicIPAddress"


def check(interface: Resource) -> Found:
    """Every configuration by itself; an address that is still to be made is one."""
    yield from each_of(interface.items("properties.ipConfigurations"), _public)


def _public(configuration: View) -> Found:
    if configuration.has(ADDRESS):
        yield configuration.wrong(ADDRESS, "none is allowed")


RULE = Rule(
    id="GP-NET-012",
    slug="nic-public-ip",
    title="No network interface has a public address",
    severity="medium",
    types=("Microsoft.Network/networkInterfaces",),
    controls=("net-nic-public-ip",),
    rationale="A machine with a public address is reached past the network's firewall, and reaches out past it.",
    remediation="Remove `publicIPAddress`; reach the machine through Azure Bastion and let it out through a NAT gateway.",
    absent="Passes: an interface has no public address unless one is named.",
    check=check,
)


def _interface(*addresses: object) -> dict[str, object]:
    configurations = [{"name": "one", "properties": {"publicIPAddress": address}} for address in addresses]
    return {"properties": {"ipConfigurations": configurations}}


GOOD: GoodCases = {"none": _interface(None), "no configurations here": {"properties": {}}}
BAD: BadCases = {
    "second configuration": Bad(
        _interface(None, {"id": "/pip"}),
        says="properties.ipConfigurations[1].properties.publicIPAddress is {'id': '/pip'}; none is allowed",
    ),
    "address made in the same update": Bad(
        _interface(UNKNOWN, {"id": UNKNOWN}),
        says="properties.ipConfigurations[1].properties.publicIPAddress is {'id': [unknown]}",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _interface(UNKNOWN),
    "configurations made later": {"properties": {"ipConfigurations": UNKNOWN}},
}
