# SPDX-License-Identifier: Apache-2.0
"""Where Azure is and how the provider is to behave: the process's environment and the stack's `azure-native:` configuration."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

from groundplan_provider.errors import ProviderError

_Choice = TypeVar("_Choice", bound=StrEnum)

CONFIG_KEYS: Final = frozenset(
    {
        "auxiliaryTenantIds",
        "clientCertificatePassword",
        "clientCertificatePath",
        "clientId",
        "clientSecret",
        "disableInstanceDiscovery",
        "disablePulumiPartnerId",
        "environment",
        "location",
        "metadataHost",
        "msiEndpoint",
        "oidcRequestToken",
        "oidcRequestUrl",
        "oidcToken",
        "oidcTokenFilePath",
        "partnerId",
        "subscriptionId",
        "tenantId",
        "useDefaultAzureCredential",
        "useMsi",
        "useOidc",
    }
)
"""What azure-native 3.29.0 accepts; `location`, `subscriptionId` and `tenantId` matter here, the rest chooses credentials."""

SECRET_CONFIG_KEYS: Final = frozenset({"clientCertificatePassword", "clientSecret", "oidcRequestToken", "oidcToken"})


class OnSoftDeleted(StrEnum):
    """What Create does when Azure keeps a deleted resource under the name (`GROUNDPLAN_ON_SOFT_DELETED`)."""

    RECOVER = "recover"
    PURGE = "purge"
    REFUSE = "refuse"


class OnDelete(StrEnum):
    """Whether Delete leaves what Azure's soft delete keeps (`GROUNDPLAN_ON_DELETE`)."""

    KEEP = "keep"
    PURGE = "purge"


@dataclass(frozen=True, slots=True)
class Settings:
    """`endpoint` is a base URL without a slash at the end; `identity_endpoint` hands out tokens to whoever shows `identity_header`."""

    endpoint: str
    identity_endpoint: str
    identity_header: str
    subscription_id: str
    tenant_id: str
    location: str | None = None
    on_delete: OnDelete = OnDelete.KEEP
    on_soft_deleted: OnSoftDeleted = OnSoftDeleted.RECOVER
    journal: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """What `groundplan local env` set; `ProviderError` names what is missing or wrong."""
        identity = environment.get("IDENTITY_ENDPOINT", "")
        parts = urlsplit(identity)
        if not parts.netloc:
            given = f"IDENTITY_ENDPOINT is {identity!r}" if identity else "IDENTITY_ENDPOINT is not set"
            raise ProviderError(
                f"no Azure on localhost to work with: {given}; start one with 'groundplan local start' and take its "
                """settings over with 'eval "$(groundplan local env)"'"""
            )
        journal = environment.get("GROUNDPLAN_PROVIDER_JOURNAL")
        return cls(
            endpoint=f"{parts.scheme}://{parts.netloc}",
            identity_endpoint=identity,
            identity_header=environment.get("IDENTITY_HEADER", ""),
            subscription_id=environment.get("AZURE_SUBSCRIPTION_ID") or environment.get("ARM_SUBSCRIPTION_ID", ""),
            tenant_id=environment.get("AZURE_TENANT_ID") or environment.get("ARM_TENANT_ID", ""),
            on_delete=_choice(environment, "GROUNDPLAN_ON_DELETE", OnDelete, OnDelete.KEEP),
            on_soft_deleted=_choice(environment, "GROUNDPLAN_ON_SOFT_DELETED", OnSoftDeleted, OnSoftDeleted.RECOVER),
            journal=Path(journal) if journal else None,
        )

    def configured(self, config: Mapping[str, str]) -> "Settings":
        """These settings with the stack's `azure-native:` configuration on top."""
        settings = replace(
            self,
            subscription_id=config.get("subscriptionId") or self.subscription_id,
            tenant_id=config.get("tenantId") or self.tenant_id,
            location=config.get("location") or self.location,
        )
        if not settings.subscription_id:
            raise ProviderError(
                "no subscription: set azure-native:subscriptionId in the stack's configuration or AZURE_SUBSCRIPTION_ID in "
                """the environment; 'eval "$(groundplan local env)"' does the latter"""
            )
        return settings


def _choice(environment: Mapping[str, str], name: str, kind: type[_Choice], default: _Choice) -> _Choice:
    given = environment.get(name)
    if not given:
        return default
    try:
        return kind(given.lower())
    except ValueError:
        allowed = ", ".join(kind)
        raise ProviderError(f"{name} is {given!r}; allowed: {allowed}") from None
