# SPDX-License-Identifier: Apache-2.0
"""Datastores of every kind and with every credential, and one without any."""

import pulumi

import groundplan as gp
from tests.modules.declared import Declared
from tests.modules.surroundings import TAGS, Surroundings

SECRET = "not-in-any-state"


def full(here: Surroundings) -> None:
    """Every argument, every kind of place."""
    secret = pulumi.Output.from_input(SECRET)
    gp.Datastore(
        "full",
        gp.DatastoreArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            source=gp.DataLakeFilesystem(account_id=here.data.id, filesystem="lake"),
            credential=gp.ServicePrincipal(tenant_id="t", client_id="c", client_secret=secret),
            studio_identity="WorkspaceSystemAssignedIdentity",
            datastore_name="raw_lake",
            description="As it came",
            tags=TAGS,
        ),
    )
    places = {
        "full-key": (gp.BlobContainer(account_id=here.data.id, container="a"), gp.AccountKey(key=secret)),
        "full-sas": (gp.FileShare(account_id=here.data.id, share="b"), gp.SasToken(token=secret)),
        "full-fabric": (
            gp.OneLake(fabric_workspace="sales", lakehouse="orders", endpoint="onelake.dfs.fabric.microsoft.com"),
            None,
        ),
    }
    for name, (source, credential) in places.items():
        gp.Datastore(
            name,
            gp.DatastoreArgs(
                resource_group_name=here.group.name,
                workspace_name=here.workspace.name,
                source=source,
                credential=credential,
            ),
        )


def locked_down(here: Surroundings) -> None:
    """Nothing kept to open it with, and nothing but the user's identity to look at it."""
    gp.Datastore(
        "locked-down",
        gp.DatastoreArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            source=gp.BlobContainer(account_id=here.data.id, container="closed"),
        ),
    )


def check(found: Declared) -> None:
    """What the arguments became; no secret in plain text."""
    closed = found.one("machinelearningservices:Datastore", "locked-down")
    assert closed["name"] == "locked_down"
    assert closed["properties"]["credentials"] == {"credentialsType": "None"}
    assert closed["properties"]["accountName"].startswith("st")
    assert closed["properties"]["resourceGroup"].startswith("rg-")
    kinds = {each["properties"]["datastoreType"] for each in found.inputs("machinelearningservices:Datastore", "full")}
    assert kinds == {"AzureBlob", "AzureFile", "AzureDataLakeGen2", "OneLake"}
    assert SECRET not in str(found.rows)
