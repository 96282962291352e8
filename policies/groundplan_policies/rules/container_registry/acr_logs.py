# SPDX-License-Identifier: Apache-2.0
"""A container registry's logins and pulls are logged."""

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
from groundplan_policies.subjects.container_registry import REGISTRY
from groundplan_policies.subjects.diagnostic_settings import SETTING, is_logged

CATEGORIES = ("ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents")


def check(registry: Resource, stack: Stack) -> Found:
    """Both categories, by name or by a group that has them."""
    for category in CATEGORIES:
        if not is_logged(registry, stack, category, "audit", "allLogs"):
            yield Violation("", f"no diagnostic setting of the stack sends {category} anywhere; one is needed")


RULE = Rule(
    id="GP-ACR-024",
    slug="acr-logs",
    title="A container registry's logins and pulls are logged",
    severity="medium",
    types=(REGISTRY,),
    controls=("acr-logs",),
    rationale=(
        "Who pushed the image that a model ran in, and from where, is in these logs only; Azure keeps none of them unless they are "
        "sent somewhere."
    ),
    remediation="Pass `diagnostics` to `ContainerRegistry`.",
    absent="A violation for each category that no diagnostic setting in the stack sends anywhere.",
    unknown="Decided by what the program passes to the setting, where ids are not known yet.",
    needs_stack=True,
    check=check,
)


def _setting(scope: object, *names: str, kind: str = "category") -> dict[str, object]:
    logs = [{kind: name, "enabled": True} for name in names]
    return {"type": SETTING, "name": "logs", "scope": scope, "properties": {"workspaceId": "/law", "logs": logs}}


GOOD: GoodCases = {
    "by name": [{"name": "cr"}, _setting(Id("cr"), *CATEGORIES)],
    "audit": [{"name": "cr"}, _setting(Id("cr"), "audit", kind="categoryGroup")],
    "all": [{"name": "cr"}, _setting(Id("cr"), "allLogs", kind="categoryGroup")],
    "both are new": [{"name": "cr", "new": True}, _setting(Later("cr"), *CATEGORIES)],
}
BAD: BadCases = {
    "no setting": Bad(
        {"name": "cr"},
        says="no diagnostic setting of the stack sends ContainerRegistryLoginEvents anywhere; one is needed",
    ),
    "logins only": Bad(
        [{"name": "cr"}, _setting(Id("cr"), CATEGORIES[0])],
        says="no diagnostic setting of the stack sends ContainerRegistryRepositoryEvents anywhere; one is needed",
    ),
    "of another registry": Bad(
        [{"name": "cr"}, {"name": "other", "type": REGISTRY}, _setting(Id("other"), *CATEGORIES)],
        says="ContainerRegistryLoginEvents",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": [
        {"name": "cr"},
        {"type": SETTING, "name": "logs", "scope": Id("cr"), "properties": {"workspaceId": "/law", "logs": UNKNOWN}},
    ]
}
