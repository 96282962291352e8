# SPDX-License-Identifier: Apache-2.0
"""A workspace with a private container registry names the cluster that builds its images."""

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
)
from groundplan_policies.subjects.workspaces import WORKSPACE, is_project

REGISTRY = "Microsoft.ContainerRegistry/registries"
BUILDER = "properties.imageBuildCompute"


def check(workspace: Resource, stack: Stack) -> Found:
    """A project builds with its hub's."""
    if is_project(workspace) or workspace.given(BUILDER):
        return
    registry = stack.target(workspace, "properties.containerRegistry", REGISTRY)
    if registry is None:
        return
    if registry.equals("properties.publicNetworkAccess", "Disabled") or registry.equals(
        "properties.networkRuleSet.defaultAction", "Deny"
    ):
        yield workspace.wrong(BUILDER, f"the name of a cluster is needed, as registry {registry.label!r} is private")


RULE = Rule(
    id="GP-AML-028",
    slug="workspace-image-build-compute",
    title="A workspace with a private container registry names the cluster that builds its images",
    severity="medium",
    types=(WORKSPACE,),
    controls=("aml-ws-image-build-compute",),
    rationale="The registry's own builder comes from the internet, which a private registry refuses: environments can not be built at all.",
    remediation="Set `image_build_compute` of `Workspace` to the name of a `ComputeCluster`.",
    absent="A violation where the registry is private; passes where it is open or outside of the stack, and for projects.",
    unknown="The registry is found by what the program passes; undecided where its own settings are not known.",
    needs_stack=True,
    check=check,
)


def _workspace(registry: object, builder: object = None, **more: object) -> dict[str, object]:
    properties = {"containerRegistry": registry, "imageBuildCompute": builder}
    return {"name": "mlw", "kind": "Default", "properties": properties, **more}


def _registry(access: object, action: object = None, **more: object) -> dict[str, object]:
    properties = {"publicNetworkAccess": access, "networkRuleSet": {"defaultAction": action}}
    return {"type": REGISTRY, "name": "cr", "properties": properties, **more}


_SAYS = f"{BUILDER} is absent; the name of a cluster is needed, as registry 'cr' is private"
GOOD: GoodCases = {
    "a cluster": [_workspace(Id("cr"), UNKNOWN), _registry("Disabled")],
    "an open registry": [_workspace(Id("cr")), _registry("Enabled", "Allow")],
    "a registry that is elsewhere": _workspace(
        "/subscriptions/1/resourceGroups/x/providers/Microsoft.ContainerRegistry/registries/y"
    ),
    "no registry": [_workspace(None), _registry("Disabled")],
    "a project": [_workspace(Id("cr"), kind="Project"), _registry("Disabled")],
}
BAD: BadCases = {
    "closed": Bad([_workspace(Id("cr")), _registry("Disabled")], says=_SAYS),
    "named networks": Bad([_workspace(Id("cr")), _registry("Enabled", "Deny")], says=_SAYS),
    "both are new": Bad([_workspace(Later("cr"), new=True), _registry("Disabled", new=True)], says=_SAYS),
}
UNKNOWN_CASES: UnknownCases = {"the registry is decided later": [_workspace(Id("cr")), _registry(UNKNOWN)]}
