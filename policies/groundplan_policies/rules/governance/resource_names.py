# SPDX-License-Identifier: Apache-2.0
"""Resources are named as agreed."""

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
    UnknownCases,
    Violation,
    same,
)
from groundplan_policies.subjects.known_name import NAME, known_name


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """The last part of the name, without those of parents."""
    for type_, pattern in given["patterns"].items():
        if same(type_, found.type) and not re.fullmatch(pattern, known_name(found)):
            yield Violation(NAME, f"name is {found.short_name!r}; a name that fits {pattern} is needed")


RULE = Rule(
    id="GP-GOV-007",
    slug="resource-names",
    title="Resources are named as agreed",
    severity="low",
    types=("*",),
    controls=("gov-names",),
    rationale="A name that says what, whose and which environment is what people have at three in the morning, when tags are far away.",
    remediation="Use `Names`, or give the component a name that fits.",
    absent="Passes: Azure refuses a resource without a name.",
    parameters=(
        Parameter(
            name="patterns",
            default={},
            description="Regular expressions of whole names by ARM type, such as `kv-[a-z0-9-]+` for `Microsoft.KeyVault/vaults`.",
            schema={"type": "object", "additionalProperties": {"type": "string", "format": "regex"}},
        ),
    ),
    check=check,
)

_AGREED = {"patterns": {"Microsoft.KeyVault/vaults": "kv-[a-z0-9-]+", "Microsoft.KeyVault/vaults/secrets": "[a-z-]+"}}


def _vault(name: object, **more: object) -> dict[str, object]:
    return {"type": "Microsoft.KeyVault/vaults", "name": name, **more}


GOOD: GoodCases = {
    "nothing is agreed": _vault("vault"),
    "nothing is agreed, decided later": _vault(UNKNOWN),
    "as agreed": Good(_vault("kv-vision-dev"), given=_AGREED),
    "child": Good({"type": "microsoft.keyvault/vaults/secrets", "name": "KV/token"}, given=_AGREED),
    "another type": Good({"name": "Group"}, given=_AGREED),
}
BAD: BadCases = {
    "otherwise": Bad(
        _vault("vision-kv-dev"), says="name is 'vision-kv-dev'; a name that fits kv-[a-z0-9-]+ is needed", given=_AGREED
    ),
    "more than that": Bad(_vault("kv-vision_dev"), says="name is 'kv-vision_dev'; a name", given=_AGREED),
    "child": Bad(
        {"type": "Microsoft.KeyVault/vaults/secrets", "name": "kv/Token"},
        says="name is 'Token'; a name that fits [a-z-]+ is needed",
        given=_AGREED,
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": Good(_vault(UNKNOWN), given=_AGREED)}
