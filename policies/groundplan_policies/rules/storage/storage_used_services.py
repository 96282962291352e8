# SPDX-License-Identifier: Apache-2.0
"""Every service of a closed storage account that is used has a private endpoint."""

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
from groundplan_policies.subjects.network_rules import PUBLIC
from groundplan_policies.subjects.private_endpoints import ENDPOINT, endpoints_of
from groundplan_policies.subjects.storage_account import ACCOUNT, CONTENT, used_services

WORKSPACE = "Microsoft.MachineLearningServices/workspaces"


def check(account: Resource, stack: Stack) -> Found:
    """Shares, queues and tables; and the file service of a workspace's account, where the workspace makes the share itself."""
    if not account.equals(PUBLIC, "Disabled"):
        return
    used = dict.fromkeys(used_services(account, stack), "the stack has something in it")
    if "file" not in used and any(stack.referring(account, WORKSPACE, "properties.storageAccount")):
        used["file"] = "a workspace keeps its notebooks there"
    for service, why in used.items():
        if not any(endpoints_of(account, stack, service)):
            yield Violation(
                "",
                f"no private endpoint of the stack leads to its {service} service, though {why}; "
                f"one with the group {service!r} is needed",
            )


RULE = Rule(
    id="GP-ST-024",
    slug="storage-used-services",
    title="Every service of a closed storage account that is used has a private endpoint",
    severity="medium",
    types=(ACCOUNT,),
    controls=("st-used-services",),
    rationale=(
        "Each service has an address of its own. The endpoint of the blob service leads to no share and no queue, and a closed account "
        "refuses the public address: what is used without an endpoint does not work."
    ),
    remediation="Name the services in `private_services` of `Storage`.",
    absent="Passes where public access is not off, since the services can be reached, and for services that nothing lies in.",
    unknown="Decided by what the program passes on, where the ids themselves are not known yet.",
    needs_stack=True,
    check=check,
)

_CLOSED = {"name": "st", "properties": {"publicNetworkAccess": "Disabled"}}
_NEW = {**_CLOSED, "new": True}
_QUEUE = {"name": "st/default/jobs", "type": CONTENT["queue"]}
_TABLE = {"name": "st/default/runs", "type": CONTENT["table"]}
_SHARE = {"name": "st/default/code", "type": CONTENT["file"]}


def _endpoint(target: object, group: str) -> dict[str, object]:
    connections = [{"properties": {"privateLinkServiceId": target, "groupIds": [group]}}]
    return {"type": ENDPOINT, "name": f"pe-{group}", "properties": {"privateLinkServiceConnections": connections}}


def _workspace(account: object) -> dict[str, object]:
    return {"name": "mlw", "type": WORKSPACE, "properties": {"storageAccount": account}}


def _none(service: str, why: str = "the stack has something in it") -> str:
    return (
        f"no private endpoint of the stack leads to its {service} service, though {why}; "
        f"one with the group '{service}' is needed"
    )


_NOTEBOOKS = "a workspace keeps its notebooks there"

GOOD: GoodCases = {
    "nothing but blobs": _CLOSED,
    "a queue": [_CLOSED, _QUEUE, _endpoint(Id("st"), "queue")],
    "a new queue": [_NEW, {**_QUEUE, "parent": Later("st")}, _endpoint(Later("st"), "queue")],
    "a queue of an account that is there": [_NEW, _QUEUE],
    "a queue of another account": [_CLOSED, {"name": "st2/default/jobs", "type": CONTENT["queue"]}],
    "a new queue of another account": [
        _NEW,
        {"name": "other", "type": ACCOUNT, "new": True},
        {**_QUEUE, "parent": Later("other")},
    ],
    "the account of a workspace": [_CLOSED, _workspace(Id("st")), _endpoint(Id("st"), "file")],
    "another account of a workspace": [_CLOSED, {"name": "other", "type": ACCOUNT}, _workspace(Id("other"))],
    "open": [{"name": "st", "properties": {"publicNetworkAccess": "Enabled"}}, _QUEUE],
    "in a perimeter": [{"name": "st", "properties": {"publicNetworkAccess": "SecuredByPerimeter"}}, _QUEUE],
}
BAD: BadCases = {
    "a queue": Bad([_CLOSED, _QUEUE, _endpoint(Id("st"), "blob")], says=_none("queue")),
    "a new queue": Bad([_NEW, {**_QUEUE, "parent": Later("st")}], says=_none("queue")),
    "a new queue of an account that is there": Bad([_CLOSED, {**_QUEUE, "parent": Later("st")}], says=_none("queue")),
    "a table": Bad([_CLOSED, _TABLE], says=_none("table")),
    "a share": Bad([_CLOSED, _SHARE, _workspace(Id("st"))], says=_none("file")),
    "the account of a workspace": Bad([_CLOSED, _workspace(Id("st"))], says=_none("file", _NOTEBOOKS)),
    "the account of a new workspace": Bad([_NEW, _workspace(Later("st"))], says=_none("file", _NOTEBOOKS)),
}
UNKNOWN_CASES: UnknownCases = {
    "access known later": {"name": "st", "properties": {"publicNetworkAccess": UNKNOWN}},
    "endpoints made later": [
        _CLOSED,
        _QUEUE,
        {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": UNKNOWN}},
    ],
}
