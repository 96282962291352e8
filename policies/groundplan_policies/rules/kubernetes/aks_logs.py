# SPDX-License-Identifier: Apache-2.0
"""What is asked of a Kubernetes cluster's API server is logged.

`kube-audit-admin` leaves out reads. It counts: the full log is many times as large, and few can keep it.
"""

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
from groundplan_policies.subjects.diagnostic_settings import SETTING, is_logged
from groundplan_policies.subjects.kubernetes import CLUSTER


def check(cluster: Resource, stack: Stack) -> Found:
    """Either audit log, by name or by a group that has it."""
    if not is_logged(cluster, stack, "kube-audit", "kube-audit-admin", "audit", "allLogs"):
        yield Violation(
            "", "no diagnostic setting of the stack sends kube-audit or kube-audit-admin anywhere; one is needed"
        )


RULE = Rule(
    id="GP-AKS-021",
    slug="aks-logs",
    title="What is asked of a Kubernetes cluster's API server is logged",
    severity="medium",
    types=(CLUSTER,),
    controls=("aks-logs",),
    rationale="Who read a secret, started a pod or changed a role is in the audit log only, and Azure keeps none of it by itself.",
    remediation="Pass `diagnostics` to `AksCluster`.",
    absent="A violation: no diagnostic setting in the stack sends an audit log anywhere.",
    unknown="Decided by what the program passes to the setting, where ids are not known yet.",
    needs_stack=True,
    check=check,
)


def _setting(scope: object, name: str, kind: str = "category") -> dict[str, object]:
    logs = [{kind: name, "enabled": True}]
    return {"type": SETTING, "name": "logs", "scope": scope, "properties": {"workspaceId": "/law", "logs": logs}}


GOOD: GoodCases = {
    "everything": [{"name": "aks"}, _setting(Id("aks"), "kube-audit")],
    "changes only": [{"name": "aks"}, _setting(Id("aks"), "kube-audit-admin")],
    "audit group": [{"name": "aks"}, _setting(Id("aks"), "audit", "categoryGroup")],
    "all logs": [{"name": "aks"}, _setting(Id("aks"), "allLogs", "categoryGroup")],
    "both are new": [{"name": "aks", "new": True}, _setting(Later("aks"), "kube-audit")],
}
_SAYS = "no diagnostic setting of the stack sends kube-audit or kube-audit-admin anywhere; one is needed"
BAD: BadCases = {
    "no setting": Bad({"name": "aks"}, says=_SAYS),
    "another log": Bad([{"name": "aks"}, _setting(Id("aks"), "kube-scheduler")], says=_SAYS),
    "of another cluster": Bad(
        [{"name": "aks"}, {"name": "other", "type": CLUSTER}, _setting(Id("other"), "kube-audit")], says=_SAYS
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": [
        {"name": "aks"},
        {"type": SETTING, "name": "logs", "scope": Id("aks"), "properties": {"workspaceId": "/law", "logs": UNKNOWN}},
    ]
}
