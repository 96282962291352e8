# SPDX-License-Identifier: Apache-2.0
"""Overwritten blobs are kept as versions."""

from groundplan_policies.authoring import (
    UNKNOWN,
    Bad,
    BadCases,
    Found,
    GoodCases,
    Later,
    Resource,
    Rule,
    Stack,
    UnknownCases,
)
from groundplan_policies.subjects.storage_account import ACCOUNT, BLOBS

VERSIONS = "properties.isVersioningEnabled"


def check(service: Resource, stack: Stack) -> Found:
    """Accounts with a hierarchical namespace are left out: Azure has no versions there."""
    if service.equals(VERSIONS, True):
        return
    account = stack.parent(service)
    if account is None or not account.equals("properties.isHnsEnabled", True):
        yield service.wrong(VERSIONS, "true is needed")


RULE = Rule(
    id="GP-ST-015",
    slug="blob-versioning",
    title="Overwritten blobs are kept as versions",
    severity="low",
    types=(BLOBS,),
    controls=("st-versioning",),
    rationale=(
        "Soft delete brings back what was deleted, not what was overwritten. Versions do, and every one is paid for: where jobs write "
        "checkpoints over and over, leave them off or let a lifecycle rule remove them."
    ),
    remediation="Set `blob_versioning` of `Storage`, with a `lifecycle` rule for old versions.",
    absent="A violation: Azure keeps no versions. Accounts with a hierarchical namespace are not looked at.",
    needs_stack=True,
    check=check,
)

_LAKE = {"name": "st", "type": ACCOUNT, "properties": {"isHnsEnabled": True}}
_FLAT = {"name": "st", "type": ACCOUNT, "properties": {"isHnsEnabled": False}}

GOOD: GoodCases = {
    "kept": {"name": "st/default", "properties": {"isVersioningEnabled": True}},
    "a data lake": [{"name": "st/default", "properties": {"isVersioningEnabled": False}}, _LAKE],
    "a new data lake": [{"name": "default", "parent": Later("st")}, {**_LAKE, "new": True}],
}
BAD: BadCases = {
    "off": Bad(
        {"name": "st/default", "properties": {"isVersioningEnabled": False}},
        says="properties.isVersioningEnabled is false; true is needed",
    ),
    "not said": Bad(
        [{"name": "st/default", "properties": {}}, _FLAT],
        says="properties.isVersioningEnabled is absent; true is needed",
    ),
    "not said, all is new": Bad(
        [{"name": "default", "parent": Later("st")}, {**_FLAT, "new": True}],
        says="properties.isVersioningEnabled is absent; true is needed",
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": {"properties": {"isVersioningEnabled": UNKNOWN}},
    "namespace known later": [
        {"name": "st/default", "properties": {}},
        {"name": "st", "type": ACCOUNT, "properties": {"isHnsEnabled": UNKNOWN}},
    ],
}
