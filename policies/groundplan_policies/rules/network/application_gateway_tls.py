# SPDX-License-Identifier: Apache-2.0
"""An application gateway speaks no TLS older than 1.2."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of

POLICY = "properties.sslPolicy"
PREDEFINED = ("AppGwSslPolicy20170401S", "AppGwSslPolicy20220101", "AppGwSslPolicy20220101S")
"""Azure's policies that begin with 1.2.

Source: learn.microsoft.com/azure/application-gateway/application-gateway-ssl-policy-overview.
"""


def check(gateway: Resource) -> Found:
    """The policy of the gateway, then those of its profiles, which go before it for their listeners."""
    profiles = [each.view(POLICY) for each in gateway.items("properties.sslProfiles") if each.given(POLICY)]
    yield from each_of([gateway.view(POLICY), *profiles], _look)


def _look(policy: View) -> Found:
    if policy.equals("policyType", "Custom", "CustomV2"):
        if not policy.equals("minProtocolVersion", "TLSv1_2", "TLSv1_3"):
            yield policy.wrong("minProtocolVersion", "'TLSv1_2' is needed")
    elif not policy.equals("policyName", *PREDEFINED):
        yield policy.wrong("policyName", f"one of {', '.join(PREDEFINED)} is needed")


RULE = Rule(
    id="GP-NET-020",
    slug="application-gateway-tls",
    title="An application gateway speaks no TLS older than 1.2",
    severity="medium",
    types=("Microsoft.Network/applicationGateways",),
    controls=("net-appgw-tls",),
    rationale="What is sent with TLS 1.0 or 1.1 can be read and changed on its way.",
    remediation="Set `sslPolicy.policyName` to `AppGwSslPolicy20220101S`; `ApplicationGateway` always does.",
    absent="A violation: the policy then depends on the API version that made the gateway. Profiles without one pass.",
    check=check,
)


def _gateway(*profiles: object, **policy: object) -> dict[str, object]:
    named = [{"name": "one", "properties": {"sslPolicy": each}} for each in profiles]
    return {"properties": {"sslPolicy": policy, "sslProfiles": named}}


_GOOD = {"policyType": "Predefined", "policyName": "AppGwSslPolicy20220101S"}
GOOD: GoodCases = {
    "of 2022, strict": _gateway(**_GOOD),
    "of 2022": _gateway(policyName="AppGwSslPolicy20220101"),
    "of 2017, strict": _gateway(policyName="AppGwSslPolicy20170401S"),
    "its own": _gateway(policyType="Custom", minProtocolVersion="TLSv1_2"),
    "its own, newer": _gateway(policyType="CustomV2", minProtocolVersion="TLSv1_3"),
    "profile without one": _gateway(None, **_GOOD),
}
BAD: BadCases = {
    "of 2015": Bad(
        _gateway(policyType="Predefined", policyName="AppGwSslPolicy20150501"),
        says=(
            "properties.sslPolicy.policyName is 'AppGwSslPolicy20150501'; "
            "one of AppGwSslPolicy20170401S, AppGwSslPolicy20220101, AppGwSslPolicy20220101S is needed"
        ),
    ),
    "not said": Bad({"properties": {}}, says="properties.sslPolicy.policyName is absent"),
    "its own, older": Bad(
        _gateway(policyType="Custom", minProtocolVersion="TLSv1_1"),
        says="properties.sslPolicy.minProtocolVersion is 'TLSv1_1'; 'TLSv1_2' is needed",
    ),
    "profile": Bad(
        _gateway({"policyType": "CustomV2", "minProtocolVersion": "TLSv1_0"}, policyName=UNKNOWN),
        says="properties.sslProfiles[0].properties.sslPolicy.minProtocolVersion is 'TLSv1_0'",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _gateway(policyType="Predefined", policyName=UNKNOWN)}
