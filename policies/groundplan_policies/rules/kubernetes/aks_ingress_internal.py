# SPDX-License-Identifier: Apache-2.0
"""Azure's ingress of a Kubernetes cluster has no public address."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases
from groundplan_policies.subjects.kubernetes import CLUSTER

MESH = "properties.serviceMeshProfile"


def check(cluster: Resource) -> Found:
    """The ingress of application routing, and the gateways of Istio."""
    routing = cluster.view("properties.ingressProfile.webAppRouting")
    kind = "nginx.defaultIngressControllerType"
    if routing.equals("enabled", True) and not routing.equals(kind, "Internal", "None"):
        yield routing.wrong(kind, "'Internal' or 'None' is needed")
    if cluster.equals(f"{MESH}.mode", "Istio"):
        for gateway in cluster.items(f"{MESH}.istio.components.ingressGateways"):
            if gateway.equals("enabled", True) and gateway.equals("mode", "External"):
                yield gateway.wrong("mode", "'Internal' is needed")


RULE = Rule(
    id="GP-AKS-036",
    slug="aks-ingress-internal",
    title="Azure's ingress of a Kubernetes cluster has no public address",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-ingress-internal",),
    rationale=(
        "Models and notebooks behind a public ingress are one wrong annotation away from the internet, past the gateway and its "
        "firewall at the platform's edge."
    ),
    remediation="Set `defaultIngressControllerType` of application routing, or `mode` of the gateway, to 'Internal'.",
    absent="Passes without application routing and Istio. With application routing a violation: its ingress is public by default.",
    check=check,
)


def _routing(enabled: object, kind: object) -> dict[str, object]:
    routing = {"enabled": enabled, "nginx": {"defaultIngressControllerType": kind}}
    return {"properties": {"ingressProfile": {"webAppRouting": routing}}}


def _istio(*gateways: object, mode: object = "Istio") -> dict[str, object]:
    mesh = {"mode": mode, "istio": {"components": {"ingressGateways": [*gateways]}}}
    return {"properties": {"serviceMeshProfile": mesh}}


_PUBLIC = {"enabled": True, "mode": "External"}

GOOD: GoodCases = {
    "internal": _routing(True, "Internal"),
    "none by default": _routing(True, "None"),
    "routing switched off": _routing(False, "External"),
    "internal gateway": _istio({"enabled": True, "mode": "Internal"}),
    "gateway switched off": _istio({"enabled": False, "mode": "External"}),
    "mesh switched off": _istio(_PUBLIC, mode="Disabled"),
    "nothing said": {"properties": {}},
}
_KIND = "properties.ingressProfile.webAppRouting.nginx.defaultIngressControllerType"
BAD: BadCases = {
    "public": Bad(_routing(True, "External"), says=f"{_KIND} is 'External'; 'Internal' or 'None' is needed"),
    "not said": Bad(_routing(True, None), says=f"{_KIND} is absent; 'Internal' or 'None' is needed"),
    "public gateway": Bad(
        _istio({"enabled": True, "mode": "Internal"}, _PUBLIC),
        says="properties.serviceMeshProfile.istio.components.ingressGateways[1].mode is 'External'; 'Internal' is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _routing(True, UNKNOWN),
    "routing or not": _routing(UNKNOWN, "External"),
    "gateway decided later": _istio({"enabled": True, "mode": UNKNOWN}),
}
