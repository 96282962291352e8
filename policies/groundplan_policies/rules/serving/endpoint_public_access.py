# SPDX-License-Identifier: Apache-2.0
"""An online endpoint is not reachable from the internet.

On Kubernetes the setting opens nothing: who reaches the cluster reaches the endpoint.
"""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.endpoints import ONLINE_ENDPOINT

ACCESS = "properties.publicNetworkAccess"


def check(endpoint: Resource) -> Found:
    """An endpoint with a compute of its own is on Kubernetes, whatever its kind is called."""
    if endpoint.equals("kind", "Kubernetes") or endpoint.equals(ACCESS, "Disabled"):
        return
    if not endpoint.given("properties.compute"):
        yield endpoint.wrong(ACCESS, "'Disabled' is needed")


RULE = Rule(
    id="GP-SRV-001",
    slug="endpoint-public-access",
    title="A managed online endpoint is not reachable from the internet",
    severity="high",
    types=(ONLINE_ENDPOINT,),
    controls=("aml-endpoint-public-access",),
    rationale="A model that answers the whole internet is copied question by question, and a leaked key opens it to everybody.",
    remediation="Leave `public_network_access` of `ManagedOnlineEndpoint` at False; callers come through the workspace's private endpoint.",
    absent="A violation: Azure opens an endpoint that does not say otherwise. Kubernetes endpoints are not looked at.",
    check=check,
    remedy={"properties.publicNetworkAccess": "Disabled"},
)

GOOD: GoodCases = {
    "closed": {"kind": "Managed", "properties": {"publicNetworkAccess": "Disabled"}},
    "on Kubernetes": {"kind": "Kubernetes", "properties": {"publicNetworkAccess": "Enabled"}},
    "on a compute": {"kind": "K8S", "properties": {"publicNetworkAccess": "Enabled", "compute": UNKNOWN}},
}
BAD: BadCases = {
    "open": Bad(
        {"kind": "Managed", "properties": {"publicNetworkAccess": "Enabled"}},
        says="properties.publicNetworkAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.publicNetworkAccess is absent; 'Disabled' is needed"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"properties": {"publicNetworkAccess": UNKNOWN}}}
