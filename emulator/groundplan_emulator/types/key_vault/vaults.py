# SPDX-License-Identifier: Apache-2.0
"""Key vaults."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from groundplan_arm.ids import ResourceId
from groundplan_emulator.arm import paths, private_link
from groundplan_emulator.arm.context import Context, new_etag
from groundplan_emulator.arm.errors import ArmError, bad_request, conflict
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import NameRule, Seconds, Write, route
from groundplan_emulator.store import Deleted, Resource
from groundplan_emulator.types.key_vault import versions
from groundplan_emulator.types.network import service_endpoints
from groundplan_emulator.types.network.private_link_resources import PrivateLinkTarget

DAY = 24 * 3600.0
NAME = r"(?=.{3,24}$)[A-Za-z](-?[A-Za-z0-9])*"
WORDS = "3 to 24 letters, digits and single hyphens, a letter first, a letter or digit last"
RBAC_BY_DEFAULT = "2026-02-01"
SOFT_DELETED = (
    "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault."
    " Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete."
)
ENVELOPE = ("id", "name", "type", "etag", "systemData")


class Vaults(PrivateLinkTarget):
    """Microsoft.KeyVault/vaults: names are global, deletes are soft, purge protection and retention are for good.

    Differs from Azure:
    - vaultUri is a path of the emulator, `https://127.0.0.1:<port>/vault/<name>/`
    - a recovery also applies what its PUT says, where Azure restores the vault first and wants a second PUT
    - access policies, roles and network rules are kept and checked for shape, but the data plane lets every caller in
    """

    type: ClassVar[str] = versions.VAULT
    api_versions: ClassVar[tuple[str, ...]] = versions.API_VERSIONS
    name_rule: ClassVar[NameRule | None] = NameRule(NAME, WORDS)
    seconds: ClassVar[Seconds] = Seconds(create=15)
    references: ClassVar[tuple[str, ...]] = ("properties.networkAcls.virtualNetworkRules[*].id",)

    def check(self, write: Write) -> None:
        """Name, recovery, and the properties that only go one way."""
        properties = write.properties
        recovering = properties.pop("createMode", "default") == "recover" and write.old is None
        if write.old is None:
            _refuse_used_name(write, recovering=recovering)
        if recovering:
            _restore(write)
        _one_way(write)
        service_endpoints.require(write.ctx, properties.get("networkAcls") or {}, "Microsoft.KeyVault", "BadRequest")
        if not _uses_roles(write) and properties.get("accessPolicies") is None:
            raise bad_request(
                "BadRequest", "The parameter accessPolicies is not specified.", target="properties.accessPolicies"
            )

    def fill(self, write: Write) -> None:
        """Defaults of the service; `enableRbacAuthorization` is on by default since api-version 2026-02-01."""
        properties = write.properties
        properties["enableRbacAuthorization"] = _uses_roles(write)
        for name, value in (
            ("accessPolicies", []),
            ("enabledForDeployment", False),
            ("enableSoftDelete", True),
            ("softDeleteRetentionInDays", 90),
            ("publicNetworkAccess", "Enabled"),
        ):
            if properties.get(name) is None:
                properties[name] = write.old_properties.get(name, value)
        for policy in properties["accessPolicies"]:
            policy.setdefault("tenantId", properties["tenantId"])

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """A recovered vault gets its secrets and keys back."""
        for buried in ctx.store.deleted(self.type, key=resource.id) if created else []:
            for child in buried.private.get("children", []):
                ctx.store.put(Resource(**child), resource.id)
            ctx.store.exhume(buried.id)

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """With the data plane's address and the private endpoint connections."""
        body = private_link.show(ctx, resource)
        return {**body, "properties": {**body["properties"], "vaultUri": versions.vault_uri(ctx, resource.name)}}

    def bury(self, ctx: Context, resource: Resource) -> None:
        """Soft delete is always on: the vault waits with its secrets and keys."""
        now, days = ctx.clock.now(), resource.properties["softDeleteRetentionInDays"]
        kept = [
            {
                "id": child.id,
                "type": child.type,
                "name": child.name,
                "body": child.body,
                "etag": new_etag(),
                "private": child.private,
            }
            for type_ in (versions.SECRET, versions.KEY)
            for child in ctx.children(resource.id, type_)
        ]
        ctx.store.bury(
            Deleted(
                resource.id,
                self.type,
                resource.name,
                resource.body["location"],
                now,
                now + days * DAY,
                resource.body,
                {"children": kept},
            )
        )

    @route("POST", "/subscriptions/{subscriptionId}/providers/Microsoft.KeyVault/checkNameAvailability")
    def check_name(self, ctx: Context, _params: dict[str, str], body: dict[str, Any]) -> Response:
        """Whether a vault could be created under a name."""
        name = str(body.get("name", ""))
        if re.fullmatch(NAME, name) is None:
            answer = {
                "nameAvailable": False,
                "reason": "AccountNameInvalid",
                "message": f"The vault name '{name}' is invalid: {WORDS}.",
            }
        elif _live(ctx, name) is not None or ctx.store.deleted(self.type, name=name):
            answer = {
                "nameAvailable": False,
                "reason": "AlreadyExists",
                "message": f"The vault name '{name}' is already in use.",
            }
        else:
            answer = {"nameAvailable": True}
        return Response(200, answer)


