# SPDX-License-Identifier: Apache-2.0
"""What holds the state of production is locked against deletion."""

from collections.abc import Mapping
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
from groundplan_policies.decisions import all_of, any_among
from groundplan_policies.subjects.environments import PARAMETERS, is_production
from groundplan_policies.subjects.scopes import breadth

LOCK = "Microsoft.Authorization/locks"


def check(found: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """A lock on the resource, its group or its subscription; either level keeps it from being deleted."""

    def keeps(lock: Resource) -> bool:
        return all_of(
            lambda: lock.equals("properties.level", "CanNotDelete", "ReadOnly"),
            lambda: stack.covers(lock, found) or breadth(lock, stack) == "subscription",
        )

    if found.is_a(*given["types"]) and all_of(
        lambda: not any_among(stack.of(LOCK), keeps),
        lambda: is_production(found, stack, given),
    ):
        yield Violation("", "no lock of the stack keeps it from being deleted; one of level 'CanNotDelete' is needed")


RULE = Rule(
    id="GP-OPS-007",
    slug="production-locks",
    title="What holds the state of production is locked against deletion",
    severity="medium",
    types=("*",),
    controls=("ops-production-locks",),
    rationale=(
        "One wrong command deletes a workspace or an account with everything in it; soft delete brings back some of it, for some days, and "
        "a name may stay taken. A lock makes deletion a decision of two steps."
    ),
    remediation="Pass `lock=Lock()` to the component, or add a `ResourceLock` on the resource group.",
    absent="A violation for what is tagged as production: no lock of the stack takes it in. All else passes.",
    unknown="Decided by what the program passes to the lock, where ids are not known yet.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="types",
            default=[
                "Microsoft.ContainerRegistry/registries",
                "Microsoft.DocumentDB/databaseAccounts",
                "Microsoft.KeyVault/managedHSMs",
                "Microsoft.KeyVault/vaults",
                "Microsoft.MachineLearningServices/registries",
                "Microsoft.MachineLearningServices/workspaces",
                "Microsoft.OperationalInsights/workspaces",
                "Microsoft.Storage/storageAccounts",
            ],
            description="ARM types that hold what cannot be made again.",
            schema={"type": "array", "items": {"type": "string", "pattern": "^[^/]+(/[^/]+)+$"}},
        ),
        *PARAMETERS,
    ),
    check=check,
)

_TYPES = (
    "Microsoft.ContainerRegistry/registries",
    "Microsoft.DocumentDB/databaseAccounts",
    "Microsoft.KeyVault/managedHSMs",
    "Microsoft.MachineLearningServices/registries",
    "Microsoft.MachineLearningServices/workspaces",
    "Microsoft.OperationalInsights/workspaces",
    "Microsoft.Storage/storageAccounts",
)


def _vault(environment: object = "prod", **more: object) -> dict[str, object]:
    return {"type": "Microsoft.KeyVault/vaults", "name": "kv", "tags": {"environment": environment}, **more}


def _lock(scope: object, level: object = "CanNotDelete") -> dict[str, object]:
    return {"type": "Microsoft.Authorization/locks", "name": "lock", "scope": scope, "properties": {"level": level}}


_RG = {"type": "Microsoft.Resources/resourceGroups", "name": "rg-example"}
_SAYS = "no lock of the stack keeps it from being deleted; one of level 'CanNotDelete' is needed"
GOOD: GoodCases = {
    "locked": [_vault(), _lock(Id("kv"))],
    "new and locked": [_vault(new=True), _lock(Later("kv"))],
    "read only": [_vault(), _lock(Id("kv"), "ReadOnly")],
    "locked by its group": [_vault(), _RG, _lock(Id("rg-example"))],
    "locked by its new group": [
        _vault(new=True, group=Later("rg-example")),
        {**_RG, "new": True},
        _lock(Later("rg-example")),
    ],
    "locked by the subscription": [_vault(), _lock("/subscriptions/s")],
    "locked, environment decided later": [_vault(UNKNOWN), _lock(Id("kv"))],
    "test": _vault("test"),
    "test, lock decided later": [_vault("test"), _lock(UNKNOWN)],
    "no environment": _vault(None),
    "nothing to lose": {"type": "Microsoft.Web/sites", "tags": {"environment": "prod"}},
    "types in a company's words": Good(_vault(), given={"types": ["Microsoft.Storage/storageAccounts"]}),
    "production in other words": Good(_vault(), given={"production": ["live"]}),
}
BAD: BadCases = {
    "vault": Bad(_vault(), says=_SAYS),
    "lock on another": Bad([_vault(), _lock(Id("kv2")), {**_vault(), "name": "kv2"}], says=_SAYS),
    "lock on another new group": Bad(
        [_vault(new=True, group=Later("rg-example")), {**_RG, "name": "rg-2", "new": True}, _lock(Later("rg-2"))],
        says=_SAYS,
    ),
    "lock that locks nothing": Bad([_vault(), _lock(Id("kv"), "NotSpecified")], says=_SAYS),
    **{each: Bad({"type": each, "tags": {"environment": "prod"}}, says=_SAYS) for each in _TYPES},
}
UNKNOWN_CASES: UnknownCases = {
    "scope decided later": [_vault(), _lock(UNKNOWN)],
    "level decided later": [_vault(), _lock(Id("kv"), UNKNOWN)],
    "environment decided later": _vault(UNKNOWN),
}
