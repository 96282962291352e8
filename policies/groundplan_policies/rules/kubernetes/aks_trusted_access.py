# SPDX-License-Identifier: Apache-2.0
"""A workspace that attaches a Kubernetes cluster without local accounts is let in."""

from collections.abc import Sequence

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Id,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import any_of
from groundplan_policies.subjects.kubernetes import CLUSTER, is_automatic

COMPUTE = "Microsoft.MachineLearningServices/workspaces/computes"
BINDING = "Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings"
ROLES = "microsoft.machinelearningservices/workspaces/"


def check(cluster: Resource, stack: Stack) -> Found:
    """With local accounts a workspace comes in by them. AKS Automatic has none, said or not."""
    if not cluster.equals("properties.disableLocalAccounts", True) and not is_automatic(cluster):
        return
    bindings = stack.children(cluster, BINDING)
    for compute in stack.referring(cluster, COMPUTE, "properties.resourceId"):
        if not _is_let_in(compute, bindings, stack):
            yield Violation(
                "",
                f"the compute {compute.label} attaches it, but no trusted access binding of the stack lets its workspace in; "
                "one with the role 'Microsoft.MachineLearningServices/workspaces/mlworkload' is needed",
            )


def _is_let_in(compute: Resource, bindings: Sequence[Resource], stack: Stack) -> bool:
    workspace = stack.parent(compute)
    return any_of(*(lambda each=each: _lets_in(each, workspace, stack) for each in bindings))


def _lets_in(binding: Resource, workspace: Resource | None, stack: Stack) -> bool:
    """A workspace of another stack can not be told from others."""
    if workspace is not None and not stack.refers(binding, binding, "properties.sourceResourceId", workspace):
        return False
    return any(role.text().casefold().startswith(ROLES) for role in binding.items("properties.roles"))


RULE = Rule(
    id="GP-AKS-035",
    slug="aks-trusted-access",
    title="A workspace that attaches a Kubernetes cluster without local accounts is let in",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-trusted-access",),
    rationale=(
        "Without a binding the workspace can not talk to the cluster: attaching it fails late, and the usual way out is to bring the "
        "local accounts back."
    ),
    remediation="Name the workspace in `trusted_workspace_ids` of `AksCluster`.",
    absent="A violation where a compute of the stack names the cluster; passes without local accounts and without computes.",
    unknown="Decided by what the program passes to computes and bindings, where ids are not known yet.",
    needs_stack=True,
    check=check,
)


def _cluster(**more: object) -> dict[str, object]:
    return {"name": "aks", "properties": {"disableLocalAccounts": True}, **more}


def _compute(cluster: object, **more: object) -> dict[str, object]:
    body = {"computeType": "Kubernetes", "resourceId": cluster}
    return {
        "type": "Microsoft.MachineLearningServices/workspaces/computes",
        "name": "mlw/k8s",
        "properties": body,
        **more,
    }


def _binding(source: object, role: object = "mlworkload", **more: object) -> dict[str, object]:
    roles = [f"Microsoft.MachineLearningServices/workspaces/{role}"]
    body = {"sourceResourceId": source, "roles": roles}
    kind = "Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings"
    return {"type": kind, "name": "aks/mlw", "properties": body, **more}


def _workspace(name: str = "mlw", **more: object) -> dict[str, object]:
    return {"type": "Microsoft.MachineLearningServices/workspaces", "name": name, **more}


_BACKUP = {"sourceResourceId": Id("mlw"), "roles": ["Microsoft.DataProtection/backupVaults/backup-operator"]}
_ELSEWHERE = "/subscriptions/s/resourceGroups/r/providers/Microsoft.MachineLearningServices/workspaces/mlw"

GOOD: GoodCases = {
    "let in": [_cluster(), _workspace(), _compute(Id("aks")), _binding(Id("mlw"))],
    "all are new": [
        _cluster(new=True),
        _workspace(new=True),
        _compute(Later("aks"), parent=Later("mlw")),
        _binding(Later("mlw"), parent=Later("aks")),
    ],
    "workspace of another stack": [_cluster(), _compute(Id("aks")), _binding(_ELSEWHERE)],
    "nobody attaches it": [_cluster(), _workspace()],
    "local accounts": [{"name": "aks", "sku": {"name": "Base"}}, _workspace(), _compute(Id("aks"))],
}
_SAYS = (
    "the compute mlw/k8s attaches it, but no trusted access binding of the stack lets its workspace in; "
    "one with the role 'Microsoft.MachineLearningServices/workspaces/mlworkload' is needed"
)
BAD: BadCases = {
    "no binding": Bad([_cluster(), _workspace(), _compute(Id("aks"))], says=_SAYS),
    "no binding, all new": Bad(
        [_cluster(new=True), _workspace(new=True), _compute(Later("aks"), parent=Later("mlw"))], says=_SAYS
    ),
    "automatic": Bad([{"name": "aks", "sku": {"name": "Automatic"}}, _compute(Id("aks"))], says=_SAYS),
    "binding of another workspace": Bad(
        [_cluster(), _workspace(), _workspace("other"), _compute(Id("aks")), _binding(Id("other"))], says=_SAYS
    ),
    "another role": Bad(
        [_cluster(), _workspace(), _compute(Id("aks")), {**_binding(None), "properties": _BACKUP}], says=_SAYS
    ),
    "binding of another cluster": Bad(
        [_cluster(), _workspace(), _compute(Id("aks")), {**_binding(Id("mlw")), "name": "other/mlw"}], says=_SAYS
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "local accounts decided later": {"name": "aks", "properties": {"disableLocalAccounts": UNKNOWN}},
    "automatic or not": {"name": "aks", "sku": {"name": UNKNOWN}},
    "roles decided later": [
        _cluster(),
        _workspace(),
        _compute(Id("aks")),
        {**_binding(None), "properties": {"sourceResourceId": Id("mlw"), "roles": UNKNOWN}},
    ],
}
