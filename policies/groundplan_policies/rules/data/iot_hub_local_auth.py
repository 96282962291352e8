# SPDX-License-Identifier: Apache-2.0
"""An IoT hub takes no keys of its own from services.

A device provisioning service registers devices with such a key, so a hub behind one is to be exempted.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

LOCAL_AUTH = "properties.disableLocalAuth"


def check(hub: Resource) -> Found:
    """Only an explicit true turns the hub's policies off."""
    if not hub.equals(LOCAL_AUTH, True):
        yield hub.wrong(LOCAL_AUTH, "true is needed")


RULE = Rule(
    id="GP-DAT-024",
    slug="iot-hub-local-auth",
    title="An IoT hub takes no keys of its own from services",
    severity="medium",
    types=("Microsoft.Devices/IotHubs",),
    controls=("iot-local-auth",),
    rationale="With the key of `iothubowner` one can send orders to every device and register devices that do not exist.",
    remediation="Leave `local_authentication` of `IotHub` at False and give services `IoT Hub Data Contributor` or less.",
    absent="A violation: Azure takes the keys unless told not to.",
    check=check,
)

GOOD: GoodCases = {"off": {"properties": {"disableLocalAuth": True}}}
BAD: BadCases = {
    "on": Bad({"properties": {"disableLocalAuth": False}}, says="properties.disableLocalAuth is false; true is needed"),
    "not said": Bad({"properties": {}}, says="properties.disableLocalAuth is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"disableLocalAuth": UNKNOWN}}}
