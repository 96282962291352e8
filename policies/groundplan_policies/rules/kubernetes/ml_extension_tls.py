# SPDX-License-Identifier: Apache-2.0
"""Scoring requests to a Kubernetes cluster are encrypted."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
)
from groundplan_policies.subjects.ml_extension import EXTENSION, is_ours, says, settings


def check(extension: Resource, given: Mapping[str, Any]) -> Found:
    """Without inference nothing listens. Behind an ingress that ends TLS the router may be reachable inside of the cluster only."""
    if not is_ours(extension):
        return
    found = settings(extension)
    if not says(found, "enableInference", True) or not says(found, "allowInsecureConnections", True):
        return
    if not (given["behindIngress"] and says(found, "inferenceRouterServiceType", "ClusterIP")):
        yield found["allowinsecureconnections"].wrong("", "'False' is needed")


RULE = Rule(
    id="GP-AKS-037",
    slug="ml-extension-tls",
    title="Scoring requests to a Kubernetes cluster are encrypted",
    severity="high",
    types=(EXTENSION,),
    controls=("ml-extension-tls",),
    rationale=(
        "Over plain HTTP the keys of endpoints and all that is asked of models pass by in the clear, and nobody can tell whether the "
        "answer came from the model."
    ),
    remediation="Give `InferenceRouter` a certificate or a `tls_secret`, and leave `insecure_connections` at False.",
    absent="Passes: the extension asks for a certificate unless told otherwise. Other extensions are not looked at.",
    parameters=(
        Parameter(
            name="behindIngress",
            default=False,
            description="An ingress of the cluster ends TLS, so that a router of the type ClusterIP may do without.",
            schema={"type": "boolean"},
        ),
    ),
    check=check,
)


def _extension(
    insecure: object, inference: object = "True", service: object = "LoadBalancer", **more: object
) -> dict[str, object]:
    found = {
        "enableInference": inference,
        "allowInsecureConnections": insecure,
        "InferenceRouterServiceType": service,
    }
    return {"properties": {"extensionType": "Microsoft.AzureML.Kubernetes", "configurationSettings": found, **more}}


GOOD: GoodCases = {
    "encrypted": _extension("False"),
    "not said": _extension(None),
    "training only": _extension("True", "False"),
    "nothing said": {"properties": {"extensionType": "Microsoft.AzureML.Kubernetes"}},
    "another extension": _extension("True", extensionType="microsoft.flux"),
    "behind an ingress": Good(_extension("True", service="clusterIP"), given={"behindIngress": True}),
}
_SAYS = "properties.configurationSettings.allowInsecureConnections is {}; 'False' is needed"
BAD: BadCases = {
    "in the clear": Bad(_extension("True"), says=_SAYS.format("'True'")),
    "in another letter case": Bad(_extension("true", "true"), says=_SAYS.format("'true'")),
    "inside of the cluster": Bad(_extension("True", service="ClusterIP"), says=_SAYS.format("'True'")),
    "behind an ingress, but reachable": Bad(
        _extension("True", service="NodePort"), given={"behindIngress": True}, says=_SAYS.format("'True'")
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _extension(UNKNOWN),
    "inference or not": _extension("True", UNKNOWN),
    "settings made later": {
        "properties": {"extensionType": "Microsoft.AzureML.Kubernetes", "configurationSettings": UNKNOWN}
    },
}
