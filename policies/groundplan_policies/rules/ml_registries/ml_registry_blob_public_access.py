# SPDX-License-Identifier: Apache-2.0
"""The storage accounts of a registry have no public containers."""

from groundplan_policies.authoring import UNKNOWN, Bad, BadCases, Found, GoodCases, Resource, Rule, UnknownCases, View
from groundplan_policies.decisions import each_of
from groundplan_policies.subjects.ml_registries import REGISTRY, storage_accounts


def check(registry: Resource) -> Found:
    """Every region by itself."""
    yield from each_of(storage_accounts(registry), _of_account)


def _of_account(account: View) -> Found:
    if account.equals("allowBlobPublicAccess", True):
        yield account.wrong("allowBlobPublicAccess", "false is needed")


RULE = Rule(
    id="GP-MLR-005",
    slug="ml-registry-blob-public-access",
    title="The storage accounts of a registry of machine learning assets have no public containers",
    severity="high",
    types=(REGISTRY,),
    controls=("aml-registry-blob-public-access",),
    rationale="Whoever may change a container could hand every model in it to anybody who knows its address.",
    remediation="Leave `blob_public_access` of `RegistryRegion` at False.",
    absent="Passes: nobody asked for public containers. `RegistryRegion` says so in words.",
    check=check,
)


def _registry(*allowed: object) -> dict[str, object]:
    accounts = [{"systemCreatedStorageAccount": {"allowBlobPublicAccess": each}} for each in allowed]
    return {"properties": {"regionDetails": [{"location": "westeurope", "storageAccountDetails": accounts}]}}


_AT = "properties.regionDetails[0].storageAccountDetails[{}].systemCreatedStorageAccount.allowBlobPublicAccess"
GOOD: GoodCases = {
    "none": _registry(False),
    "not said": _registry(None),
    "no regions": {"properties": {}},
}
BAD: BadCases = {
    "public": Bad(_registry(True), says=f"{_AT.format(0)} is true; false is needed"),
    "beside one that is not known": Bad(_registry(UNKNOWN, True), says=f"{_AT.format(1)} is true; false is needed"),
}
UNKNOWN_CASES: UnknownCases = {
    "decided later": _registry(UNKNOWN),
    "the regions are decided later": {"properties": {"regionDetails": UNKNOWN}},
}
