# SPDX-License-Identifier: Apache-2.0
"""Where actions go and with which login: the configuration, the variables, the default chain."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import azure.identity
import pytest

from groundplan.actions import cloud as where
from groundplan.actions import soft_deleted
from groundplan.actions.arm import Arm, connect
from groundplan.actions.cloud import Settings, cloud, credential
from groundplan.actions.soft_deleted import Place
from groundplan.errors import ActionError
from tests.fixtures.azure import RunningAzure

PRINCIPAL = {"ARM_TENANT_ID": "t-1", "ARM_CLIENT_ID": "c-1"}


def settings(variables: dict[str, str] | None = None, /, **configured: str) -> Settings:
    return Settings(lambda key: configured.get(key.partition(":")[2]), variables or {})


@pytest.fixture
def arm(azure: RunningAzure, monkeypatch: pytest.MonkeyPatch) -> Iterator[Arm]:
    for name, value in azure.env.items():
        monkeypatch.setenv(name, value)
    with connect(Settings({}.get)) as made:
        yield made


@pytest.mark.parametrize(
    ("name", "endpoint"),
    [
        ("", "https://management.azure.com/"),
        ("public", "https://management.azure.com/"),
        ("AzureUSGovernment", "https://management.usgovcloudapi.net/"),
        ("usgovernment", "https://management.usgovcloudapi.net/"),
        ("china", "https://management.chinacloudapi.cn/"),
    ],
)
def test_clouds_by_name(name: str, endpoint: str) -> None:
    assert cloud(settings({"ARM_ENVIRONMENT": name})).endpoint == endpoint
    assert cloud(settings({"ARM_ENVIRONMENT": "china"}, environment=name or "public")).endpoint == endpoint


def test_an_unknown_cloud() -> None:
    with pytest.raises(ActionError, match="environment is 'moon'; allowed are public, usgovernment and china"):
        cloud(settings(environment="moon"))


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"ARM_CLIENT_SECRET": "hushhush"}, azure.identity.ClientSecretCredential),
        ({"ARM_USE_OIDC": "true", "ARM_OIDC_TOKEN": "a"}, azure.identity.ClientAssertionCredential),
        ({"ARM_USE_MSI": "true"}, azure.identity.ManagedIdentityCredential),
        ({}, azure.identity.DefaultAzureCredential),
        ({"ARM_CLIENT_SECRET": "hushhush", "AZURE_TOKEN_CREDENTIALS": "dev"}, azure.identity.DefaultAzureCredential),
    ],
)
def test_logins(more: dict[str, str], kind: type) -> None:
    given = settings(PRINCIPAL | more)

    assert type(credential(given, cloud(given))) is kind


def test_a_service_that_is_not_there_is_told_in_a_sentence(arm: Arm, azure: RunningAzure) -> None:
    with pytest.raises(ActionError, match=r"^POST /subscriptions/.*/rg-none: Status=\d+ "):
        arm.post(f"/subscriptions/{azure.subscription_id}/resourceGroups/rg-none", "2021-04-01")


@pytest.mark.timeout(60)
def test_a_service_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(where.TIMEOUTS, "read_timeout", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/metadata"
        with pytest.raises(ActionError, match=r"does not describe an Azure: .*[Tt]ime"):
            cloud(settings({"ARM_CLOUD_METADATA_URL": url}))


def test_a_login_that_fails_is_told_in_a_sentence(azure: RunningAzure, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (azure.env | {"AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential"}).items():
        monkeypatch.setenv(name, value)

    message = r"no login to Azure: .*; log in with 'az login'$"
    with connect(Settings({}.get)) as arm, pytest.raises(ActionError, match=message):
        arm.get(f"/subscriptions/{azure.subscription_id}/resourceGroups/a", "2021-04-01")


def test_a_protected_vault_is_not_purged(arm: Arm, azure: RunningAzure) -> None:
    """Neither while it lives, nor while it is kept; the error says until when."""
    group = azure.group("rg-protected")
    place = Place("key_vault", azure.subscription_id, "rg-protected", "kv-protected-by-azure")
    properties: dict[str, Any] = {
        "tenantId": azure.tenant_id,
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": True,
        "enablePurgeProtection": True,
    }
    assert place.id == f"{group}/providers/Microsoft.KeyVault/vaults/{place.name}"
    made = azure.arm("PUT", place.id, {"location": "westeurope", "properties": properties}, api_version="2024-11-01")
    assert made.is_success, made.text
    soft_deleted.purge(arm, place)
    soft_deleted.refuse(arm, place)
    assert azure.arm("GET", place.id, api_version="2024-11-01").is_success

    azure.arm("DELETE", place.id, api_version="2024-11-01")
    with pytest.raises(ActionError, match=r"cannot be purged before 20.*: it has purge protection; recover it"):
        soft_deleted.purge(arm, place)
    with pytest.raises(ActionError, match=r'on_create="recover"\), or choose another name'):
        soft_deleted.refuse(arm, place)
