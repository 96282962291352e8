# SPDX-License-Identifier: Apache-2.0
"""A managed deployment does not call the internet.

In a managed network the workspace's outbound rules decide and the setting means nothing, so the rule asks for nothing there. Where
the stack does not have the workspace a parameter says how it is, because the deployment itself can not tell.
"""

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
from groundplan_policies.subjects.endpoints import ONLINE_DEPLOYMENT, ONLINE_ENDPOINT, is_managed
from groundplan_policies.subjects.managed_network import joins_managed_network
from groundplan_policies.subjects.workspaces import WORKSPACE

EGRESS = "properties.egressPublicNetworkAccess"


def check(deployment: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Deployments on machines that Azure runs."""
    if not is_managed(deployment) or deployment.equals(EGRESS, "Disabled"):
        return
    endpoint = stack.parent(deployment)
    managed = joins_managed_network(stack.parent(endpoint) if endpoint else None, stack)
    if managed is None:
        managed = given["managedNetwork"]
    if not managed:
        yield deployment.wrong(EGRESS, "'Disabled' is needed outside a managed network")


RULE = Rule(
    id="GP-SRV-004",
    slug="deployment-egress",
    title="A managed deployment calls nothing on the internet",
    severity="medium",
    types=(ONLINE_DEPLOYMENT,),
    controls=("aml-deployment-egress",),
    rationale="A model or a package that somebody tampered with sends what it is asked to its maker, and nothing stands in the way.",
    remediation="Leave `public_egress` of `ManagedDeployment` at False, or give the workspace a managed network.",
    absent="A violation outside a managed network: Azure lets a deployment out. Kubernetes deployments are not looked at.",
    unknown="Undecided where neither the setting nor the workspace's network is known.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="managedNetwork",
            default=False,
            description="Workspaces that are not part of the stack have a managed network.",
            schema={"type": "boolean"},
        ),
    ),
    check=check,
)


def _deployment(egress: object, kind: str = "Managed") -> dict[str, object]:
    return {
        "name": "mlw/scoring/blue",
        "properties": {"endpointComputeType": kind, "egressPublicNetworkAccess": egress},
    }


def _around(mode: object) -> list[dict[str, object]]:
    network = {"managedNetwork": {"isolationMode": mode}}
    return [
        {"type": ONLINE_ENDPOINT, "name": "mlw/scoring"},
        {"type": WORKSPACE, "name": "mlw", "properties": network},
    ]


_NEW = [
    _deployment(None) | {"parent": Later("mlw/scoring")},
    {"type": ONLINE_ENDPOINT, "name": "mlw/scoring", "parent": Later("mlw")},
    {
        "type": WORKSPACE,
        "name": "mlw",
        "new": True,
        "properties": {"managedNetwork": {"isolationMode": "AllowInternetOutbound"}},
    },
]

GOOD: GoodCases = {
    "closed": _deployment("Disabled"),
    "in a managed network": [_deployment("Enabled"), *_around("AllowOnlyApprovedOutbound")],
    "all new": _NEW,
    "in a managed network elsewhere": Good(_deployment("Enabled"), given={"managedNetwork": True}),
    "on Kubernetes": _deployment("Enabled", "Kubernetes"),
}
BAD: BadCases = {
    "open": Bad(
        _deployment("Enabled"),
        says="properties.egressPublicNetworkAccess is 'Enabled'; 'Disabled' is needed outside a managed network",
    ),
    "not said, in a workspace without a managed network": Bad(
        [_deployment(None), *_around("Disabled")],
        says="properties.egressPublicNetworkAccess is absent; 'Disabled' is needed outside a managed network",
        given={"managedNetwork": True},
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "the setting": _deployment(UNKNOWN),
    "the network": [_deployment("Enabled"), *_around(UNKNOWN)],
}
