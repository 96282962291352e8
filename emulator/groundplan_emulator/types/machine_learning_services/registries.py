# SPDX-License-Identifier: Apache-2.0
"""Registries: assets that several workspaces share."""

from __future__ import annotations

from typing import Any, ClassVar

from groundplan_emulator import locations
from groundplan_emulator.arm.context import Context
from groundplan_emulator.arm.messages import Response
from groundplan_emulator.arm.resource import NameRule, Seconds, Write, action
from groundplan_emulator.ml.registry import storage
from groundplan_emulator.store import Resource
from groundplan_emulator.types.machine_learning_services.service import MachineLearningType, check_region, user_error

SYSTEM_CREATED = (
    ("acrDetails", "systemCreatedAcrAccount", "acrAccountName", "Microsoft.ContainerRegistry/registries"),
    ("storageAccountDetails", "systemCreatedStorageAccount", "storageAccountName", "Microsoft.Storage/storageAccounts"),
)


class Registries(MachineLearningType):
    """Microsoft.MachineLearningServices/registries.

    Differs from Azure:
    - the managed resource group has the registry's storage accounts; container registries have ids but do not exist
    - nothing keeps a user from changing what is in the managed resource group
    - names are unique in the emulator, not in the tenant
    """

    type: ClassVar[str] = "Microsoft.MachineLearningServices/registries"
    name_rule: ClassVar[NameRule | None] = NameRule(
        r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}",
        "3 to 33 letters, digits, hyphens and underscores, starting with a letter or digit",
    )
    global_name: ClassVar[tuple[int, str] | None] = (409, "Conflict")
    required: ClassVar[tuple[str, ...]] = ("properties.regionDetails",)
    seconds: ClassVar[Seconds] = Seconds(create=20, update=5, delete=10)

    def check(self, write: Write) -> None:
        """The registry's own region is one of its regions, and each is named once."""
        regions = [locations.normalise(str(detail.get("location", ""))) for detail in write.properties["regionDetails"]]
        for region in (write.body["location"], *regions):
            check_region(self.type, region)
        if write.body["location"] not in regions:
            raise user_error(
                f"regionDetails must contain the registry's own location '{write.body['location']}';"
                f" it has {', '.join(regions) or 'none'}.",
                "properties.regionDetails",
            )
        if len(set(regions)) < len(regions):
            raise user_error("regionDetails names a location twice.", "properties.regionDetails")

    def fill(self, write: Write) -> None:
        """Names of what the service makes for the registry."""
        properties = write.properties
        group = write.old_properties.get("managedResourceGroup")
        if group is None:
            guid = write.ctx.guid("registry", write.id.key, str(write.ctx.clock.now()))
            name = f"azureml-rg-{write.id.name}_{guid}"
            group = {"resourceId": f"/subscriptions/{write.id.subscription}/resourceGroups/{name}"}
        properties["managedResourceGroup"] = group
        properties.setdefault("publicNetworkAccess", write.old_properties.get("publicNetworkAccess", "Enabled"))
        properties.setdefault("intellectualPropertyPublisher", None)
        for detail in properties["regionDetails"]:
            for field, kind, name_field, type_ in SYSTEM_CREATED:
                for entry in detail.get(field) or ():
                    if kind in entry:
                        _name(write, entry[kind], name_field, type_, str(detail.get("location")), group["resourceId"])

    def written(self, ctx: Context, resource: Resource, *, created: bool) -> None:
        """The storage that the service brings is there."""
        storage.ensure(ctx, resource)

    def deleted(self, ctx: Context, resource: Resource) -> None:
        """What the service brought goes too."""
        storage.forget(ctx, resource)

    def view(self, ctx: Context, resource: Resource) -> dict[str, Any]:
        """URLs of the service."""
        base, host = ctx.settings.https, ctx.settings.https.removeprefix("https://")
        urls = {
            "discoveryUrl": f"{base}/registrymanagement/v1.0/registries/{resource.name}/discovery",
            "mlFlowRegistryUri": f"azureml://{host}/mlflow/v1.0{resource.id}",
        }
        return {**resource.body, "properties": {**resource.properties, **urls}}

    @action("removeRegions")
    def remove_regions(self, ctx: Context, resource: Resource, body: dict[str, Any]) -> Response:
        """Take regions away; the first one stays."""
        gone = {
            locations.normalise(str(detail.get("location", "")))
            for detail in body.get("properties", {}).get("regionDetails", [])
        }
        if resource.body["location"] in gone:
            raise user_error(
                f"The primary region '{resource.body['location']}' cannot be removed.", "properties.regionDetails"
            )
        kept = [
            detail
            for detail in resource.properties["regionDetails"]
            if locations.normalise(str(detail.get("location"))) not in gone
        ]
        resource.properties["regionDetails"] = kept
        ctx.save(resource)
        return Response(200, self.view(ctx, resource))


def _name(write: Write, account: dict[str, Any], name_field: str, type_: str, region: str, group: str) -> None:
    """A name in ARM's alphabet for an account that the service makes, and its id."""
    derived = write.ctx.secret("registry account", write.id.key, region, type_, size=6).hex()
    name = account.get(name_field) or f"{''.join(filter(str.isalnum, write.id.name.lower()))[:8]}{derived}"
    account[name_field] = name
    account["armResourceId"] = {"resourceId": f"{group}/providers/{type_}/{name}"}
