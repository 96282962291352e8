# SPDX-License-Identifier: Apache-2.0
"""A storage account is of a SKU that was agreed."""

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
    """Nothing to say as long as nobody agreed on a list."""
    allowed: list[str] = given["allowed"]
    if allowed and not account.equals(SKU, *allowed):
        yield account.wrong(SKU, f"one of {', '.join(allowed)} is needed")


RULE = Rule(
    id="GP-ST-017",
    slug="storage-skus",
    title="A storage account is of a SKU that was agreed",
    severity="low",
    types=("Microsoft.Storage/storageAccounts",),
    controls=("st-sku-allow",),
    rationale="The SKU makes most of the price: premium accounts, and copies in another region, cost a multiple of the plain ones.",
    remediation="Choose a `redundancy` of `Storage` that is on the list, or add yours to `allowed` in the configuration of the pack.",
    absent="A violation once there is a list: Azure demands a SKU.",
    parameters=(
        Parameter(
            name="allowed",
            default=[],
            description="Names of SKUs that are allowed, such as 'Standard_ZRS'; all of them where the list is empty.",
            schema={"type": "array", "items": {"type": "string", "minLength": 1}},
        ),
    ),
    check=check,
)

_LIST = {"allowed": ["Standard_ZRS", "Standard_GZRS"]}

GOOD: GoodCases = {
    "nothing was agreed": {"sku": {"name": "Premium_LRS"}},
    "nothing was agreed, and it is known later": {"sku": {"name": UNKNOWN}},
    "on the list": Good({"sku": {"name": "standard_gzrs"}}, given=_LIST),
}
BAD: BadCases = {
    "another": Bad(
        {"sku": {"name": "Premium_LRS"}},
        says="sku.name is 'Premium_LRS'; one of Standard_ZRS, Standard_GZRS is needed",
        given=_LIST,
    ),
    "not said": Bad({}, says="sku.name is absent; one of Standard_ZRS, Standard_GZRS is needed", given=_LIST),
}
UNKNOWN_CASES: UnknownCases = {"decided later": Good({"sku": {"name": UNKNOWN}}, given=_LIST)}
