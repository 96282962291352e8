# SPDX-License-Identifier: Apache-2.0
"""Nothing is made inside of a nested template."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    Good,
    GoodCases,
    Later,
    Parameter,
    Resource,
    Rule,
    UnknownCases,
    Violation,
)

TEMPLATE = "properties.template.resources"
LINK = "properties.templateLink"


def check(deployment: Resource, given: Mapping[str, Any]) -> Found:
    """A template without resources, as tools of vendors add to be counted, makes nothing."""
    name = (deployment.short_name or "").casefold()
    if any(fnmatchcase(name, pattern.casefold()) for pattern in given["names"]):
        return
    if deployment.given(LINK):
        yield Violation(
            LINK, f"{LINK} names a template that no rule sees and no preview shows; resources of their own are needed"
        )
    elif deployment.has(TEMPLATE):
        yield Violation(
            TEMPLATE, f"{TEMPLATE} are seen by no rule and shown by no preview; resources of their own are needed"
        )


RULE = Rule(
    id="GP-GOV-009",
    slug="nested-deployment",
    title="Nothing is made inside of a nested template",
    severity="medium",
    types=("Microsoft.Resources/deployments",),
    controls=("gov-nested-deployment",),
    rationale=(
        "What a nested template makes is checked by no rule, shown by no preview, not refreshed, and left behind when the deployment is "
        "destroyed."
    ),
    remediation="Declare what the template holds as resources of the program; `groundplan` components cover most.",
    absent="Passes: a deployment without a template makes nothing.",
    parameters=(
        Parameter(
            name="names",
            default=["pid-*"],
            description="Names of deployments that are agreed, with `*` for any text.",
            schema={"type": "array", "items": {"type": "string"}},
        ),
    ),
    check=check,
)


def _deployment(name: str = "nested", **properties: object) -> dict[str, object]:
    return {"name": name, "properties": properties}


_VAULTS = {"resources": [{"type": "Microsoft.KeyVault/vaults", "name": "kv"}]}
GOOD: GoodCases = {
    "counted": _deployment("PID-1234", template=_VAULTS, templateLink={"uri": "https://example.com"}),
    "empty": _deployment(template={"resources": []}),
    "nothing": _deployment(),
    "agreed": Good(_deployment(template=_VAULTS), given={"names": ["other", "Nes*"]}),
}
BAD: BadCases = {
    "template": Bad(
        _deployment(template=_VAULTS),
        says="properties.template.resources are seen by no rule and shown by no preview; resources of their own are needed",
    ),
    "link": Bad(
        _deployment(templateLink=UNKNOWN),
        says="properties.templateLink names a template that no rule sees and no preview shows; resources of their own are needed",
    ),
    "name decided later": Bad(
        {**_deployment(template=_VAULTS), "parent": Later("x")}, says="resources are seen by no rule"
    ),
    "counted, where that is not agreed": Bad(
        _deployment("pid-1", template=_VAULTS), says="resources are seen by no rule", given={"names": []}
    ),
}
UNKNOWN_CASES: UnknownCases = {"template decided later": _deployment(template=UNKNOWN)}
