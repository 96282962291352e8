# SPDX-License-Identifier: Apache-2.0
"""Connections with every way to log in, and one that holds nothing."""

import pulumi

import groundplan as gp
from groundplan.workspace.connection import Credential
from tests.modules.declared import Declared
from tests.modules.surroundings import Surroundings

SECRET = "not-in-any-state"


def full(here: Surroundings) -> None:
    """Every argument, and every credential."""
    gp.Connection(
        "full",
        gp.ConnectionArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            category="ADLSGen2",
            target=here.data.id,
            credential=gp.ManagedIdentityLogin(identity_id=here.identity.id, client_id=here.identity.client_id),
            service_id=here.data.id,
            metadata={"AccountName": here.data.name},
            shared=True,
            connection_name="lake",
        ),
    )
    secret = pulumi.Output.from_input(SECRET)
    url = "https://service.example.com"
    given: dict[str, tuple[str, Credential]] = {
        "account": ("AzureBlob", gp.AccountKey(key=secret)),
        "sas": ("AzureBlob", gp.SasToken(token=secret)),
        "api": ("CognitiveSearch", gp.ApiKey(key=secret)),
        "keys": ("CustomKeys", gp.CustomKeys(keys={"token": secret})),
        "user": ("Snowflake", gp.UsernamePassword(username="loader", password=secret)),
        "pair": ("S3", gp.AccessKey(access_key_id="id", secret_access_key=secret)),
        "git": ("Git", gp.PersonalAccessToken(token=secret)),
        "app": ("AzureSqlDb", gp.ServicePrincipal(tenant_id="t", client_id="c", client_secret=secret)),
    }
    for key, (category, credential) in given.items():
        gp.Connection(
            f"full-{key}",
            gp.ConnectionArgs(
                resource_group_name=here.group.name,
                workspace_name=here.workspace.name,
                category=category,
                target=url,
                credential=credential,
            ),
        )


def locked_down(here: Surroundings) -> None:
    """Its user's identity, and nobody else's connection."""
    gp.Connection(
        "locked-down",
        gp.ConnectionArgs(
            resource_group_name=here.group.name,
            workspace_name=here.workspace.name,
            category="AzureBlob",
            target=here.data.blob_endpoint,
        ),
    )


def check(found: Declared) -> None:
    """Entra ID unless asked for something else; no secret in plain text."""
    closed = found.one("machinelearningservices:WorkspaceConnection", "locked-down")["properties"]
    assert (closed["authType"], closed["isSharedToAll"]) == ("AAD", False)
    assert (
        found.one("machinelearningservices:WorkspaceConnection", "openai")["properties"]["metadata"]["ApiType"]
        == "Azure"
    )
    lake = found.one("machinelearningservices:WorkspaceConnection", "full")
    assert lake["connectionName"] == "lake"
    assert lake["properties"]["metadata"]["ResourceId"] == lake["properties"]["target"]
    ways = {
        each["properties"]["authType"] for each in found.inputs("machinelearningservices:WorkspaceConnection", "full")
    }
    assert len(ways) == 9
    assert SECRET not in str(found.rows)
