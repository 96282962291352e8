# SPDX-License-Identifier: Apache-2.0
"""What production costs can be charged to somebody."""

from collections.abc import Mapping
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
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.decisions import all_of
from groundplan_policies.subjects.environments import PARAMETERS, has_tag, is_production, takes_tags


def check(found: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Production by tag only: GP-GOV-003 asks for tags everywhere."""

    def missing() -> list[str]:
        return [tag for tag in given["tags"] if not has_tag(found, tag)]

    if takes_tags(found) and all_of(lambda: bool(missing()), lambda: is_production(found, stack, given)):
        yield Violation("tags", f"tags has no {' and no '.join(missing())}; who pays for production is to be said")


RULE = Rule(
    id="GP-COST-023",
    slug="cost-tags",
    title="What production costs can be charged to somebody",
    severity="medium",
    types=("*",),
    controls=("cost-tags",),
    rationale="Costs are split by tags. What has none lands on the platform team, and nobody asks whether it is still needed.",
    remediation="Set `tags` of the component, which passes them on to every child that takes tags.",
    absent="A violation for a resource of production whose type takes tags.",
    unknown="A tag whose value is not known yet is there; undecided where the tags themselves are not known.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="tags",
            default=["owner"],
            description="Tags by which costs are split.",
            schema={"type": "array", "items": {"type": "string", "minLength": 1}},
        ),
        *PARAMETERS,
    ),
    check=check,
)

_SHARED = {"tags": ["owner", "costCenter"]}


def _vault(**tags: object) -> dict[str, object]:
    return {"type": "Microsoft.KeyVault/vaults", "name": "kv", "tags": tags}


GOOD: GoodCases = {
    "owned": _vault(environment="prod", Owner="ml-platform"),
    "owner decided later": _vault(environment="prod", owner=UNKNOWN),
    "owner known, environment decided later": _vault(environment=UNKNOWN, owner="ml-platform"),
    "test": _vault(environment="test"),
    "no environment": _vault(),
    "no tags on this type": {
        "type": "Microsoft.KeyVault/vaults/secrets",
        "name": "kv/s",
        "tags": {"environment": "prod"},
    },
    "production in other words": Good(_vault(environment="prod"), given={"production": ["live"]}),
    "production by another tag": Good(_vault(environment="prod"), given={"environmentTag": "stage"}),
    "nothing is asked for": Good(_vault(environment="prod"), given={"tags": []}),
}
BAD: BadCases = {
    "no owner": Bad(_vault(environment="prod"), says="tags has no owner; who pays for production is to be said"),
    "empty owner": Bad(_vault(environment="production", owner=""), says="tags has no owner; who pays"),
    "neither of two": Bad(
        _vault(environment="Prod"), says="tags has no owner and no costCenter; who pays", given=_SHARED
    ),
    "one of two": Bad(_vault(environment="prod", owner="x"), says="tags has no costCenter; who pays", given=_SHARED),
    "production by the group's tag": Bad(
        [
            {"type": "Microsoft.KeyVault/vaults", "name": "kv", "group": Later("rg"), "new": True},
            {"type": "Microsoft.Resources/resourceGroups", "name": "rg", "tags": {"environment": "prod"}, "new": True},
        ],
        says="tags has no owner",
    ),
    "production by the known group's tag": Bad(
        [
            {"type": "Microsoft.KeyVault/vaults", "name": "kv"},
            {"type": "Microsoft.Resources/resourceGroups", "name": "RG-example", "tags": {"environment": "prod"}},
        ],
        says="tags has no owner",
    ),
    "of a type that no table knows": Bad(
        {"type": "Microsoft.New/things", "location": UNKNOWN, "tags": {"environment": "prod"}}, says="tags has no owner"
    ),
    "a resource group": Bad({"tags": {"environment": "prod"}}, says="tags has no owner"),
}
UNKNOWN_CASES: UnknownCases = {
    "environment decided later": _vault(environment=UNKNOWN),
    "tags decided later": {"type": "Microsoft.KeyVault/vaults", "tags": UNKNOWN},
}
