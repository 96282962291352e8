# SPDX-License-Identifier: Apache-2.0
"""A resource's name and its tag agree on the environment."""

import re
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
    Stack,
    UnknownCases,
    Violation,
)
from groundplan_policies.subjects.environments import PARAMETERS, environment_of
from groundplan_policies.subjects.known_name import NAME, known_name


def check(found: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """Words of the name, between dashes or the like. A name that says both environments may be about the way between them."""
    environment = environment_of(found, stack, given).casefold()
    groups: list[list[str]] = given["words"]
    own = next((words for words in groups if environment in words), None)
    if own is None:
        return
    parts = set(re.split(r"[^a-z0-9]+", known_name(found).casefold()))
    others = sorted({word for words in groups for word in words if words is not own} & parts)
    if others and not parts & set(own):
        yield Violation(
            NAME, f"name is {found.short_name!r}, and the tag says {environment!r}; one environment in both is needed"
        )


RULE = Rule(
    id="GP-GOV-008",
    slug="name-environment",
    title="A resource's name and its tag agree on the environment",
    severity="low",
    types=("*",),
    controls=("gov-name-environment",),
    rationale=(
        "A copied configuration with one line unchanged makes production under the name of a test; the next person deletes it as one."
    ),
    remediation="Use `Names` with the stack's environment, and the same for `tags`.",
    absent="Passes: what has no environment by its tag, or no word for one in its name, is not looked at.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="words",
            default=[
                ["dev", "development"],
                ["test", "tst", "qa", "uat"],
                ["staging", "stage", "stg", "preprod"],
                ["prod", "production", "prd"],
            ],
            description="Words for environments, in lower case: each list is one environment, in tags and in names.",
            schema={"type": "array", "items": {"type": "array", "items": {"type": "string", "pattern": "^[a-z0-9]+$"}}},
        ),
        PARAMETERS[0],
    ),
    check=check,
)


def _vault(name: object, environment: object, **more: object) -> dict[str, object]:
    return {"type": "Microsoft.KeyVault/vaults", "name": name, "tags": {"environment": environment}, **more}


_WORDS = (
    *("dev", "development", "test", "tst", "qa", "uat", "staging", "stage", "stg", "preprod"),
    *("prod", "production", "prd"),
)
_AS = {"dev": "development", "test": "tst", "qa": "uat", "staging": "stage", "stg": "preprod", "prod": "prd"}
GOOD: GoodCases = {
    "same": _vault("kv-vision-prod", "Production"),
    "no word": _vault("kv-vision-reproduction", "dev"),
    "both words": _vault("pe-prod_to_dev", "dev"),
    "no environment": _vault("kv-vision-dev", None),
    "environment that is none of them": _vault("kv-vision-dev", "shared"),
    "environment that is none of them, name decided later": _vault(UNKNOWN, "shared"),
    "words in a company's way": Good(_vault("kv-vision-dev", "prod"), given={"words": [["prod"]]}),
    "another tag": Good(_vault("kv-vision-dev", "prod"), given={"environmentTag": "stage"}),
    **{f"{word} is {tag}": _vault(f"kv-{word}", tag) for tag, word in _AS.items()},
    **{f"{tag} is {word}": _vault(f"kv-{tag}", word) for tag, word in _AS.items()},
}
BAD: BadCases = {
    "another": Bad(
        _vault("kv-vision-Dev", "Prod"),
        says="name is 'kv-vision-Dev', and the tag says 'prod'; one environment in both is needed",
    ),
    "of the group": Bad(
        [
            {"type": "Microsoft.KeyVault/vaults", "name": "kv.test"},
            {"type": "Microsoft.Resources/resourceGroups", "name": "rg-example", "tags": {"environment": "prod"}},
        ],
        says="name is 'kv.test', and the tag says 'prod'",
    ),
    **{
        f"name with {word}": Bad(_vault(f"kv-{word}", "prod" if word[0] == "d" else "dev"), says=f"name is 'kv-{word}'")
        for word in _WORDS
    },
    **{
        f"tag with {word}": Bad(_vault("kv-prod" if word[0] == "d" else "kv-dev", word), says=f"the tag says {word!r}")
        for word in _WORDS
    },
}
UNKNOWN_CASES: UnknownCases = {
    "environment decided later": _vault("kv-vision-dev", UNKNOWN),
    "name decided later": _vault(UNKNOWN, "prod"),
}
