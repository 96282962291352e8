# SPDX-License-Identifier: Apache-2.0
"""Settings of a function app: endpoints, sources of events and secrets, each reached as the app's identity.

Source of the names behind `__`: Microsoft's "Azure Functions: identity-based connections".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from pulumi import Input, Output

from groundplan.errors import ArgumentError
from groundplan.serving.secret_values import refuse_secrets

REFERENCE: Final = r"@Microsoft\.KeyVault\("
ADVICE: Final = "Keep it in a key vault, and pass the secret's URI in secrets"
RESERVED: Final = ("APPLICATIONINSIGHTS_", "AzureWebJobsStorage", "FUNCTIONS_", "WEBSITE_RUN_FROM_PACKAGE")
"""Beginnings of settings that other arguments make."""


@dataclass(frozen=True, kw_only=True)
class ScoringTarget:
    """An endpoint that functions call with a token of the app's identity."""

    uri: Input[str]
    """Required. Scoring URI of the endpoint."""
    endpoint_id: Input[str] | None = None
    """Optional. ARM id of the endpoint, where the app becomes `AzureML Data Scientist`. Default: somebody else grants."""


@dataclass(frozen=True, kw_only=True)
class EventHubSource:
    """Event hubs that a trigger listens to."""

    role: ClassVar[str] = "Azure Event Hubs Data Receiver"
    host: Input[str]
    """Required. Host of the namespace, `<namespace>.servicebus.windows.net`."""
    scope_id: Input[str] | None = None
    """Optional. ARM id of the namespace or of one hub, where the app becomes `Azure Event Hubs Data Receiver`. Default: somebody
    else grants."""


@dataclass(frozen=True, kw_only=True)
class QueueSource:
    """Storage queues that a trigger listens to, such as those that Event Grid fills."""

    role: ClassVar[str] = "Storage Queue Data Contributor"
    queue_endpoint: Input[str]
    """Required. `https://<account>.queue.core.windows.net/`."""
    scope_id: Input[str] | None = None
    """Optional. ARM id of the storage account, where the app becomes `Storage Queue Data Contributor`. Default: somebody else
    grants."""


def check_settings(
    settings: Mapping[str, Input[str]],
    secrets: Mapping[str, Input[str]],
    scoring: Mapping[str, ScoringTarget],
    events: Mapping[str, EventHubSource | QueueSource],
) -> None:
    """Refuse secrets in plain text, settings that the component makes itself, and one name for two settings."""
    refuse_secrets("function app", settings, reference=REFERENCE, advice=ADVICE)
    seen: set[str] = set()
    for name in (*settings, *secrets, *scoring, *events):
        if name.startswith(RESERVED):
            raise ArgumentError(f"function app: setting {name!r} follows from other arguments; leave it out")
        if name in seen:
            raise ArgumentError(f"function app: setting {name!r} is given twice; choose another name")
        seen.add(name)


def settings_of(
    settings: Mapping[str, Input[str]],
    secrets: Mapping[str, Input[str]],
    scoring: Mapping[str, ScoringTarget],
    events: Mapping[str, EventHubSource | QueueSource],
) -> dict[str, Input[str]]:
    """The settings by name; secrets as references that Azure resolves."""
    found: dict[str, Input[str]] = {**settings}
    found |= {key: Output.concat("@Microsoft.KeyVault(SecretUri=", uri, ")") for key, uri in secrets.items()}
    found |= {key: target.uri for key, target in scoring.items()}
    for key, source in events.items():
        if isinstance(source, EventHubSource):
            found[f"{key}__fullyQualifiedNamespace"] = source.host
        else:
            found[f"{key}__queueServiceUri"] = source.queue_endpoint
        found[f"{key}__credential"] = "managedidentity"
    return found
