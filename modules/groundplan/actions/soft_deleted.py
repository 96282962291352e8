# SPDX-License-Identifier: Apache-2.0
"""Names that Azure keeps after a delete: which are kept, and how each service purges them.

Facts: Key Vault's "Vaults - List Deleted" and "Purge Deleted", Cognitive Services' "Deleted Accounts - List" and "Purge", Machine
Learning's `forceToPurge` ("Workspaces - Delete"). Machine Learning publishes no way to see a deleted workspace, and purges one that
is deleted already at the address of the live one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from groundplan.actions.arm import Arm
from groundplan.errors import ActionError

Kind = Literal["workspace", "key_vault", "cognitive_account"]


@dataclass(frozen=True, slots=True)
class Service:
    """`type` is the ARM type, `kept` the collection of a subscription's deleted ones, empty where nothing shows them."""

    noun: str
    type: str
    version: str
    kept: str = ""


SERVICES: Final[Mapping[str, Service]] = {
    "workspace": Service("workspace", "Microsoft.MachineLearningServices/workspaces", "2024-10-01"),
    "key_vault": Service(
        "key vault", "Microsoft.KeyVault/vaults", "2023-07-01", kept="Microsoft.KeyVault/deletedVaults"
    ),
    "cognitive_account": Service(
        "AI services",
        "Microsoft.CognitiveServices/accounts",
        "2024-10-01",
        kept="Microsoft.CognitiveServices/deletedAccounts",
    ),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource is, was or will be."""

    kind: Kind
    subscription: str
    group: str
    name: str

    @property
    def service(self) -> Service:
        """The service that keeps it."""
        return SERVICES[self.kind]

    @property
    def id(self) -> str:
        """ARM id."""
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}/providers/{self.service.type}/{self.name}"
        )

    @classmethod
    def parse(cls, kind: Kind, resource_id: str) -> Place:
        """The place of an ARM id."""
        parts = resource_id.split("/")
        return cls(kind, parts[2], parts[4], parts[-1])


@dataclass(frozen=True, slots=True)
class Kept:
    """A deleted resource. `until` is a time (ISO 8601), empty where Azure does not say."""

    id: str
    until: str
    protected: bool


def find(arm: Arm, place: Place) -> Kept | None:
    """The deleted resource that holds a name; None where there is none, or none can be seen."""
    service = place.service
    if not service.kept:
        return None
    for each in arm.items(f"/subscriptions/{place.subscription}/providers/{service.kept}", service.version):
        found: dict[str, Any] = each.get("properties") or {}
        if str(each.get("name", "")).lower() == place.name.lower() and _in_group(place, str(each["id"])):
            until = str(found.get("scheduledPurgeDate") or "")
            return Kept(str(each["id"]), until, bool(found.get("purgeProtectionEnabled")))
    return None


def _in_group(place: Place, kept_id: str) -> bool:
    """A vault's name is taken everywhere; that of an account in its resource group."""
    return "/resourcegroups/" not in kept_id.lower() or f"/resourcegroups/{place.group.lower()}/" in kept_id.lower()


def purge(arm: Arm, place: Place) -> None:
    """Destroy for good what is deleted under a name; a live resource stays. Raises `ActionError` where Azure protects it."""
    service = place.service
    if arm.get(place.id, service.version) is not None:
        return
    if not service.kept:
        arm.delete(place.id, service.version, {"forceToPurge": "true"})
        return
    kept = find(arm, place)
    if kept is None:
        return
    if kept.protected:
        raise ActionError(
            f"{service.noun}: {place.name!r} is deleted and cannot be purged before {kept.until}: it has purge protection; "
            'recover it with soft_delete=SoftDelete(on_create="recover"), or choose another name'
        )
    if place.kind == "key_vault":
        arm.post(f"{kept.id}/purge", service.version)
    else:
        arm.delete(kept.id, service.version)


def refuse(arm: Arm, place: Place) -> None:
    """Raise `ActionError` with the ways out where a deleted resource holds the name."""
    kept = find(arm, place)
    if kept is None:
        return
    until = f" until {kept.until}" if kept.until else ""
    purging = "" if kept.protected else 'destroy it for good with on_create="purge", '
    raise ActionError(
        f"{place.service.noun}: a deleted {place.name!r} holds the name{until} ({kept.id}); "
        f'bring it back with soft_delete=SoftDelete(on_create="recover"), {purging}or choose another name'
    )
