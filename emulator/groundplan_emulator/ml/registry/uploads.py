# SPDX-License-Identifier: Apache-2.0
"""Places to upload to and addresses to read from, signed for a day."""

from __future__ import annotations

import uuid
from typing import Any, Final

from groundplan_emulator.arm.context import Context
from groundplan_emulator.identity import STORAGE_SUFFIX
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.system_datastores import create_container
from groundplan_emulator.types.storage import keys

LIFETIME: Final = 24 * 3600.0
TEMPORARY: Final = "TemporaryBlobReference"


def offered(ctx: Context, account: Resource) -> tuple[str, dict[str, Any]]:
    """A new container of an account: its name, and the reference that lets a client write to it.

    Never one that was offered before: what an asset was made of must not change under it.
    """
    container = str(uuid.uuid4())
    create_container(ctx, account, container)
    return container, reference(ctx, account, container, permissions="rwl")


def reference(ctx: Context, account: Resource, container: str, *, permissions: str) -> dict[str, Any]:
    """A `blobReferenceForConsumption` of a container."""
    uri = f"{ctx.settings.https}/{account.name}.blob.{STORAGE_SUFFIX}/{container}"
    token = keys.container_sas(ctx, account, container, permissions=permissions, seconds=LIFETIME)
    return {
        "blobUri": uri,
        "storageAccountArmId": account.id,
        "credential": {"credentialType": "SAS", "sasUri": f"{uri}?{token}"},
    }
