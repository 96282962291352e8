# SPDX-License-Identifier: Apache-2.0
"""Where an account's services answer: paths of the emulator, computed as the port may differ after a restart."""

from __future__ import annotations

from groundplan_emulator.arm.context import Context
from groundplan_emulator.identity import STORAGE_SUFFIX
from groundplan_emulator.store import Resource

API_VERSIONS = ("2026-09-01",)
"""Versions of the installed azure-mgmt-storage besides those of the type table."""
SERVICES_OF_KIND = {
    "BlobStorage": ("dfs", "blob"),
    "BlockBlobStorage": ("dfs", "web", "blob"),
    "FileStorage": ("file",),
    "Storage": ("blob", "queue", "table", "file"),
    "StorageV2": ("dfs", "web", "blob", "queue", "table", "file"),
}


def of_account(ctx: Context, account: Resource, *, secondary: bool = False) -> dict[str, str]:
    """`{"blob": "https://127.0.0.1:port/account.blob.core.local/", ...}` for the services that the account's kind has.

    Only `blob` is served; the others are addresses for other resources to refer to.
    """
    name = account.name + ("-secondary" if secondary else "")
    kind = account.body.get("kind", "StorageV2")
    offered = SERVICES_OF_KIND.get(kind, SERVICES_OF_KIND["StorageV2"])
    return {service: f"{ctx.settings.https}/{name}.{service}.{STORAGE_SUFFIX}/" for service in offered}
