# SPDX-License-Identifier: Apache-2.0
"""Blob containers."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import conflict
from groundplan_emulator.arm.resource import ArmType, NameRule, Write
from groundplan_emulator.store import Resource
from groundplan_emulator.types.storage import endpoints

NAME = NameRule(
    r"\$(web|root|logs)|(?=.{3,63}$)[a-z0-9](-?[a-z0-9])*",
    "3 to 63 lower-case letters, digits and single hyphens, a letter or digit first and last",
)
BLOCKS = "\0blocks"
"""Ends the container of the rows that hold uncommitted blocks; no container's name can have it."""
UNLEASED = {"leaseStatus": "Unlocked", "leaseState": "Available"}


class Containers(ArmType):
    """Microsoft.Storage/storageAccounts/blobServices/containers: the same containers that the data plane serves.

    Differs from Azure:
    - a deleted container is gone at once and its name free, whatever the service's retention
    - legal holds, leases and immutability policies are settings only
    """

    type: ClassVar[str] = "Microsoft.Storage/storageAccounts/blobServices/containers"
    api_versions: ClassVar[tuple[str, ...]] = endpoints.API_VERSIONS
    name_rule: ClassVar[NameRule | None] = NAME

    def check(self, write: Write) -> None:
        """Anonymous access needs the account's consent."""
        access = write.properties.get("publicAccess")
        if access not in (None, "None") and not _account(write.ctx, write.id).properties.get("allowBlobPublicAccess"):
            raise conflict(
                "PublicAccessNotPermitted",
                "Public access is not permitted on this storage account.",
                target="properties.publicAccess",
            )

    def fill(self, write: Write) -> None:
        """Defaults of a new container."""
        write.properties["lastModifiedTime"] = write.ctx.clock.stamp()
        for name, value in defaults().items():
            write.properties.setdefault(name, write.old_properties.get(name, value))

    def deleted(self, ctx: Context, resource: Resource) -> None:
        """Its blobs go with it."""
        account = ResourceId.parse(resource.id).names[0].lower()
        containers = (resource.name.lower(), resource.name.lower() + BLOCKS)
        for container in containers:
            ctx.store.database.execute("DELETE FROM blobs WHERE account = ? AND container = ?", (account, container))


def defaults() -> dict[str, Any]:
    """What a container has when nothing is said."""
    return {
        "publicAccess": "None",
        **UNLEASED,
        "defaultEncryptionScope": "$account-encryption-key",
        "denyEncryptionScopeOverride": False,
        "hasImmutabilityPolicy": False,
        "hasLegalHold": False,
        "deleted": False,
        "remainingRetentionDays": 0,
    }


def _account(ctx: Context, id_: ResourceId) -> Resource:
    return ctx.linked("account", id_.id.rsplit("/", 4)[0])
