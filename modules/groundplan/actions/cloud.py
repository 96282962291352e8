# SPDX-License-Identifier: Apache-2.0
"""Which Azure a deployment goes to, and who it is there: what azure-native and azure-identity read, in the same order.

First the stack's `azure-native:` configuration, then `ARM_*` variables. The Azure of a deployment is the one that
`metadataHost` (`ARM_METADATA_HOSTNAME`) or `ARM_CLOUD_METADATA_URL` describes, else the one that `environment` names.
Facts: azure-native's "Installation & configuration"; the cloud metadata of Azure Resource Manager, version 2019-05-01.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from groundplan.errors import ActionError

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

_NAMES: Final = {
    "public": "AZURE_PUBLIC_CLOUD",
    "azurecloud": "AZURE_PUBLIC_CLOUD",
    "azurepubliccloud": "AZURE_PUBLIC_CLOUD",
    "usgovernment": "AZURE_US_GOVERNMENT",
    "azureusgovernment": "AZURE_US_GOVERNMENT",
    "azureusgovernmentcloud": "AZURE_US_GOVERNMENT",
    "china": "AZURE_CHINA_CLOUD",
    "azurechinacloud": "AZURE_CHINA_CLOUD",
}
_VARIABLES: Final = {
    "clientCertificatePassword": "ARM_CLIENT_CERTIFICATE_PASSWORD",
    "clientCertificatePath": "ARM_CLIENT_CERTIFICATE_PATH",
    "clientId": "ARM_CLIENT_ID",
    "clientSecret": "ARM_CLIENT_SECRET",
    "environment": "ARM_ENVIRONMENT",
    "metadataHost": "ARM_METADATA_HOSTNAME",
    "oidcRequestToken": "ARM_OIDC_REQUEST_TOKEN",
    "oidcRequestUrl": "ARM_OIDC_REQUEST_URL",
    "oidcToken": "ARM_OIDC_TOKEN",
    "oidcTokenFilePath": "ARM_OIDC_TOKEN_FILE_PATH",
    "tenantId": "ARM_TENANT_ID",
    "useMsi": "ARM_USE_MSI",
    "useOidc": "ARM_USE_OIDC",
}
_METADATA_VERSION: Final = "2019-05-01"
_EXCHANGE: Final = "api://AzureADTokenExchange"

TIMEOUTS: Final[dict[str, Any]] = {"connection_timeout": 20, "read_timeout": 60}
"""Seconds until a request that nobody answers is sent anew; azure-core's own five minutes would look like an engine that hangs."""

Configured = Callable[[str], Any]
"""Value of a key of the stack's configuration, None where it is not set."""


class Settings:
    """azure-native's settings of one stack, by azure-native's names."""

    def __init__(self, configured: Configured, environment: dict[str, str] | None = None) -> None:
        self._configured = configured
        self._environment = dict(os.environ) if environment is None else environment

    def __getitem__(self, key: str) -> str:
        """The configuration's value, else the variable's; empty where neither is set."""
        given = self._configured(f"azure-native:{key}")
        return str(given) if given not in (None, "") else self._environment.get(_VARIABLES[key], "")

    def variable(self, name: str) -> str:
        """A variable that has no key in the configuration."""
        return self._environment.get(name, "")

    def is_on(self, key: str) -> bool:
        """Whether a switch is set."""
        return self[key].lower() in ("true", "1")


@dataclass(frozen=True, slots=True)
class Cloud:
    """`endpoint` and `authority` are URLs; `scope` is what a token is asked for."""

    endpoint: str
    scope: str
    authority: str | None = None


