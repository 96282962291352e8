# SPDX-License-Identifier: Apache-2.0
"""A storage account has private endpoints to the services that it is made for."""

from collections.abc import Iterator

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
from groundplan_policies.subjects.private_endpoints import ENDPOINT, endpoints_of
from groundplan_policies.subjects.storage_account import ACCOUNT, holds_blobs


def check(account: Resource, stack: Stack) -> Found:
    """Each service has an address, and so an endpoint, of its own."""
    for service in _main(account):
        if not any(endpoints_of(account, stack, service)):
            yield Violation(
                "",
                f"no private endpoint of the stack leads to its {service} service; one with the group {service!r} is needed",
            )


def _main(account: Resource) -> Iterator[str]:
    yield "blob" if holds_blobs(account) else "file"
    if account.equals("properties.isHnsEnabled", True):
        yield "dfs"


RULE = Rule(
    id="GP-ST-007",
    slug="storage-private-endpoint",
    title="A storage account has private endpoints to the services that it is made for",
    severity="high",
    types=(ACCOUNT,),
    controls=("st-private-link",),
    rationale=(
        "Without an endpoint a closed account is out of the platform's own reach, and an open one is reached over the internet. Data Lake "
        "clients talk to the blob service and to `dfs`; one of the two endpoints alone leaves half of them outside."
    ),
    remediation="Pass `private_endpoint` to `Storage`, and name the services in `private_services` where its default is too few.",
    absent=(
        "A violation: no endpoint in the stack names the account's blob service (file service of kind FileStorage), or its `dfs` service "
        "where it has a hierarchical namespace."
    ),
    unknown="Decided by what the program passes to the endpoint, where the id itself is not known yet.",
    needs_stack=True,
    check=check,
)


def _endpoint(target: object, group: str) -> dict[str, object]:
    connections = [{"properties": {"privateLinkServiceId": target, "groupIds": [group]}}]
    return {"type": ENDPOINT, "name": f"pe-{group}", "properties": {"privateLinkServiceConnections": connections}}


_ST = {"name": "st", "kind": "StorageV2", "properties": {}}
_LAKE = {"name": "st", "kind": "StorageV2", "properties": {"isHnsEnabled": True}}
_FILES = {"name": "st", "kind": "FileStorage", "properties": {}}
_BLOB = "no private endpoint of the stack leads to its blob service; one with the group 'blob' is needed"

GOOD: GoodCases = {
    "blob service of an existing account": [_ST, _endpoint(Id("st"), "blob")],
    "both are new": [{**_ST, "new": True}, _endpoint(Later("st"), "blob")],
    "data lake": [_LAKE, _endpoint(Id("st"), "blob"), _endpoint(Id("st"), "dfs")],
    "file shares only": [_FILES, _endpoint(Id("st"), "file")],
}
BAD: BadCases = {
    "none at all": Bad(_ST, says=_BLOB),
    "none at all, of a new account": Bad({**_ST, "new": True}, says=_BLOB),
    "another service": Bad([_ST, _endpoint(Id("st"), "file")], says=_BLOB),
    "another account": Bad(
        [{**_ST, "new": True}, {"name": "other", "type": ACCOUNT, "new": True}, _endpoint(Later("other"), "blob")],
        says=_BLOB,
    ),
    "data lake without dfs": Bad(
        [_LAKE, _endpoint(Id("st"), "blob")],
        says="no private endpoint of the stack leads to its dfs service; one with the group 'dfs' is needed",
    ),
    "file shares without file": Bad(
        [_FILES, _endpoint(Id("st"), "blob")],
        says="no private endpoint of the stack leads to its file service; one with the group 'file' is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "endpoints made later": [
        _ST,
        {"type": ENDPOINT, "name": "pe", "properties": {"privateLinkServiceConnections": UNKNOWN}},
    ],
    "kind known later": {"name": "st", "kind": UNKNOWN},
    "namespace known later": [
        {"name": "st", "kind": "StorageV2", "properties": {"isHnsEnabled": UNKNOWN}},
        _endpoint(Id("st"), "blob"),
    ],
}
