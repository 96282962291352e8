# SPDX-License-Identifier: Apache-2.0
"""Deleted blobs and containers can be brought back for a while."""

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
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.storage_account import ACCOUNT, BLOBS, holds_blobs, retention_problems

POLICIES = ("properties.deleteRetentionPolicy", "properties.containerDeleteRetentionPolicy")


def check(found: Resource, stack: Stack, given: Mapping[str, Any]) -> Found:
    """The blob service where the stack has one; an account without one is left with Azure's default, which keeps nothing."""
    if found.is_a(BLOBS):
        policies = [found.view(path) for path in POLICIES]
        yield from each_of(policies, lambda policy: retention_problems(policy, given["minimumDays"]))
    elif not stack.children(found, BLOBS) and holds_blobs(found):
        yield Violation(
            "", "no blob service of the stack says how long deleted blobs are kept; one that does is needed"
        )


RULE = Rule(
    id="GP-ST-013",
    slug="blob-soft-delete",
    title="Deleted blobs and containers can be brought back for a while",
    severity="medium",
    types=(BLOBS, ACCOUNT),
    controls=("st-soft-delete",),
    rationale=(
        "One wrong path in a clean-up job deletes the data of months. Soft delete gives it back with one call, and an attacker who deletes "
        "before asking for a ransom has to wait."
    ),
    remediation="Use `Storage`, which keeps both for `delete_retention_days`.",
    absent="A violation, of an account whose blob service nobody declares too: Azure keeps nothing that is deleted.",
    needs_stack=True,
    parameters=(
        Parameter(
            name="minimumDays",
            default=7,
            description="The fewest days that what is deleted has to be kept; Azure takes 1 to 365.",
            schema={"type": "integer", "minimum": 1, "maximum": 365},
        ),
    ),
    check=check,
)


def _service(blobs: object, containers: object) -> dict[str, object]:
    return {"properties": {"deleteRetentionPolicy": blobs, "containerDeleteRetentionPolicy": containers}}


_WEEK = {"enabled": True, "days": 7}
_NONE = "no blob service of the stack says how long deleted blobs are kept; one that does is needed"
_ST = {"name": "st", "type": ACCOUNT, "kind": "StorageV2"}

GOOD: GoodCases = {
    "just long enough": _service(_WEEK, _WEEK),
    "more were agreed": Good(
        _service({"enabled": True, "days": 30}, {"enabled": True, "days": 31}), given={"minimumDays": 30}
    ),
    "an account with a blob service": [_ST, {"name": "st/default", **_service(_WEEK, _WEEK)}],
    "a new account with a blob service": [
        {**_ST, "new": True},
        {"name": "default", "parent": Later("st"), **_service(_WEEK, _WEEK)},
    ],
    "an account for file shares": {"name": "st", "type": ACCOUNT, "kind": "FileStorage"},
}
BAD: BadCases = {
    "blobs are gone": Bad(
        _service({"enabled": False}, _WEEK), says="properties.deleteRetentionPolicy.enabled is false; true is needed"
    ),
    "containers are gone": Bad(
        _service(_WEEK, None), says="properties.containerDeleteRetentionPolicy.enabled is absent; true is needed"
    ),
    "too short": Bad(
        _service({"enabled": True, "days": 6}, _WEEK),
        says="properties.deleteRetentionPolicy.days is 6; at least 7 days are needed",
    ),
    "days are not said": Bad(
        _service(_WEEK, {"enabled": True}),
        says="properties.containerDeleteRetentionPolicy.days is absent; at least 7 days are needed",
    ),
    "the other is known later": Bad(
        _service(UNKNOWN, {"enabled": True, "days": 1}),
        says="properties.containerDeleteRetentionPolicy.days is 1; at least 7 days are needed",
    ),
    "an account without a blob service": Bad(_ST, says=_NONE),
    "a new account without one of its own": Bad(
        [
            {**_ST, "new": True},
            {"name": "other", "type": ACCOUNT, "new": True},
            {"name": "default", "type": BLOBS, "parent": Later("other")},
        ],
        says=_NONE,
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _service(UNKNOWN, _WEEK),
    "kind known later": {"name": "st", "type": ACCOUNT, "kind": UNKNOWN},
}