def _live(ctx: Context, name: str) -> Resource | None:
    return next(iter(ctx.store.of_type(versions.VAULT, name=name)), None)


def _refuse_used_name(write: Write, *, recovering: bool) -> None:
    name = write.id.name
    if _live(write.ctx, name) is not None:
        raise conflict(
            "VaultAlreadyExists",
            f"The vault name '{name}' is already in use. Vault names are globally unique so it is possible that the name is already taken.",
            target="name",
        )
    buried = write.ctx.store.deleted(versions.VAULT, name=name)
    if buried and not (recovering and buried[0].id.lower() == write.id.key):
        raise conflict("ConflictError", SOFT_DELETED, target="name")
    if recovering and not buried:
        raise ArmError(
            404, "DeletedVaultNotFound", f"The vault '{name}' is not in the deleted state, so it cannot be recovered."
        )


def _restore(write: Write) -> None:
    """The vault as it was, changed by what the request says."""
    buried = write.ctx.store.deleted(versions.VAULT, key=write.id.id)[0]
    before = {name: value for name, value in buried.body.items() if name not in ENVELOPE}
    if write.body.get("location", buried.location) != buried.location:
        raise conflict(
            "InvalidResourceLocation",
            f"The deleted vault '{write.id.name}' is in location '{buried.location}' and can be recovered there only.",
            target="location",
        )
    merged = paths.merge(before, write.body)
    write.body.clear()
    write.body.update(merged)
    retention = buried.body["properties"]["softDeleteRetentionInDays"]
    write.properties["softDeleteRetentionInDays"] = retention


def _uses_roles(write: Write) -> bool:
    given = write.properties.get("enableRbacAuthorization")
    if given is None:
        given = write.old_properties.get("enableRbacAuthorization")
    return write.ctx.request.query.get("api-version", "") >= RBAC_BY_DEFAULT if given is None else bool(given)


def _one_way(write: Write) -> None:
    properties, before = write.properties, write.old_properties
    if properties.get("enablePurgeProtection") is False:
        raise bad_request(
            "BadRequest",
            'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an'
            " irreversible action.",
            target="properties.enablePurgeProtection",
        )
    if before.get("enablePurgeProtection"):
        properties["enablePurgeProtection"] = True
    if properties.get("enableSoftDelete") is False:
        raise bad_request(
            "BadRequest",
            'The property "enableSoftDelete" cannot be set to false. Enabling the soft delete functionality is an irreversible action.',
            target="properties.enableSoftDelete",
        )
    days, fixed = properties.get("softDeleteRetentionInDays"), before.get("softDeleteRetentionInDays")
    if days is not None and not 7 <= days <= 90:
        raise bad_request(
            "BadRequest",
            f'The property "softDeleteRetentionInDays" is {days}; it must be between 7 and 90 days.',
            target="properties.softDeleteRetentionInDays",
        )
    if None not in (days, fixed) and days != fixed:
        raise bad_request(
            "BadRequest",
            'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
            target="properties.softDeleteRetentionInDays",
        )


def vault_id(params: dict[str, str]) -> ResourceId:
    """The vault that a path below it names."""
    group = f"/subscriptions/{params['subscriptionId']}/resourceGroups/{params['resourceGroupName']}"
    return ResourceId.of(group, versions.VAULT, params["vaultName"])
