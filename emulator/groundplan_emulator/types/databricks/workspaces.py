# SPDX-License-Identifier: Apache-2.0
"""Databricks workspaces."""

from __future__ import annotations

import uuid
from typing import ClassVar

from groundplan_emulator.arm.errors import bad_request
from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget


class Workspaces(PrivateLinkTarget):
    """Microsoft.Databricks/workspaces: a number and a host of its own; the managed resource group is Azure's to make.

    Differs from Azure:
    - the managed resource group is not made, and what a workspace puts into it neither
    - the host is Azure's public name and answers nothing here
    """

    type: ClassVar[str] = "Microsoft.Databricks/workspaces"
    seconds: ClassVar[Seconds] = Seconds(create=60)
    immutable: ClassVar[tuple[str, ...]] = ("properties.managedResourceGroupId",)

    def check(self, write: Write) -> None:
        """The managed group is another one than the workspace's."""
        managed = str(write.properties.get("managedResourceGroupId") or "")
        if managed.lower() == write.id.id.lower().partition("/providers/")[0]:
            raise bad_request(
                "ApplicationManagedResourceGroupInvalid",
                "The managed resource group of a workspace cannot be the workspace's own resource group.",
                target="properties.managedResourceGroupId",
            )

    def fill(self, write: Write) -> None:
        """Id and URL: they stay with the workspace."""
        if write.old is None:
            number = uuid.uuid4().int % 10**16
            write.properties.update(
                {
                    "workspaceId": str(number),
                    "workspaceUrl": f"adb-{number}.{number % 20}.azuredatabricks.net",
                    "createdDateTime": write.ctx.clock.stamp(),
                }
            )
        write.keep("workspaceId", "workspaceUrl", "createdDateTime")
