# SPDX-License-Identifier: Apache-2.0
"""Deleted file shares can be brought back for a while."""

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
)
from groundplan_policies.subjects.storage_account import retention_problems


def check(service: Resource, given: Mapping[str, Any]) -> Found:
    """Whole shares: a single file that is deleted is not kept."""
    yield from retention_problems(service.view("properties.shareDeleteRetentionPolicy"), given["minimumDays"])


RULE = Rule(
    id="GP-ST-014",
    slug="file-share-soft-delete",
    title="Deleted file shares can be brought back for a while",
    severity="medium",
    types=("Microsoft.Storage/storageAccounts/fileServices",),
    controls=("st-file-soft-delete",),
    rationale="All notebooks of a workspace lie in one share. Deleted with the wrong stack, it is gone unless the service keeps it.",
    remediation="Use `file_shares` of `Storage`, which keeps deleted ones for `delete_retention_days`.",
    absent="A violation: whether Azure keeps anything depends on when and how the account was made.",
    parameters=(
        Parameter(
            name="minimumDays",
            default=7,
            description="The fewest days that a deleted share has to be kept; Azure takes 1 to 365.",
            schema={"type": "integer", "minimum": 1, "maximum": 365},
        ),
    ),
    check=check,
)


def _service(**policy: object) -> dict[str, object]:
    return {"properties": {"shareDeleteRetentionPolicy": policy}}


GOOD: GoodCases = {
    "just long enough": _service(enabled=True, days=7),
    "fewer were agreed": Good(_service(enabled=True, days=1), given={"minimumDays": 1}),
}
BAD: BadCases = {
    "off": Bad(
        _service(enabled=False, days=7),
        says="properties.shareDeleteRetentionPolicy.enabled is false; true is needed",
    ),
    "not said": Bad({"properties": {}}, says="properties.shareDeleteRetentionPolicy.enabled is absent; true is needed"),
    "too short": Bad(
        _service(enabled=True, days=6),
        says="properties.shareDeleteRetentionPolicy.days is 6; at least 7 days are needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "switch known later": _service(enabled=UNKNOWN),
    "days known later": _service(enabled=True, days=UNKNOWN),
}
