# SPDX-License-Identifier: Apache-2.0
"""No public address opts out of protection from floods.

Whether a plan is bought is a question of money: where its network has one, an address inherits it.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

MODE = "properties.ddosSettings.protectionMode"


def check(address: Resource) -> Found:
    """Inherited or its own."""
    if address.equals(MODE, "Disabled"):
        yield address.wrong(MODE, "'VirtualNetworkInherited' or 'Enabled' is needed")


RULE = Rule(
    id="GP-NET-014",
    slug="public-ip-ddos",
    title="No public address opts out of protection from floods",
    severity="medium",
    types=("Microsoft.Network/publicIPAddresses",),
    controls=("net-public-ip-ddos",),
    rationale="With the setting off an address is left alone in a flood even where the network's plan is paid for.",
    remediation="Leave `ddosSettings.protectionMode` out, and give `Network` a `ddos_protection_plan_id`.",
    absent="Passes: the address inherits what its network has.",
    check=check,
)


def _address(mode: object) -> dict[str, object]:
    return {"properties": {"ddosSettings": {"protectionMode": mode}}}


GOOD: GoodCases = {
    "not said": {"properties": {}},
    "inherited": _address("VirtualNetworkInherited"),
    "its own": _address("Enabled"),
}
BAD: BadCases = {
    "off": Bad(
        _address("Disabled"),
        says=("properties.ddosSettings.protectionMode is 'Disabled'; 'VirtualNetworkInherited' or 'Enabled' is needed"),
    )
}
UNKNOWN_CASES: UnknownCases = {"decided later": _address(UNKNOWN)}
