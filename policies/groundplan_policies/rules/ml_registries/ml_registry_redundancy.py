# SPDX-License-Identifier: Apache-2.0
"""A registry keeps copies of its assets in more than one place."""

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
from groundplan_policies.subjects.ml_registries import REGISTRY, storage_accounts

TYPE = "storageAccountType"


def check(registry: Resource, given: Mapping[str, Any]) -> Found:
    """Every region by itself."""

    def of_account(account: View) -> Found:
        if not account.equals(TYPE, *given["types"]):
            yield account.wrong(TYPE, f"one of {', '.join(given['types'])} is needed")

    yield from each_of(storage_accounts(registry), of_account)


RULE = Rule(
    id="GP-MLR-007",
    slug="ml-registry-redundancy",
    title="A registry of machine learning assets keeps copies of them in more than one building",
    severity="low",
    types=(REGISTRY,),
    controls=("aml-registry-redundancy",),
    rationale=(
        "Models that are deployed come out of the registry. With all copies in one building a fire there takes them, and with them "
        "the way to roll out or roll back anything."
    ),
    remediation="Leave `redundancy` of `RegistryRegion` at `Standard_ZRS`, or name one that copies to another region.",
    absent="A violation for an account that Azure is to make; a registry without regions passes.",
    parameters=(
        Parameter(
            name="types",
            default=[
                "Standard_ZRS",
                "Standard_GRS",
                "Standard_RAGRS",
                "Standard_GZRS",
                "Standard_RAGZRS",
                "Premium_ZRS",
            ],
            description="The kinds of storage accounts that are allowed.",
            schema={"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True},
        ),
    ),
    check=check,
)


def _registry(*types: object) -> dict[str, object]:
    accounts = [{"systemCreatedStorageAccount": {"storageAccountType": each}} for each in types]
    return {"properties": {"regionDetails": [{"location": "westeurope", "storageAccountDetails": accounts}]}}


_AT = "properties.regionDetails[0].storageAccountDetails[{}].systemCreatedStorageAccount.storageAccountType"
_NEEDED = "one of Standard_ZRS, Standard_GRS, Standard_RAGRS, Standard_GZRS, Standard_RAGZRS, Premium_ZRS is needed"
GOOD: GoodCases = {
    "all that are allowed": _registry(
        "standard_zrs", "Standard_GRS", "Standard_RAGRS", "Standard_GZRS", "Standard_RAGZRS", "Premium_ZRS"
    ),
    "agreed": Good(_registry("Standard_LRS"), given={"types": ["Standard_LRS"]}),
    "no regions": {"properties": {}},
}
BAD: BadCases = {
    "one building": Bad(_registry("Standard_LRS"), says=f"{_AT.format(0)} is 'Standard_LRS'; {_NEEDED}"),
    "not said": Bad(_registry(None), says=f"{_AT.format(0)} is absent; {_NEEDED}"),
    "beside one that is not known": Bad(_registry(UNKNOWN, "Premium_LRS"), says=f"{_AT.format(1)} is 'Premium_LRS'"),
}
UNKNOWN_CASES: UnknownCases = {"decided later": _registry(UNKNOWN)}
