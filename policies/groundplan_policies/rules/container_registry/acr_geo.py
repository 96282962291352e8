# SPDX-License-Identifier: Apache-2.0
"""A container registry has a replica in every region that it serves.

Which regions these are shows from the workspaces of the stack that name the registry; a configuration can name more.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Id,
    Later,
    Parameter,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.subjects.container_registry import REGISTRY, REPLICATION, region

WORKSPACE = "Microsoft.MachineLearningServices/workspaces"


def check(registry: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Where the region is that of the resource group, nobody can tell."""
    home = region(registry.text("location"))
    if not home:
        return
    places = {home} | {region(each.text("location")) for each in stack.children(registry, REPLICATION)}
    for place, why in dict(_served(registry, stack, given)).items():
        if place not in places:
            yield Violation("", f"it has no replica in {place}, {why}; one is needed")


def _served(registry: Resource, stack: Stack, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for workspace in stack.referring(registry, WORKSPACE, "properties.containerRegistry"):
        if workspace.has("location"):
            yield region(workspace.text("location")), f"where the workspace {workspace.label} lies"
    for each in given["regions"]:
        yield region(each), "which the configuration of the pack names"


RULE = Rule(
    id="GP-ACR-018",
    slug="acr-geo",
    title="A container registry has a replica in every region that it serves",
    severity="low",
    types=(REGISTRY,),
    controls=("acr-geo",),
    rationale=(
        "Images of several gigabytes that cross regions make every node slow to start, are paid for by traffic, and are out of reach "
        "while the registry's region is down."
    ),
    remediation="Add the region to `replicas` of `ContainerRegistry`.",
    absent="Passes without a location, and where no workspace of another region names the registry.",
    unknown="Decided by what the program passes to the workspace, where the registry's id is not known yet.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="regions",
            default=[],
            description="More regions that a registry serves, as Azure writes them in ids.",
            schema={"type": "array", "items": {"type": "string"}},
        ),
    ),
    check=check,
)


def _registry(location: object = "westeurope", **more: object) -> dict[str, object]:
    return {"name": "cr", "location": location, **more}


def _workspace(location: object, registry: object) -> dict[str, object]:
    return {
        "type": "Microsoft.MachineLearningServices/workspaces",
        "name": "mlw",
        "location": location,
        "properties": {"containerRegistry": registry},
    }


def _replica(location: object, **more: object) -> dict[str, object]:
    return {"type": REPLICATION, "name": "cr/replica", "location": location, **more}


GOOD: GoodCases = {
    "serves its own region": [_registry("West Europe"), _workspace("westeurope", Id("cr"))],
    "replica": [_registry(), _replica("north europe"), _workspace("North Europe", Id("cr"))],
    "all are new": [
        _registry(new=True),
        _replica("northeurope", parent=Later("cr")),
        _workspace("northeurope", Later("cr")),
    ],
    "region of the resource group": [_registry(None), _workspace("northeurope", Id("cr"))],
    "workspace in the region of its resource group": [_registry(), _workspace(None, Id("cr"))],
    "workspace with another registry": [
        _registry(),
        {"type": REGISTRY, "name": "b"},
        _workspace("northeurope", Id("b")),
    ],
    "configured": Good([_registry(), _replica("northeurope")], given={"regions": ["North Europe"]}),
}
BAD: BadCases = {
    "no replica": Bad(
        [_registry(), _workspace("North Europe", Id("cr"))],
        says="it has no replica in northeurope, where the workspace mlw lies; one is needed",
    ),
    "no replica, all new": Bad([_registry(new=True), _workspace("northeurope", Later("cr"))], says="in northeurope"),
    "configured": Bad(
        [_registry(), _replica("ukwest")],
        given={"regions": ["UK South"]},
        says="it has no replica in uksouth, which the configuration of the pack names; one is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "region decided later": _registry(UNKNOWN),
    "replica decided later": [_registry(), _replica(UNKNOWN)],
}
