# SPDX-License-Identifier: Apache-2.0
"""Only known issuers vouch for who acts as an identity."""

import re
from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Later,
    Parameter,
    Resource,
    Rule,
    Stack,
    UnknownCases,
)

CREDENTIAL = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"
ISSUER = "properties.issuer"
CLUSTERS = ("Microsoft.ContainerService/managedClusters", "Microsoft.Kubernetes/connectedClusters")


def check(credential: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Letter case counts, as it does for Entra ID. Clusters of the same stack are issuers whose address Azure has yet to give."""
    origins = credential.sources_of(ISSUER)
    if any(cluster.key in origins for cluster in stack.of(*CLUSTERS)):
        return
    issuer = credential.text(ISSUER)
    if not any(_pattern(each).fullmatch(issuer) for each in given["issuers"]):
        yield credential.wrong(ISSUER, f"one of {', '.join(given['issuers'])} is needed")


def _pattern(issuer: str) -> re.Pattern[str]:
    # a star is a part of a host name or of a path, so that no other host can be written into it
    return re.compile(re.escape(issuer).replace(r"\*", "[A-Za-z0-9._-]+"))


RULE = Rule(
    id="GP-IAM-012",
    slug="federated-issuer",
    title="Only known issuers vouch for who acts as an identity",
    severity="medium",
    types=(CREDENTIAL,),
    controls=("gov-federated-issuer",),
    rationale=(
        "Whoever runs the issuer can write any token, and so be the identity. One that nobody knows is a back door that no secret scanner "
        "finds."
    ),
    remediation="Use `FederatedCredentials`, which knows GitHub and Azure DevOps, or add the issuer to `issuers` of this rule.",
    absent="A violation: Azure refuses it as well.",
    unknown="Undecided, unless the issuer is a cluster of the same stack.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="issuers",
            default=[
                "https://token.actions.githubusercontent.com",
                "https://vstoken.dev.azure.com/*",
                "https://login.microsoftonline.com/*/v2.0",
                "https://*.oic.prod-aks.azure.com/*/*/",
            ],
            description="Issuers, with `*` for a part of a host name or of a path: GitHub, Azure DevOps, Entra ID and AKS at first.",
            schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
        ),
    ),
    check=check,
)


def _from(issuer: object) -> dict[str, object]:
    return {"properties": {"issuer": issuer}}


_TENANT = "6b1e5a0e-0000-0000-0000-000000000000"
GOOD: GoodCases = {
    "GitHub": _from("https://token.actions.githubusercontent.com"),
    "Azure DevOps": _from(f"https://vstoken.dev.azure.com/{_TENANT}"),
    "Entra ID": _from(f"https://login.microsoftonline.com/{_TENANT}/v2.0"),
    "AKS": _from(f"https://westeurope.oic.prod-aks.azure.com/{_TENANT}/{_TENANT}/"),
    "AKS cluster of the stack": [
        _from(Later("aks")),
        {"type": "Microsoft.ContainerService/managedClusters", "name": "aks", "new": True},
    ],
    "Arc cluster of the stack": [
        _from(Later("arc")),
        {"type": "Microsoft.Kubernetes/connectedClusters", "name": "arc", "new": True},
    ],
    "one that is agreed": Good(_from("https://gitlab.example.com"), given={"issuers": ["https://gitlab.example.com"]}),
}
BAD: BadCases = {
    "unknown": Bad(
        _from("https://gitlab.example.com"),
        says=(
            "properties.issuer is 'https://gitlab.example.com'; one of https://token.actions.githubusercontent.com, "
            "https://vstoken.dev.azure.com/*, https://login.microsoftonline.com/*/v2.0, https://*.oic.prod-aks.azure.com/*/*/ is needed"
        ),
    ),
    "host that looks like AKS": Bad(
        _from(f"https://evil.example/x.oic.prod-aks.azure.com/{_TENANT}/{_TENANT}/"),
        says="properties.issuer is 'https://evil",
    ),
    "host that ends otherwise": Bad(
        _from("https://token.actions.githubusercontent.com.evil.example"),
        says="properties.issuer is 'https://token.actions",
    ),
    "dot that is none": Bad(
        _from("https://tokenxactions.githubusercontent.com"), says="properties.issuer is 'https://tokenxactions"
    ),
    "other letter case": Bad(_from("https://Token.actions.githubusercontent.com"), says="is 'https://Token"),
    "empty part": Bad(
        _from("https://vstoken.dev.azure.com/"), says="properties.issuer is 'https://vstoken.dev.azure.com/'"
    ),
    "absent": Bad(_from(None), says="properties.issuer is absent; one of"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _from(UNKNOWN),
    "out of something that is no cluster": [
        _from(Later("other")),
        {"type": "Microsoft.Web/sites", "name": "other", "new": True},
        {"type": CLUSTERS[0], "name": "aks", "new": True},
    ],
}
