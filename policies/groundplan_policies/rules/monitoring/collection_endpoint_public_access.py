# SPDX-License-Identifier: Apache-2.0
"""A data collection endpoint is closed to the internet."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases

ACCESS = "properties.networkAcls.publicNetworkAccess"


def check(endpoint: Resource) -> Found:
    """A network security perimeter closes it as well."""
    if not endpoint.equals(ACCESS, "Disabled", "SecuredByPerimeter"):
        yield endpoint.wrong(ACCESS, "'Disabled' is needed")


RULE = Rule(
    id="GP-MON-012",
    slug="collection-endpoint-public-access",
    title="A data collection endpoint is closed to the internet",
    severity="medium",
    types=("Microsoft.Insights/dataCollectionEndpoints",),
    controls=("dce-public-access",),
    rationale="Agents send logs and metrics to the endpoint and read there what to collect; neither is anything for the internet.",
    remediation="Leave `public_network_access` of `ClusterMetrics` at False and put the endpoint into a `MonitorPrivateLinkScope`.",
    absent="A violation: Azure opens an endpoint that does not say otherwise.",
    check=check,
    remedy={"properties.networkAcls.publicNetworkAccess": "Disabled"},
)


def _endpoint(access: object) -> dict[str, object]:
    return {"properties": {"networkAcls": {"publicNetworkAccess": access}}}


GOOD: GoodCases = {"closed": _endpoint("Disabled"), "in a perimeter": _endpoint("SecuredByPerimeter")}
BAD: BadCases = {
    "open": Bad(
        _endpoint("Enabled"),
        says="properties.networkAcls.publicNetworkAccess is 'Enabled'; 'Disabled' is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.networkAcls.publicNetworkAccess is absent"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _endpoint(UNKNOWN)}
