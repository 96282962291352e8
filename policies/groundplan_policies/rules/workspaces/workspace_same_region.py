# SPDX-License-Identifier: Apache-2.0
"""Computes of a workspace with a managed network lie in its region."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.subjects.workspaces import COMPUTE, WORKSPACE, has_managed_network

PLACES = ("properties.computeLocation", "location")


def check(compute: Resource, stack: Stack) -> Found:
    """Clusters and instances; what is attached lies where it lies."""
    if not compute.equals("properties.computeType", "AmlCompute", "ComputeInstance"):
        return
    workspace = stack.parent(compute)
    if workspace is None or not has_managed_network(workspace):
        return
    here = workspace.text("location")
    for place in PLACES:
        there = compute.text(place)
        if here and there and _region(here) != _region(there):
            yield Violation(place, f"{place} is {there!r}; {here!r} is needed, where the managed network is")


def _region(name: str) -> str:
    """The name as Azure writes it: `West Europe` is `westeurope`."""
    return name.replace(" ", "").casefold()


RULE = Rule(
    id="GP-AML-017",
    slug="workspace-same-region",
    title="Computes of a workspace with a managed network lie in its region",
    severity="medium",
    types=(COMPUTE,),
    controls=("aml-ws-same-region",),
    rationale="A managed network does not reach across regions; Azure refuses a cluster elsewhere, and data would cross for every job.",
    remediation="Leave `location` of the compute out, or make a workspace in the other region.",
    absent="Passes: Azure takes the workspace's region.",
    needs_stack=True,
    check=check,
)


def _compute(kind: object = "AmlCompute", place: object = None, location: object = None) -> dict[str, object]:
    return {"name": "mlw/c", "location": location, "properties": {"computeType": kind, "computeLocation": place}}


def _workspace(location: object, mode: object = "AllowInternetOutbound", **more: object) -> dict[str, object]:
    network = {"managedNetwork": {"isolationMode": mode}}
    return {"type": WORKSPACE, "name": "mlw", "location": location, "properties": network, **more}


GOOD: GoodCases = {
    "the same": [_compute(place="westeurope", location="West Europe"), _workspace("westEurope")],
    "not said": [_compute(), _workspace("westeurope")],
    "the workspace does not say": [_compute(place="northeurope"), _workspace(None)],
    "no managed network": [_compute(place="northeurope"), _workspace("westeurope", "Disabled")],
    "attached": [_compute("Databricks", "northeurope"), _workspace("westeurope")],
    "the workspace is elsewhere": _compute(place="northeurope"),
}
BAD: BadCases = {
    "another region": Bad(
        [_compute(place="northeurope"), _workspace("westeurope")],
        says="properties.computeLocation is 'northeurope'; 'westeurope' is needed, where the managed network is",
    ),
    "an instance, and both are new": Bad(
        [
            {**_compute("ComputeInstance", location="North Europe"), "parent": Later("mlw")},
            _workspace("West Europe", new=True),
        ],
        says="location is 'North Europe'; 'West Europe' is needed, where the managed network is",
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": [_compute(place=UNKNOWN), _workspace("westeurope")]}
