# SPDX-License-Identifier: Apache-2.0
"""A storage account survives the loss of a data centre."""

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

SKU = "sku.name"


def check(account: Resource, given: Mapping[str, Any]) -> Found:
    """Azure says where copies are kept at the end of the SKU's name: `Standard_LRS`, `Premium_ZRS`."""
    allowed: list[str] = given["allowed"]
    if account.text(SKU).upper().rpartition("_")[2] not in allowed:
        yield account.wrong(SKU, f"copies of one of these kinds are needed: {', '.join(allowed)}")


RULE = Rule(
    id="GP-ST-016",
    slug="storage-replication",
    title="A storage account keeps copies outside of its data centre",
    severity="low",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-replication",),
    rationale=(
        "Three copies in one building burn together. Copies in other zones cost about a quarter more and change nothing for callers; "
        "copies in another region also survive a region, and are copies of whatever was deleted, too."
    ),
    remediation=(
        "Leave `redundancy` of `Storage` at 'Standard_ZRS', or choose one with a G; add 'LRS' to `allowed` in the pack's configuration "
        "for data that can be made again, and in regions without zones."
    ),
    absent="A violation: Azure demands a SKU.",
    parameters=(
        Parameter(
            name="allowed",
            default=["ZRS", "GRS", "RAGRS", "GZRS", "RAGZRS"],
            description="Kinds of copies that are allowed, as SKUs end.",
            schema={
                "type": "array",
                "minItems": 1,
                "items": {"enum": ["LRS", "ZRS", "GRS", "RAGRS", "GZRS", "RAGZRS"]},
            },
        ),
    ),
    check=check,
)

_LRS = {"sku": {"name": "Standard_LRS"}}

GOOD: GoodCases = {
    "other zones": {"sku": {"name": "Standard_ZRS"}},
    "other zones, fast": {"sku": {"name": "premium_zrs"}},
    "another region": {"sku": {"name": "Standard_GRS"}},
    "another region, readable": {"sku": {"name": "Standard_RAGRS"}},
    "zones and another region": {"sku": {"name": "Standard_GZRS"}},
    "zones and another region, readable": {"sku": {"name": "Standard_RAGZRS"}},
    "less was agreed": Good(_LRS, given={"allowed": ["LRS"]}),
}
BAD: BadCases = {
    "one building": Bad(
        _LRS,
        says="sku.name is 'Standard_LRS'; copies of one of these kinds are needed: ZRS, GRS, RAGRS, GZRS, RAGZRS",
    ),
    "one building, fast": Bad(
        {"sku": {"name": "PremiumV2_LRS"}},
        says="sku.name is 'PremiumV2_LRS'; copies of one of these kinds are needed: ZRS, GRS, RAGRS, GZRS, RAGZRS",
    ),
    "not said": Bad(
        {"kind": "StorageV2"}, says="sku.name is absent; copies of one of these kinds are needed: ZRS, GRS, RAGRS"
    ),
    "more was agreed": Bad(
        {"sku": {"name": "Standard_ZRS"}},
        says="sku.name is 'Standard_ZRS'; copies of one of these kinds are needed: GZRS, RAGZRS",
        given={"allowed": ["GZRS", "RAGZRS"]},
    ),
}
UNKNOWN_CASES: UnknownCases = {"decided later": {"sku": {"name": UNKNOWN}}}
