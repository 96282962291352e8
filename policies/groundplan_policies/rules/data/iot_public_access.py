# SPDX-License-Identifier: Apache-2.0
"""An IoT hub or device provisioning service is closed to the internet."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

PUBLIC = "properties.publicNetworkAccess"


def check(hub: Resource) -> Found:
    """Only an explicit `Disabled` closes it."""
    if not hub.equals(PUBLIC, "Disabled"):
        yield hub.wrong(PUBLIC, "'Disabled' is needed")


RULE = Rule(
    id="GP-DAT-023",
    slug="iot-public-access",
    title="An IoT hub or device provisioning service is closed to the internet",
    severity="medium",
    types=("Microsoft.Devices/IotHubs", "Microsoft.Devices/provisioningServices"),
    controls=("iot-public-access",),
    rationale=(
        "A hub takes orders for machines. Where devices come in over a VPN or a private line, nobody on the internet has to reach it; "
        "where they come from anywhere, exempt the hub."
    ),
    remediation="Leave `public_network_access` of `IotHub` and `DeviceProvisioning` at False and give them a `private_endpoint`.",
    absent="A violation: Azure opens what does not say otherwise.",
    check=check,
    remedy={"properties.publicNetworkAccess": "Disabled"},
)

GOOD: GoodCases = {
    "closed": {"properties": {"publicNetworkAccess": "Disabled"}},
}
BAD: BadCases = {
    "open": Bad(
        {"properties": {"publicNetworkAccess": "Enabled"}},
        says="properties.publicNetworkAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.publicNetworkAccess is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"publicNetworkAccess": UNKNOWN}}}
