# SPDX-License-Identifier: Apache-2.0
"""Scoring requests reach a Kubernetes cluster from within the network only."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.ml_extension import EXTENSION, SETTINGS, is_ours, says, settings

PROVIDER = "internalLoadBalancerProvider"


def check(extension: Resource) -> Found:
    """A router behind a load balancer. Which one a cluster outside of Azure has, nobody can tell here."""
    if not is_ours(extension):
        return
    found = settings(extension)
    if not says(found, "enableInference", True) or not says(found, "inferenceRouterServiceType", "LoadBalancer"):
        return
    if not says(found, PROVIDER, "azure") and not _is_elsewhere(extension):
        yield extension.wrong(f"{SETTINGS}.{PROVIDER}", "'azure' is needed for a router behind a load balancer")


def _is_elsewhere(extension: Resource) -> bool:
    """In Azure Arc. By the relay a workspace reaches such a cluster, whose id may not be known yet."""
    lies_there = "/connectedclusters/" in (extension.id or "").casefold()
    return lies_there or says(settings(extension), "relayserver.enabled", True)


RULE = Rule(
    id="GP-AKS-038",
    slug="ml-extension-internal",
    title="Scoring requests reach a Kubernetes cluster from within the network only",
    severity="high",
    types=(EXTENSION,),
    controls=("ml-extension-internal",),
    rationale="The router's load balancer has a public address by default: every model of the cluster is on the internet with it.",
    remediation="Leave `public` of `InferenceRouter` at False.",
    absent="A violation for routers of the type LoadBalancer on AKS: Azure makes a public load balancer unless told otherwise.",
    check=check,
)


def _extension(
    provider: object, inference: object = "True", service: object = "LoadBalancer", **more: object
) -> dict[str, object]:
    found = {
        "enableInference": inference,
        "inferenceRouterServiceType": service,
        "internalLoadBalancerProvider": provider,
        **more,
    }
    return {"properties": {"extensionType": "Microsoft.AzureML.Kubernetes", "configurationSettings": found}}


def _at(provider: str, kind: str) -> str:
    return f"/subscriptions/s/resourceGroups/r/providers/{provider}/{kind}/cluster"


GOOD: GoodCases = {
    "internal": _extension("azure"),
    "port of nodes": _extension(None, service="nodePort"),
    "training only": _extension(None, "False"),
    "another extension": {
        "properties": {
            "extensionType": "microsoft.flux",
            "configurationSettings": {"enableInference": "True", "inferenceRouterServiceType": "LoadBalancer"},
        }
    },
    "Arc, by its id": {**_extension(None), "scope": _at("Microsoft.Kubernetes", "connectedClusters")},
    "Arc, by its relay": {**_extension(None, **{"relayserver.enabled": "True"}), "new": True},
}
_SAYS = (
    "properties.configurationSettings.internalLoadBalancerProvider is {}; "
    "'azure' is needed for a router behind a load balancer"
)
BAD: BadCases = {
    "public": Bad(_extension(None), says=_SAYS.format("absent")),
    "public, in other letters": Bad(_extension("", "true", "loadBalancer"), says=_SAYS.format("''")),
    "on AKS": Bad(
        {
            **_extension(None, **{"relayserver.enabled": "False"}),
            "scope": _at("Microsoft.ContainerService", "managedClusters"),
        },
        says=_SAYS.format("absent"),
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _extension(UNKNOWN),
    "service decided later": _extension(None, service=UNKNOWN),
    "relay decided later": _extension(None, **{"relayserver.enabled": UNKNOWN}),
}
