# SPDX-License-Identifier: Apache-2.0
"""Tags have values that are agreed."""

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
    View,
    same,
)
from groundplan_policies.decisions import each_of


def check(found: Resource, given: Mapping[str, Any]) -> Found:
    """Tags that a resource has; whether it needs them is for GP-GOV-003."""

    def look(tag: tuple[str, View]) -> Found:
        name, value = tag
        for key, pattern in given["patterns"].items():
            if same(key, name) and value.given("") and not re.fullmatch(pattern, value.text()):
                yield value.wrong("", f"a value that fits {pattern} is needed")

    yield from each_of(found.entries("tags"), look)


RULE = Rule(
    id="GP-GOV-004",
    slug="tag-values",
    title="Tags have values that are agreed",
    severity="low",
    types=("*",),
    controls=("gov-tag-values",),
    rationale=(
        "`prod`, `Production` and `prd` are three lines in every report. A slip in the environment's name takes a resource out of all "
        "rules about production."
    ),
    remediation="Write the value as agreed, or change `patterns` of this rule.",
    absent="Passes: only tags that are there have values.",
    parameters=(
        Parameter(
            name="patterns",
            default={
                "environment": (
                    "(?i)(dev|development|sandbox|lab|demo|test|qa|uat|staging|stage|preprod|prod|production|dr|shared|hub)"
                )
            },
            description="Regular expressions of whole values, by tag; `(?i)` at their start ignores letter case.",
            schema={"type": "object", "additionalProperties": {"type": "string", "format": "regex"}},
        ),
    ),
    check=check,
)

_CENTER = {"patterns": {"cost.center": "[0-9]{4}"}}


def _tags(**tags: object) -> dict[str, object]:
    return {"tags": tags}


GOOD: GoodCases = {
    **{
        each: _tags(Environment=each)
        for each in (
            *("dev", "development", "sandbox", "lab", "demo", "test", "qa", "uat", "staging"),
            *("stage", "preprod", "prod", "Production", "dr", "shared", "hub"),
        )
    },
    "not there": _tags(owner="anybody"),
    "empty": _tags(environment=""),
    "no tags": {"location": "westeurope"},
    "another tag decided later": _tags(environment="dev", owner=UNKNOWN),
    "a number": Good({"tags": {"Cost.Center": "1234"}}, given=_CENTER),
}
BAD: BadCases = {
    "slip": Bad(
        _tags(environment="prodution"),
        says=(
            "tags.environment is 'prodution'; a value that fits "
            "(?i)(dev|development|sandbox|lab|demo|test|qa|uat|staging|stage|preprod|prod|production|dr|shared|hub) is needed"
        ),
    ),
    "more than a value": Bad(_tags(environment="prod-eu"), says="tags.environment is 'prod-eu'"),
    "no number": Bad(
        {"tags": {"cost.center": "12345"}},
        says="tags.cost.center is '12345'; a value that fits [0-9]{4} is needed",
        given=_CENTER,
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "value decided later": _tags(environment=UNKNOWN),
    "tags decided later": {"tags": UNKNOWN},
}
