# SPDX-License-Identifier: Apache-2.0
"""Smaller groups of a workspace's settings."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Input
from pulumi_azure_native import machinelearningservices as ml

from groundplan.errors import ArgumentError
from groundplan.interfaces import CustomerKey


@dataclass(frozen=True, kw_only=True)
class ServerlessCompute:
    """Where jobs run that name no compute."""

    subnet_id: Input[str] | None = None
    """Conditional. ARM id of the subnet that the nodes join. Required unless `public_ip` is set or the workspace has a managed
    network, which the nodes join by themselves."""
    public_ip: bool = False
    """Optional. Nodes get public IP addresses. Default: no; a subnet then needs a NAT gateway or a firewall route."""


@dataclass(frozen=True, kw_only=True)
class FeatureStoreSettings:
    """What a workspace of kind `FeatureStore` materializes with; `FeatureStore` makes all of it together."""

    offline_store_connection: str | None = None
    """Optional. Name of the workspace's connection to the offline store. Default: features are not kept offline."""
    online_store_connection: str | None = None
    """Optional. Name of the workspace's connection to the online store. Default: features are not kept online."""
    spark_version: str | None = None
    """Optional. Version of the Spark runtime that materializes, e.g. `3.4.0`. Default: Azure's."""


def serverless(given: ServerlessCompute | None) -> ml.ServerlessComputeSettingsArgs | None:
    """As Azure takes it."""
    if given is None:
        return None
    return ml.ServerlessComputeSettingsArgs(
        serverless_compute_custom_subnet=given.subnet_id, serverless_compute_no_public_ip=not given.public_ip
    )


def check_serverless(given: ServerlessCompute | None, *, managed_network: bool) -> None:
    """Raise `ArgumentError` for nodes without a network, and for nodes with two."""
    if given is None:
        return
    if managed_network and given.subnet_id is not None:
        raise ArgumentError(
            "workspace: serverless compute joins the managed network by itself; leave out either its subnet_id or managed_network"
        )
    if not managed_network and given.subnet_id is None and not given.public_ip:
        raise ArgumentError(
            "workspace: serverless compute without a public IP needs a network; "
            "pass its subnet_id, set public_ip=True or give the workspace a managed_network"
        )


def feature_store(given: FeatureStoreSettings | None) -> ml.FeatureStoreSettingsArgs | None:
    """As Azure takes it."""
    if given is None:
        return None
    runtime = ml.ComputeRuntimeDtoArgs(spark_runtime_version=given.spark_version) if given.spark_version else None
    return ml.FeatureStoreSettingsArgs(
        offline_store_connection_name=given.offline_store_connection,
        online_store_connection_name=given.online_store_connection,
        compute_runtime=runtime,
    )


def identity(primary: Input[str] | None, others: tuple[Input[str], ...]) -> ml.ManagedServiceIdentityArgs:
    """The system's identity unless there is a primary one, and all user-assigned ones."""
    assigned = [each for each in (primary, *others) if each is not None]
    if not assigned:
        return ml.ManagedServiceIdentityArgs(type="SystemAssigned")
    kind = "UserAssigned" if primary is not None else "SystemAssigned,UserAssigned"
    return ml.ManagedServiceIdentityArgs(type=kind, user_assigned_identities=assigned)


def encryption(key: CustomerKey | None) -> ml.EncryptionPropertyArgs | None:
    """The customer's key as Azure takes it."""
    if key is None:
        return None
    return ml.EncryptionPropertyArgs(
        status="Enabled",
        identity=ml.IdentityForCmkArgs(user_assigned_identity=key.identity_id),
        key_vault_properties=ml.KeyVaultPropertiesArgs(
            key_vault_arm_id=key.key_vault_id, key_identifier=key.key_identifier
        ),
    )
