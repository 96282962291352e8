# SPDX-License-Identifier: Apache-2.0
"""Only agreed principals may reach past a registry into the accounts that Azure made for it."""

from collections.abc import Mapping
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
    View,
)
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.ml_registries import REGISTRY


def check(registry: Resource, given: Mapping[str, Any]) -> Found:
    """Every principal by its object id."""

    def of_principal(principal: View) -> Found:
        if not principal.equals("principalId", *given["principals"]):
            yield principal.wrong("principalId", "an object id that is among `principals` is needed")

    yield from each_of(registry.items("properties.managedResourceGroupSettings.assignedIdentities"), of_principal)


RULE = Rule(
    id="GP-MLR-009",
    slug="ml-registry-managed-group-access",
    title="Only agreed principals reach past a registry into the accounts that Azure made for it",
    severity="low",
    types=(REGISTRY,),
    controls=("aml-registry-managed-group-access",),
    rationale=(
        "Azure denies everybody access to these accounts, because whoever has it passes by the registry, its roles and its logs. "
        "Each exception has to be known."
    ),
    remediation="Leave `managed_group_principal_ids` of `MachineLearningRegistry` empty, or add the object id to `principals`.",
    absent="Passes: nobody is let in.",
    parameters=(
        Parameter(
            name="principals",
            default=[],
            description="Object ids of those who may be let in.",
            schema={"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        ),
    ),
    check=check,
)


def _registry(*principals: object) -> dict[str, object]:
    assigned = [{"principalId": each} for each in principals]
    return {"properties": {"managedResourceGroupSettings": {"assignedIdentities": assigned}}}


_AT = "properties.managedResourceGroupSettings.assignedIdentities[{}].principalId"
_NEEDED = "an object id that is among `principals` is needed"
_AGREED = {"principals": ["a", "b"]}
GOOD: GoodCases = {
    "nobody": _registry(),
    "not said": {"properties": {}},
    "agreed": Good(_registry("A", "b"), given=_AGREED),
}
BAD: BadCases = {
    "nobody was agreed": Bad(_registry("a"), says=f"{_AT.format(0)} is 'a'; {_NEEDED}"),
    "another one": Bad(_registry(UNKNOWN, "c"), says=f"{_AT.format(1)} is 'c'; {_NEEDED}", given=_AGREED),
}
UNKNOWN_CASES: UnknownCases = {"decided later": Good(_registry(UNKNOWN), given=_AGREED)}
