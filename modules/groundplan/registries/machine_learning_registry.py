# SPDX-License-Identifier: Apache-2.0
"""An Azure Machine Learning registry: models, environments, components and data that workspaces share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from groundplan.attachments import attach
from groundplan.component import Component
from groundplan.errors import ArgumentError
from groundplan.interfaces import PrivateEndpoint, ResourceArgs
from groundplan.naming import check_name
from groundplan.networking.private_link import connect

Redundancy = Literal[
    "Standard_LRS",
    "Standard_GRS",
    "Standard_RAGRS",
    "Standard_ZRS",
    "Standard_GZRS",
    "Standard_RAGZRS",
    "Premium_LRS",
    "Premium_ZRS",
]
_REDUNDANCIES: Final = get_args(Redundancy)


@dataclass(frozen=True, kw_only=True)
class RegistryRegion:
    """The storage account and the container registry that Azure makes in one region."""

    redundancy: Redundancy = "Standard_ZRS"
    """Optional. Where copies of the region's assets are kept. Default: three zones of the region."""
    hierarchical_namespace: bool = False
    """Optional. Data Lake Gen2 directories. Default: no."""
    blob_public_access: bool = False
    """Optional. Containers of the account may be opened to anonymous readers. Default: no."""
    storage_account_name: str | None = None
    """Optional. Azure name of the storage account, unique over all of Azure; cannot change later. Default: Azure makes one up."""
    container_registry_name: str | None = None
    """Optional. Azure name of the container registry, unique over all of Azure; cannot change later. Default: Azure makes one up."""

    def __post_init__(self) -> None:
        if self.storage_account_name is not None:
            check_name("storage_account", self.storage_account_name)
        if self.container_registry_name is not None:
            check_name("container_registry", self.container_registry_name)
        if self.redundancy not in _REDUNDANCIES:
            raise ArgumentError(
                f"registry region: redundancy is {self.redundancy!r}; allowed are {', '.join(_REDUNDANCIES)}"
            )


@dataclass(frozen=True, kw_only=True)
class MachineLearningRegistryArgs(ResourceArgs):
    """Arguments of `MachineLearningRegistry`. The registry lies in its first region, whatever the resource group's: `location` is that
    or nothing."""

    regions: Mapping[str, RegistryRegion]
    """Required. Regions whose workspaces use it, by Azure name (`westeurope`), the primary one first; that one cannot change later."""
    public_network_access: bool = False
    """Optional. Reachable from the internet. Default: no. Prefer `private_endpoint`."""
    private_endpoint: PrivateEndpoint | None = None
    """Conditional. Subnet and DNS zone of the registry's private endpoint. Required unless `public_network_access` is set."""
    managed_group_principal_ids: tuple[Input[str], ...] = ()
    """Optional. Object ids of who may read the storage accounts and container registries in the managed resource group, which otherwise
    denies everybody. Default: nobody."""
    registry_name: str | None = None
    """Optional. Azure name, unique in the tenant. Default: the component's name."""

    def __post_init__(self) -> None:
        if not self.regions:
            raise ArgumentError("machine learning registry: regions is empty; name at least the primary one")
        if wrong := [region for region in self.regions if not (region.isalnum() and region.islower())]:
            raise ArgumentError(
                f"machine learning registry: {wrong[0]!r} is no region's name; write it as Azure does, e.g. 'westeurope'"
            )
        primary = next(iter(self.regions))
        if isinstance(self.location, str) and self.location != primary:
            raise ArgumentError(
                f"machine learning registry: location is {self.location!r}, but the first of regions is {primary!r}, where the "
                "registry lies; put it first or leave location out"
            )
        if not self.public_network_access and self.private_endpoint is None:
            raise ArgumentError(
                "machine learning registry: private_endpoint is required when public_network_access is False; "
                "pass one or set public_network_access=True"
            )


