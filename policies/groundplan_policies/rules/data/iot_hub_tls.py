# SPDX-License-Identifier: Apache-2.0
"""An IoT hub speaks no TLS older than 1.2."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

TLS = "properties.minTlsVersion"


def check(hub: Resource) -> Found:
    """The one value that Azure knows."""
    if not hub.equals(TLS, "1.2"):
        yield hub.wrong(TLS, "'1.2' is needed")


RULE = Rule(
    id="GP-DAT-026",
    slug="iot-hub-tls",
    title="An IoT hub speaks no TLS older than 1.2",
    severity="medium",
    types=("Microsoft.Devices/IotHubs",),
    controls=("iot-tls",),
    rationale="What is sent with TLS 1.0 or 1.1 can be read and changed on its way, and devices are often in other people's networks.",
    remediation="Set `minTlsVersion` to `1.2`, which can be done only when the hub is made; `IotHub` always does.",
    absent="A violation: Azure takes older versions then.",
    check=check,
)

GOOD: GoodCases = {"1.2": {"properties": {"minTlsVersion": "1.2"}}}
BAD: BadCases = {
    "older": Bad({"properties": {"minTlsVersion": "1.0"}}, says="properties.minTlsVersion is '1.0'; '1.2' is needed"),
    "not said": Bad({"properties": {}}, says="properties.minTlsVersion is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"minTlsVersion": UNKNOWN}}}
