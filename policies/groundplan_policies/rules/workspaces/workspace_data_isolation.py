# SPDX-License-Identifier: Apache-2.0
"""Workspaces that share an account, a vault or a registry keep their data apart."""

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
    same,
)
from groundplan_policies.subjects.workspaces import WORKSPACE, is_project

FLAG = "properties.enableDataIsolation"
SHARED = {
    "properties.storageAccount": "Microsoft.Storage/storageAccounts",
    "properties.keyVault": "Microsoft.KeyVault/vaults",
    "properties.containerRegistry": "Microsoft.ContainerRegistry/registries",
}


def check(workspace: Resource, stack: Stack) -> Found:
    """Hubs are isolated unless they say otherwise; projects share with their hub on purpose."""
    if is_project(workspace):
        return
    others = [each for each in stack.of(WORKSPACE) if each is not workspace and not is_project(each)]
    for path, kind in SHARED.items():
        other = next((each for each in others if _shares(workspace, each, path, kind, stack)), None)
        if other is not None and not _isolated(workspace):
            yield workspace.wrong(FLAG, f"true is needed, as {path} is shared with {other.label!r}")
            return


def _isolated(workspace: Resource) -> bool:
    if workspace.get(FLAG) is None:
        return workspace.equals("kind", "Hub")
    return workspace.equals(FLAG, True)


def _shares(one: Resource, other: Resource, path: str, kind: str, stack: Stack) -> bool:
    ids = one.view(path).node, other.view(path).node
    if isinstance(ids[0], str) and isinstance(ids[1], str):
        return same(*ids)
    target = stack.target(one, path, kind)
    return target is not None and target is stack.target(other, path, kind)


RULE = Rule(
    id="GP-AML-030",
    slug="workspace-data-isolation",
    title="Workspaces that share an account, a vault or a registry keep their data apart",
    severity="medium",
    types=(WORKSPACE,),
    controls=("aml-ws-data-isolation",),
    rationale=(
        "Two workspaces on one account write to containers of the same names: members of one read data, secrets and images of "
        "the other. Isolation gives each its own and can only be switched on at creation."
    ),
    remediation="Set `data_isolation=True` on `Workspace`, or give each workspace an account, a vault and a registry of its own.",
    absent="Off for a plain workspace, on for a hub, as in Azure. Projects are not looked at.",
    unknown="Sharing is found by what the program passes, where ids are not known; undecided where the setting itself is not.",
    needs_stack=True,
    check=check,
)


def _workspace(name: str = "mlw", flag: object = None, kind: str = "Default", **shared: object) -> dict[str, object]:
    return {"type": WORKSPACE, "name": name, "kind": kind, "properties": {"enableDataIsolation": flag, **shared}}


def _of(path: str, target: object, name: str = "mlw", flag: object = None, kind: str = "Default") -> dict[str, object]:
    return _workspace(name, flag, kind, **{path.partition(".")[2]: target})


_ST = {"type": "Microsoft.Storage/storageAccounts", "name": "st"}
_PATH = "properties.storageAccount"
_OTHER = _of(_PATH, Id("st"), "other")
_AWAY = "/subscriptions/1/resourceGroups/x/providers/Microsoft.Storage/storageAccounts/y"
GOOD: GoodCases = {
    "isolated": [_of(_PATH, Id("st"), flag=True), _OTHER, _ST],
    "a hub": [_of(_PATH, Id("st"), kind="Hub"), _OTHER, _ST],
    "a project of it": [_of(_PATH, Id("st")), _of(_PATH, Id("st"), "other", kind="Project"), _ST],
    "the project itself": [_of(_PATH, Id("st"), kind="Project"), _OTHER, _ST],
    "accounts of their own": [_of(_PATH, Id("st")), _of(_PATH, _AWAY, "other"), _ST],
    "neither is known": [_of(_PATH, UNKNOWN), _of(_PATH, UNKNOWN, "other"), _ST],
    "accounts of their own, and both are new": [
        _of(_PATH, Later("st")),
        _of(_PATH, Later("st2"), "other"),
        _ST,
        {**_ST, "name": "st2"},
    ],
    "none at all": [_workspace(), _workspace("other")],
}
BAD: BadCases = {
    **{
        f"the same in {path}": Bad(
            [_of(path, Id("it")), _of(path, Later("it"), "other"), {"type": kind, "name": "it"}],
            says=f"{FLAG} is absent; true is needed, as {path} is shared with 'other'",
        )
        for path, kind in {
            "properties.storageAccount": "Microsoft.Storage/storageAccounts",
            "properties.keyVault": "Microsoft.KeyVault/vaults",
            "properties.containerRegistry": "Microsoft.ContainerRegistry/registries",
        }.items()
    },
    "all are new": Bad(
        [
            {**_of(_PATH, Later("st"), flag=False), "new": True},
            {**_of(_PATH, Later("st"), "other"), "new": True},
            {**_ST, "new": True},
        ],
        says=f"{FLAG} is false; true is needed, as {_PATH} is shared with 'other'",
    ),
    "known there, new here": Bad([_of(_PATH, Later("st")), _OTHER, _ST], says="shared with 'other'"),
    "an account that is elsewhere": Bad(
        [_of(_PATH, _AWAY), _of(_PATH, _AWAY.upper(), "other")], says="shared with 'other'"
    ),
    "a hub that says no": Bad([_of(_PATH, Id("st"), flag=False, kind="Hub"), _OTHER, _ST], says=f"{FLAG} is false"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": [_of(_PATH, Id("st"), flag=UNKNOWN), _OTHER, _ST]}