def cloud(settings: Settings) -> Cloud:
    """The Azure of a deployment; `ActionError` where its metadata cannot be had or its name is unknown."""
    host, url = settings["metadataHost"], settings.variable("ARM_CLOUD_METADATA_URL")
    name = settings["environment"] or "public"
    if host:
        url = f"https://{host}/metadata/endpoints?api-version={_METADATA_VERSION}"
    if url:
        return _described(url, name)
    from azure.core import AzureClouds
    from azure.identity import AzureAuthorityHosts
    from azure.mgmt.core.tools import get_arm_endpoints

    try:
        known = AzureClouds[_NAMES[name.lower()]]
    except KeyError:
        raise ActionError(f"azure-native:environment is {name!r}; allowed are public, usgovernment and china") from None
    authorities = {
        AzureClouds.AZURE_CHINA_CLOUD: AzureAuthorityHosts.AZURE_CHINA,
        AzureClouds.AZURE_US_GOVERNMENT: AzureAuthorityHosts.AZURE_GOVERNMENT,
    }
    endpoints = get_arm_endpoints(known)
    return Cloud(endpoints["resource_manager"], endpoints["credential_scopes"][0], authorities.get(known))


def _described(url: str, name: str) -> Cloud:
    """The Azure that a metadata document describes, that of the name where it describes several."""
    from azure.core.exceptions import AzureError

    try:
        found = _fetched(url)
        several = found if isinstance(found, list) else [found]
        wanted = _NAMES.get(name.lower())
        one = next((each for each in several if _NAMES.get(str(each["name"]).lower(), "") == wanted), several[0])
        login = one["authentication"]
        endpoint = str(one["resourceManager"])
        return Cloud(endpoint, f"{str(login['audiences'][0]).rstrip('/')}/.default", str(login["loginEndpoint"]))
    except (AzureError, ValueError, KeyError, IndexError, TypeError) as error:
        raise ActionError(f"{url} does not describe an Azure: {error}") from None


def credential(settings: Settings, where: Cloud) -> TokenCredential:
    """The login: what the configuration or `ARM_*` variables spell out, else azure-identity's default chain.

    `AZURE_TOKEN_CREDENTIALS`, with which azure-identity is told what to use, goes first.
    """
    from azure.identity import (
        CertificateCredential,
        ClientAssertionCredential,
        ClientSecretCredential,
        DefaultAzureCredential,
        ManagedIdentityCredential,
    )

    tenant, client = settings["tenantId"], settings["clientId"]
    authority: dict[str, Any] = {"authority": where.authority} if where.authority else {}
    if tenant and client and not settings.variable("AZURE_TOKEN_CREDENTIALS"):
        if settings.is_on("useOidc"):
            return ClientAssertionCredential(tenant, client, lambda: _assertion(settings), **authority)
        if path := settings["clientCertificatePath"]:
            password = settings["clientCertificatePassword"] or None
            return CertificateCredential(tenant, client, path, password=password, **authority)
        if secret := settings["clientSecret"]:
            return ClientSecretCredential(tenant, client, secret, **authority)
    if settings.is_on("useMsi"):
        return ManagedIdentityCredential(client_id=client) if client else ManagedIdentityCredential()
    return DefaultAzureCredential(**authority)


def _assertion(settings: Settings) -> str:
    """The token of whoever runs the pipeline, which Microsoft Entra ID exchanges for one of its own."""
    if token := settings["oidcToken"]:
        return token
    if path := settings["oidcTokenFilePath"]:
        return Path(path).read_text(encoding="utf-8").strip()
    url = settings["oidcRequestUrl"] or settings.variable("ACTIONS_ID_TOKEN_REQUEST_URL")
    bearer = settings["oidcRequestToken"] or settings.variable("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    if not url or not bearer:
        raise ActionError(
            "ARM_USE_OIDC is set, but none of ARM_OIDC_TOKEN, ARM_OIDC_TOKEN_FILE_PATH, ARM_OIDC_REQUEST_URL"
        )
    found = _fetched(url, {"audience": _EXCHANGE}, {"Authorization": f"Bearer {bearer}"})
    return str(found["value"])


def _fetched(url: str, query: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> Any:
    """The document at a URL; raises azure-core's errors."""
    from azure.core import PipelineClient
    from azure.core.pipeline import policies
    from azure.core.rest import HttpRequest

    chain = [policies.ProxyPolicy(), policies.RetryPolicy()]
    with PipelineClient[Any, Any](base_url=url, policies=chain, **TIMEOUTS) as client:
        answer = client.send_request(HttpRequest("GET", url, params=query, headers=headers))
        answer.raise_for_status()
        return answer.json()
