# SPDX-License-Identifier: Apache-2.0
"""An Event Hubs namespace speaks no TLS older than 1.2."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

TLS = "properties.minimumTlsVersion"


def check(namespace: Resource) -> Found:
    """1.2, or a later one once Azure has it."""
    if not namespace.equals(TLS, "1.2", "1.3"):
        yield namespace.wrong(TLS, "'1.2' is needed")


RULE = Rule(
    id="GP-DAT-007",
    slug="event-hubs-tls",
    title="An Event Hubs namespace speaks no TLS older than 1.2",
    severity="medium",
    types=("Microsoft.EventHub/namespaces",),
    controls=("eh-tls",),
    rationale="What is sent with TLS 1.0 or 1.1 can be read and changed on its way.",
    remediation="Set `minimumTlsVersion` to `1.2`; `EventHubs` always does.",
    absent="A violation: what Azure takes then depends on the API version that made the namespace.",
    check=check,
    remedy={"properties.minimumTlsVersion": "1.2"},
)

GOOD: GoodCases = {
    "1.2": {"properties": {"minimumTlsVersion": "1.2"}},
    "1.3": {"properties": {"minimumTlsVersion": "1.3"}},
}
BAD: BadCases = {
    "1.1": Bad(
        {"properties": {"minimumTlsVersion": "1.1"}}, says="properties.minimumTlsVersion is '1.1'; '1.2' is needed"
    ),
    "not said": Bad({"properties": {}}, says="properties.minimumTlsVersion is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"minimumTlsVersion": UNKNOWN}}}