class MachineLearningRegistry(Component):
    """A registry that only its private endpoint reaches, with storage and images in each of its regions.

    Example:
        MachineLearningRegistry("shared", MachineLearningRegistryArgs(
            resource_group_name=group.name, regions={"westeurope": RegistryRegion(), "northeurope": RegistryRegion()},
            private_endpoint=placement))
    """

    id: Output[str]
    """ARM id."""
    name: Output[str]
    """Azure name: what `azureml://registries/<name>/...` takes."""
    discovery_url: Output[str]
    """URL from which clients learn the registry's service endpoints."""
    mlflow_uri: Output[str]
    """Address for MLflow's `set_registry_uri`."""
    managed_resource_group_id: Output[str]
    """ARM id of the resource group that Azure makes for the storage accounts and container registries."""
    storage_account_ids: Output[dict[str, str]]
    """ARM ids of the storage accounts that Azure makes, by region: what private endpoints to them take."""
    container_registry_ids: Output[dict[str, str]]
    """ARM ids of the container registries that Azure makes, by region."""
    principal_id: Output[str]
    """Object id of the registry's system-assigned identity."""

    def __init__(self, name: str, args: MachineLearningRegistryArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        registry = ml.Registry(
            name,
            registry_name=check_name("machine_learning_registry", args.registry_name or name),
            resource_group_name=args.resource_group_name,
            location=next(iter(args.regions)),
            identity=ml.ManagedServiceIdentityArgs(type="SystemAssigned"),
            public_network_access="Enabled" if args.public_network_access else "Disabled",
            managed_resource_group_settings=_managed_group(args.managed_group_principal_ids),
            region_details=[_region(region, settings) for region, settings in args.regions.items()],
            tags=args.tags,
            # names that Azure gives to the accounts, and what it notes about endpoints
            opts=self.child(
                ResourceOptions(
                    ignore_changes=["managedResourceGroup", "registryPrivateEndpointConnections"],
                    delete_before_replace=True,
                )
            ),
        )
        endpoint_name = f"pep-{args.registry_name or name}"
        link = connect(self, f"{name}-link", registry.id, "amlregistry", args.private_endpoint, args, endpoint_name)
        attach(self, name, registry.id, args, arm_type="Microsoft.MachineLearningServices/registries", after=[link])
        self.id = registry.id
        self.name = registry.name
        self.discovery_url = registry.discovery_url.apply(lambda url: url or "")
        self.mlflow_uri = registry.ml_flow_registry_uri.apply(lambda uri: uri or "")
        self.managed_resource_group_id = registry.managed_resource_group.apply(
            lambda group: (group.resource_id or "") if group else ""
        )
        self.storage_account_ids = registry.region_details.apply(lambda found: _made(found or [], _storage_id))
        self.container_registry_ids = registry.region_details.apply(lambda found: _made(found or [], _images_id))
        self.principal_id = registry.identity.apply(lambda identity: (identity.principal_id or "") if identity else "")
        self.seal()


def _region(name: str, settings: RegistryRegion) -> ml.RegistryRegionArmDetailsArgs:
    account = ml.SystemCreatedStorageAccountArgs(
        storage_account_name=settings.storage_account_name,
        storage_account_type=settings.redundancy,
        storage_account_hns_enabled=settings.hierarchical_namespace,
        allow_blob_public_access=settings.blob_public_access,
    )
    # private endpoints need the premium one, and Azure makes no other
    images = ml.SystemCreatedAcrAccountArgs(
        acr_account_name=settings.container_registry_name, acr_account_sku="Premium"
    )
    return ml.RegistryRegionArmDetailsArgs(
        location=name,
        storage_account_details=[ml.StorageAccountDetailsArgs(system_created_storage_account=account)],
        acr_details=[ml.AcrDetailsArgs(system_created_acr_account=images)],
    )


def _managed_group(principal_ids: Sequence[Input[str]]) -> ml.ManagedResourceGroupSettingsArgs | None:
    if not principal_ids:
        return None
    return ml.ManagedResourceGroupSettingsArgs(
        assigned_identities=[ml.ManagedResourceGroupAssignedIdentitiesArgs(principal_id=each) for each in principal_ids]
    )


def _made(
    found: Sequence[ml.outputs.RegistryRegionArmDetailsResponse],
    id_of: Callable[[ml.outputs.RegistryRegionArmDetailsResponse], str],
) -> dict[str, str]:
    """What Azure made in each region."""
    return {each.location or "": id_of(each) for each in found}


def _storage_id(region: ml.outputs.RegistryRegionArmDetailsResponse) -> str:
    for each in region.storage_account_details or []:
        account = each.system_created_storage_account
        if account is not None and account.arm_resource_id is not None:
            return account.arm_resource_id.resource_id or ""
    return ""


def _images_id(region: ml.outputs.RegistryRegionArmDetailsResponse) -> str:
    for each in region.acr_details or []:
        account = each.system_created_acr_account
        if account is not None and account.arm_resource_id is not None:
            return account.arm_resource_id.resource_id or ""
    return ""
