# SPDX-License-Identifier: Apache-2.0
"""A deleted image can be brought back.

Azure has soft delete neither with the retention policy nor with replicas. A registry with replicas is left alone, one with the
retention policy is not: the two do different things, and who asks for this rule has chosen.
"""

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
)
from groundplan_policies.subjects.container_registry import REGISTRY, REPLICATION, region

STATUS = "properties.policies.softDeletePolicy.status"


def check(registry: Resource, stack: Stack) -> Found:
    """Azure lists the registry's own region as a replica, too; that one does not count."""
    if registry.equals(STATUS, "enabled"):
        return
    home = region(registry.text("location"))
    if all(region(each.text("location")) == home for each in stack.children(registry, REPLICATION)):
        yield registry.wrong(
            STATUS, "'enabled' is needed, and the retention policy off, which Azure does not have beside it"
        )


RULE = Rule(
    id="GP-ACR-014",
    slug="acr-soft-delete",
    title="A deleted image can be brought back",
    severity="low",
    types=(REGISTRY,),
    controls=("acr-soft-delete",),
    rationale=(
        "One wrong purge takes away the images that models in production were made with, and a deployment that scales out finds "
        "nothing to pull. Builds from the same sources do not give the same image."
    ),
    remediation="Give `soft_delete_days` of `ContainerRegistry` the days, with `untagged_retention_days` at 0.",
    absent="A violation: Azure deletes images for good unless told otherwise. Registries with replicas pass.",
    needs_stack=True,
    check=check,
)


def _registry(status: object, **more: object) -> dict[str, object]:
    policies = {"softDeletePolicy": {"status": status}}
    return {"name": "cr", "location": "West Europe", "properties": {"policies": policies}, **more}


def _replica(location: object, **more: object) -> dict[str, object]:
    return {"type": REPLICATION, "name": "cr/replica", "location": location, **more}


GOOD: GoodCases = {
    "switched on": _registry("enabled"),
    "has a replica": [_registry("disabled"), _replica("westeurope"), {**_replica("northeurope"), "name": "cr/second"}],
    "both are new": [_registry("disabled", new=True), _replica("northeurope", parent=Later("cr"))],
}
_SAYS = (
    "properties.policies.softDeletePolicy.status is {}; "
    "'enabled' is needed, and the retention policy off, which Azure does not have beside it"
)
BAD: BadCases = {
    "switched off": Bad(_registry("disabled"), says=_SAYS.format("'disabled'")),
    "not said": Bad({"name": "cr"}, says=_SAYS.format("absent")),
    "only its own region": Bad([_registry("disabled"), _replica("westeurope")], says=_SAYS.format("'disabled'")),
    "replica of another registry": Bad(
        [_registry("disabled"), {**_replica("northeurope"), "name": "other/replica"}], says=_SAYS.format("'disabled'")
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _registry(UNKNOWN),
    "replica decided later": [_registry("disabled"), _replica(UNKNOWN)],
}
