# SPDX-License-Identifier: Apache-2.0
"""Workspaces, feature stores and what is in them with required arguments alone."""

import groundplan as gp
from tests.modules.surroundings import Surroundings


def workspace(here: Surroundings) -> None:
    """A plain workspace."""
    args = gp.WorkspaceArgs(
        resource_group_name=here.group.name,
        key_vault_id=here.vault.id,
        storage_account_id=here.data.id,
        private_endpoint=here.placement,
    )
    gp.Workspace("minimal", args)


def workspace_quotas(here: Surroundings) -> None:
    """No accelerators."""
    args = gp.WorkspaceQuotasArgs(workspace_id=here.workspace.id, limits={"standardNCSv3Family": 0})
    gp.WorkspaceQuotas("minimal", args)


def connection(here: Surroundings) -> None:
    """To a storage account."""
    args = gp.ConnectionArgs(
        resource_group_name=here.group.name,
        workspace_name=here.workspace.name,
        category="AzureBlob",
        target=here.data.blob_endpoint,
    )
    gp.Connection("minimal", args)


def datastore(here: Surroundings) -> None:
    """A container."""
    args = gp.DatastoreArgs(
        resource_group_name=here.group.name,
        workspace_name=here.workspace.name,
        source=gp.BlobContainer(account_id=here.data.id, container="raw"),
    )
    gp.Datastore("minimal", args)


def feature_store(here: Surroundings) -> None:
    """With an account of its own."""
    args = gp.FeatureStoreArgs(
        resource_group_name=here.group.name,
        key_vault_id=here.vault.id,
        storage_account_id=here.data.id,
        offline_account_name=here.names("storage_account", "minimal"),
        private_endpoint=here.placement,
    )
    gp.FeatureStore("minimal", args)


def feature_store_entity(here: Surroundings) -> None:
    """One column."""
    args = gp.FeatureStoreEntityArgs(
        resource_group_name=here.group.name,
        feature_store_name=here.feature_store.name,
        index_columns={"customer": "Long"},
    )
    gp.FeatureStoreEntity("minimal", args)


def feature_set(here: Surroundings) -> None:
    """Computed when it is read."""
    args = gp.FeatureSetArgs(
        resource_group_name=here.group.name,
        feature_store_name=here.feature_store.name,
        entities=("azureml:account:1",),
        specification_uri="azureml://datastores/workspaceblobstore/paths/featuresets/spending",
    )
    gp.FeatureSet("minimal", args)
