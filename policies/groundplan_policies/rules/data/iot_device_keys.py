# SPDX-License-Identifier: Apache-2.0
"""Devices show an IoT hub certificates, not symmetric keys."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

SWITCHES = ("properties.disableDeviceSAS", "properties.disableModuleSAS")


def check(hub: Resource) -> Found:
    """Devices, then the modules on them."""
    yield from each_of([hub.view(switch) for switch in SWITCHES], _takes_keys)


def _takes_keys(switch: View) -> Found:
    if not switch.equals("", True):
        yield switch.wrong("", "true is needed")


RULE = Rule(
    id="GP-DAT-025",
    slug="iot-device-keys",
    title="Devices show an IoT hub certificates, not symmetric keys",
    severity="low",
    types=("Microsoft.Devices/IotHubs",),
    controls=("iot-device-keys",),
    rationale=(
        "A device's key is in the hub as well, and in every list that it was made from. A certificate's key can stay in the "
        "chip of the device."
    ),
    remediation="Leave `device_keys` of `IotHub` at False and give devices X.509 certificates.",
    absent="A violation: Azure takes devices' keys unless told not to.",
    check=check,
)


def _hub(device: object, module: object) -> dict[str, object]:
    return {"properties": {"disableDeviceSAS": device, "disableModuleSAS": module}}


GOOD: GoodCases = {"certificates": _hub(True, True)}
BAD: BadCases = {
    "devices": Bad(_hub(False, True), says="properties.disableDeviceSAS is false; true is needed"),
    "modules": Bad(_hub(UNKNOWN, False), says="properties.disableModuleSAS is false; true is needed"),
    "not said": Bad({"properties": {}}, says="properties.disableDeviceSAS is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _hub(True, UNKNOWN)}
