# SPDX-License-Identifier: Apache-2.0
"""A content filter blocks the harms that it is there for."""

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


def check(policy: Resource, given: Mapping[str, Any]) -> Found:
    """A filter that is left out is that of the base policy, which blocks."""
    wanted = given["categories"]
    yield from each_of(policy.items("properties.contentFilters"), lambda each: _look(each, wanted))


def _look(content_filter: View, wanted: list[str]) -> Found:
    if not content_filter.equals("name", *wanted):
        return
    for switch in ("enabled", "blocking"):
        if content_filter.equals(switch, False):
            yield content_filter.wrong(switch, f"true is needed for {content_filter.text('name')}")


RULE = Rule(
    id="GP-AI-011",
    slug="ai-content-filter",
    title="A content filter blocks the harms that it is there for",
    severity="medium",
    types=("Microsoft.CognitiveServices/accounts/raiPolicies",),
    controls=("cog-content-filter",),
    rationale=(
        "A filter that only reports lets through what it finds: to users that harms them, and to models instructions that were "
        "smuggled into their input."
    ),
    remediation="Set `blocking` and `enabled` of the content filter to true; `severityThreshold` is the milder screw.",
    absent="Passes: a filter that is not given comes from the base policy, and only a switch that is off lets harm through.",
    parameters=(
        Parameter(
            name="categories",
            default=["Hate", "Sexual", "Violence", "Selfharm", "Jailbreak"],
            description="Filters that have to block; `Profanity`, `Indirect Attack` and `Protected Material Text` are others.",
            schema={"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
        ),
    ),
    check=check,
)


def _policy(*filters: object) -> dict[str, object]:
    return {"properties": {"basePolicyName": "Microsoft.Default", "contentFilters": [*filters]}}


GOOD: GoodCases = {
    "none of its own": {"properties": {"basePolicyName": "Microsoft.Default"}},
    "blocks": _policy({"name": "Hate", "enabled": True, "blocking": True, "source": "Prompt"}),
    "switches left out": _policy({"name": "Hate", "severityThreshold": "High"}),
    "not one of the harms": _policy({"name": "Profanity", "enabled": False, "blocking": False}),
    "reports by agreement": Good(_policy({"name": "Hate", "blocking": False}), given={"categories": ["Violence"]}),
}
BAD: BadCases = {
    "reports only": Bad(
        _policy({"name": "violence", "enabled": True, "blocking": False}),
        says="properties.contentFilters[0].blocking is false; true is needed for violence",
    ),
    "off": Bad(
        _policy({"name": UNKNOWN}, {"name": "Jailbreak", "enabled": False}),
        says="properties.contentFilters[1].enabled is false; true is needed for Jailbreak",
    ),
    "hate": Bad(_policy({"name": "Hate", "blocking": False}), says="true is needed for Hate"),
    "sexual": Bad(_policy({"name": "Sexual", "blocking": False}), says="true is needed for Sexual"),
    "self-harm": Bad(_policy({"name": "SelfHarm", "blocking": False}), says="true is needed for SelfHarm"),
    "by agreement": Bad(
        _policy({"name": "Profanity", "blocking": False}),
        says="true is needed for Profanity",
        given={"categories": ["Profanity"]},
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _policy({"name": "Hate", "blocking": UNKNOWN}),
    "filters made later": {"properties": {"contentFilters": UNKNOWN}},
}
