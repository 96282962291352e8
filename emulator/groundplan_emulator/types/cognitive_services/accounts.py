# SPDX-License-Identifier: Apache-2.0
"""Accounts of Azure AI services and Azure OpenAI."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.errors import bad_request, conflict
from groundplan_emulator.arm.resource import Seconds, Write
from groundplan_emulator.store import Deleted, Resource
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget

RETENTION = 48 * 3600.0
DEPLOYMENTS = "Microsoft.CognitiveServices/accounts/deployments"


class Accounts(PrivateLinkTarget):
    """Microsoft.CognitiveServices/accounts: an endpoint under the custom subdomain, which is unique and stays.

    A deleted account waits 48 hours and holds its name, until it is purged or a PUT with `properties.restore` brings it back.

    Differs from Azure:
    - the endpoint is Azure's public name and answers nothing here; models are not served
    - a restored account takes what its PUT says at once; its deployments come back
    - kinds and SKUs are not checked against regions
    """

    type: ClassVar[str] = "Microsoft.CognitiveServices/accounts"
    seconds: ClassVar[Seconds] = Seconds(create=20)

    def check(self, write: Write) -> None:
        """The name and the subdomain are free, and the subdomain does not change once it is set."""
        restoring = write.properties.pop("restore", False) is True
        if write.old is None:
            _refuse_kept_name(write, restoring=restoring)
        domain = str(write.properties.get("customSubDomainName") or "").lower()
        before = str(write.old_properties.get("customSubDomainName") or "").lower()
        if before and domain and before != domain:
            raise bad_request(
                "CustomDomainNotChangeable",
                f"The custom subdomain '{before}' cannot be changed once it is set.",
                target="properties.customSubDomainName",
            )
        if domain and any(
            str(other.properties.get("customSubDomainName") or "").lower() == domain
            for other in write.ctx.store.of_type(self.type)
            if other.key != write.id.key
        ):
            raise conflict(
                "CustomDomainInUse",
                f"The subdomain name '{domain}' is already used. Please pick a different name.",
                target="properties.customSubDomainName",
            )

    def fill(self, write: Write) -> None:
        """Endpoint and defaults."""
        properties = write.properties
        write.keep("customSubDomainName")
        domain = properties.get("customSubDomainName")
        location = write.body.get("location", "global")
        host = f"{str(domain).lower()}.cognitiveservices" if domain else f"{location}.api.cognitive"
        properties["endpoint"] = f"https://{host}.{'azure' if domain else 'microsoft'}.com/"
        if write.body.get("kind") == "OpenAI" and domain:
            properties["endpoint"] = f"https://{str(domain).lower()}.openai.azure.com/"
        properties.setdefault("publicNetworkAccess", "Enabled")
        properties["isMigrated"] = False
        properties["dateCreated"] = write.old_properties.get("dateCreated", write.ctx.clock.stamp())

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """A restored account gets its deployments back."""
        for buried in ctx.store.deleted(self.type, key=resource.id) if created else []:
            for child in buried.private.get("children", []):
                ctx.save(Resource(child["id"], child["type"], child["name"], child["body"], private=child["private"]))
            ctx.store.exhume(buried.id)

    def bury(self, ctx: Context, resource: Resource) -> None:
        """Keep it for 48 hours, with its deployments."""
        now = ctx.clock.now()
        children: list[dict[str, Any]] = [
            {"id": each.id, "type": each.type, "name": each.name, "body": each.body, "private": each.private}
            for each in ctx.children(resource.id, DEPLOYMENTS)
        ]
        location = resource.body.get("location", "global")
        kept = {"children": children}
        ctx.store.bury(
            Deleted(resource.id, self.type, resource.name, location, now, now + RETENTION, resource.body, kept)
        )


def _refuse_kept_name(write: Write, *, restoring: bool) -> None:
    buried = write.ctx.store.deleted(Accounts.type, key=write.id.id)
    if buried and not restoring:
        raise conflict(
            "FlagMustBeSetForRestore",
            f"An existing resource with ID '{buried[0].id}' has been soft-deleted. To restore the resource, you must specify 'restore' "
            "to be 'true' in the property. If you don't want to restore existing resource, please purge it first.",
        )
    if restoring and not buried:
        raise bad_request(
            "CanNotRestoreANonExistingResource", "Can not restore a soft-deleted resource that does not exist."
        )
