# SPDX-License-Identifier: Apache-2.0
"""Everything that takes tags has those that are agreed."""

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
    Violation,
)
from groundplan_policies.subjects.environments import has_tag, takes_tags


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """Resource groups as well; types without tags are left out."""
    if takes_tags(found):
        missing = [tag for tag in given["tags"] if not has_tag(found, tag)]
        if missing:
            yield Violation("tags", f"tags has no {' and no '.join(missing)}; {', '.join(given['tags'])} are needed")


RULE = Rule(
    id="GP-GOV-003",
    slug="required-tags",
    title="Everything that takes tags has those that are agreed",
    severity="medium",
    types=("*",),
    controls=("gov-tags",),
    rationale=(
        "Tags are how people, bills and other rules tell what a resource is for; the rules about production look at the tag `environment`, "
        "and pass what has none."
    ),
    remediation="Set `tags` of the component, which passes them on to every child that takes tags.",
    absent="A violation for each tag of `tags` that a resource lacks; Azure does not hand down those of the group.",
    unknown="A tag whose value is not known yet is there; undecided where the tags themselves are not known.",
    parameters=(
        Parameter(
            name="tags",
            default=[],
            description="Tags that everything has, such as `environment` and `owner`; letter case is ignored.",
            schema={"type": "array", "items": {"type": "string", "minLength": 1}},
        ),
    ),
    check=check,
)

_AGREED = {"tags": ["environment", "owner"]}


def _vault(tags: object) -> dict[str, object]:
    return {"type": "Microsoft.KeyVault/vaults", "name": "kv", "tags": tags}


GOOD: GoodCases = {
    "nothing is agreed": _vault(None),
    "nothing is agreed, decided later": _vault(UNKNOWN),
    "all": Good(_vault({"Environment": "dev", "owner": UNKNOWN}), given=_AGREED),
    "a type without tags": Good({"type": "Microsoft.KeyVault/vaults/secrets", "name": "kv/s"}, given=_AGREED),
    "a type without tags that no table knows": Good({"type": "Microsoft.New/things"}, given=_AGREED),
    "a template within": Good({"type": "Microsoft.Resources/deployments", "location": "westeurope"}, given=_AGREED),
    "a policy": Good({"type": "Microsoft.Authorization/policyAssignments", "location": "westeurope"}, given=_AGREED),
}
BAD: BadCases = {
    "none": Bad(
        _vault(None), says="tags has no environment and no owner; environment, owner are needed", given=_AGREED
    ),
    "one is missing": Bad(
        _vault({"environment": "dev"}), says="tags has no owner; environment, owner are needed", given=_AGREED
    ),
    "one is empty": Bad(_vault({"environment": "", "owner": "x"}), says="tags has no environment; env", given=_AGREED),
    "resource group": Bad({"tags": {}}, says="tags has no environment and no owner", given=_AGREED),
}
UNKNOWN_CASES: UnknownCases = {"decided later": Good(_vault(UNKNOWN), given=_AGREED)}
