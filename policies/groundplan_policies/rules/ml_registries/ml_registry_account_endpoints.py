# SPDX-License-Identifier: Apache-2.0
"""What Azure makes for a closed registry has private endpoints, too.

Azure names the accounts, so a program passes on the ids that the registry gives: an endpoint counts for a new registry if its target came
out of it. Once the ids are known, each account has to have its own.
"""

from collections.abc import Iterator
from functools import partial

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
    View,
    Violation,
)
from groundplan_policies.decisions import any_of
from groundplan_policies.subjects.ml_registries import REGISTRY, container_registries, storage_accounts
from groundplan_policies.subjects.private_endpoints import ENDPOINT, endpoints_of
from groundplan_policies.subjects.zone_records import leads_to

CONNECTIONS, ID = "properties.privateLinkServiceConnections", "armResourceId.resourceId"


def check(registry: Resource, stack: Stack) -> Found:
    """An open registry's accounts are reached over the internet, as it is itself."""
    if not registry.equals("properties.publicNetworkAccess", "Disabled"):
        return
    for group, accounts in (("blob", storage_accounts(registry)), ("registry", container_registries(registry))):
        if not any_of(*(partial(_comes_from, registry, each, group) for each in stack.of(ENDPOINT))):
            yield from _without(list(accounts), stack, group)


def _comes_from(registry: Resource, endpoint: Resource, group: str) -> bool:
    """Whether an endpoint with a group leads to something that came out of a registry."""
    return registry.key in endpoint.sources_of(CONNECTIONS) and leads_to(endpoint, group)


def _without(accounts: list[View], stack: Stack, group: str) -> Iterator[Violation]:
    needed = f"a private endpoint with the group {group!r} is needed"
    known = [account for account in accounts if account.has(ID)]
    for account in known:
        itself = Resource(None, id=account.text(ID))
        if not any(endpoints_of(itself, stack, group)):
            yield account.wrong(ID, needed)
    if not known:
        yield Violation("", f"no endpoint of the stack leads to what Azure makes for it; {needed}")


RULE = Rule(
    id="GP-MLR-011",
    slug="ml-registry-account-endpoints",
    title="What Azure makes for a closed registry of machine learning assets has private endpoints",
    severity="low",
    types=(REGISTRY,),
    controls=("aml-registry-account-endpoints",),
    rationale=(
        "Models and images go straight to the accounts in the managed resource group, past the registry's own endpoint: from a "
        "closed network they can not be reached, or the accounts stay open to the internet."
    ),
    remediation="Make a `PrivateLink` for each of `storage_account_ids` (`blob`) and `container_registry_ids` (`registry`).",
    absent="A violation for a closed registry; an open one is not looked at.",
    unknown="Decided by what the program passes to the endpoints, where the ids are not known yet.",
    needs_stack=True,
    check=check,
)

_ST, _CR = (f"/subscriptions/1/resourceGroups/azureml-rg-x/providers/{each}" for each in ("M.S/accounts/s", "M.C/r/c"))


def _registry(st: object = None, cr: object = None, access: object = "disabled", **more: object) -> dict[str, object]:
    region = {
        "storageAccountDetails": [{"systemCreatedStorageAccount": {"armResourceId": {"resourceId": st}}}],
        "acrDetails": [{"systemCreatedAcrAccount": {"armResourceId": {"resourceId": cr}}}],
    }
    return {"name": "mlr", "properties": {"publicNetworkAccess": access, "regionDetails": [region]}, **more}


def _endpoint(target: object, group: str) -> dict[str, object]:
    connections = [{"properties": {"privateLinkServiceId": target, "groupIds": [group]}}]
    return {"type": ENDPOINT, "name": group, "properties": {"privateLinkServiceConnections": connections}}


_NEW = [_registry(new=True), _endpoint(Later("mlr"), "blob"), _endpoint(Later("mlr"), "registry")]
_AT = (
    "properties.regionDetails[0].{}.armResourceId.resourceId is '{}'; a private endpoint with the group '{}' is needed"
)
_NONE = "no endpoint of the stack leads to what Azure makes for it; a private endpoint with the group '{}' is needed"
GOOD: GoodCases = {
    "all are new": _NEW,
    "the ids are known": [_registry(_ST, _CR), _endpoint(_ST, "blob"), _endpoint(_CR.upper(), "registry")],
    "an open registry": _registry(access="Enabled"),
}
BAD: BadCases = {
    "none": Bad(_registry(), says=_NONE.format("blob")),
    "none for images": Bad(_NEW[:2], says=_NONE.format("registry")),
    "none for data": Bad([_NEW[0], _NEW[2]], says=_NONE.format("blob")),
    "an endpoint to something else": Bad([_NEW[0], _endpoint(UNKNOWN, "blob"), _NEW[2]], says=_NONE.format("blob")),
    "an account without one": Bad(
        [_registry(_ST, _CR), _endpoint(_CR, "registry")],
        says=_AT.format("storageAccountDetails[0].systemCreatedStorageAccount", _ST, "blob"),
    ),
    "images without one": Bad(
        [_registry(_ST, _CR), _endpoint(_ST, "blob"), _endpoint(_CR, "other")],
        says=_AT.format("acrDetails[0].systemCreatedAcrAccount", _CR, "registry"),
    ),
}
UNKNOWN_CASES: UnknownCases = {
    "whether it is closed is decided later": _registry(access=UNKNOWN),
    "an id is not known": _registry(UNKNOWN, _CR),
}
