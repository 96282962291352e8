# SPDX-License-Identifier: Apache-2.0
"""What datastores and connections log in with where identities are not enough. Secrets are outputs, never text in a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from pulumi import Input, Output

from groundplan.errors import ArgumentError


@dataclass(frozen=True, kw_only=True)
class _Credential:
    """Refuses secrets that are plain text."""

    def __post_init__(self) -> None:
        for each in fields(self):
            if each.repr:
                continue
            value = getattr(self, each.name)
            values = value.values() if isinstance(value, Mapping) else [value]
            if any(isinstance(one, str) for one in values):
                raise ArgumentError(
                    f"{type(self).__name__}: {each.name} is plain text in the program; pass an output, such as "
                    "pulumi.Config().require_secret(...) or what a key vault or another resource gives"
                )


@dataclass(frozen=True, kw_only=True)
class AccountKey(_Credential):
    """The key of a storage account."""

    key: Output[str] = field(repr=False)
    """Required. The key; it becomes a secret if it is none."""


@dataclass(frozen=True, kw_only=True)
class SasToken(_Credential):
    """A shared access signature of a storage account."""

    token: Output[str] = field(repr=False)
    """Required. The token; it becomes a secret if it is none."""


@dataclass(frozen=True, kw_only=True)
class ServicePrincipal(_Credential):
    """An application in Microsoft Entra ID."""

    tenant_id: Input[str]
    """Required. Id of its tenant."""
    client_id: Input[str]
    """Required. Its application id."""
    client_secret: Output[str] = field(repr=False)
    """Required. Its secret; it becomes a secret in the state if it is none."""


@dataclass(frozen=True, kw_only=True)
class ApiKey(_Credential):
    """The key of an AI service or of another API."""

    key: Output[str] = field(repr=False)
    """Required. The key; it becomes a secret if it is none."""


@dataclass(frozen=True, kw_only=True)
class CustomKeys(_Credential):
    """Keys and values of one's own, which jobs read by name."""

    keys: Mapping[str, Output[str]] = field(repr=False)
    """Required. Values by name; they become secrets if they are none."""


@dataclass(frozen=True, kw_only=True)
class UsernamePassword(_Credential):
    """A user of the service."""

    username: Input[str]
    """Required. Name of the user."""
    password: Output[str] = field(repr=False)
    """Required. Password; it becomes a secret if it is none."""


@dataclass(frozen=True, kw_only=True)
class AccessKey(_Credential):
    """A pair of keys, as Amazon S3 has them."""

    access_key_id: Input[str]
    """Required. Id of the key."""
    secret_access_key: Output[str] = field(repr=False)
    """Required. The key; it becomes a secret if it is none."""


@dataclass(frozen=True, kw_only=True)
class PersonalAccessToken(_Credential):
    """A token for Git or a feed of Python packages."""

    token: Output[str] = field(repr=False)
    """Required. The token; it becomes a secret if it is none."""


@dataclass(frozen=True, kw_only=True)
class ManagedIdentityLogin:
    """A user-assigned identity that the workspace has, in place of whoever uses the connection."""

    identity_id: Input[str]
    """Required. ARM id of the identity."""
    client_id: Input[str]
    """Required. Its client id."""
