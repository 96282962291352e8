# SPDX-License-Identifier: Apache-2.0
"""How a scoring process finds the agent: the variables that `azureml-ai-monitoring` reads, and who such a process is to the agent.

The package posts to `http://{AZUREML_MDC_HOST}:{AZUREML_MDC_PORT}/modeldata/log`; a name and password before the host become the
`Authorization` header, which tells the agent whose data it is.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import weakref
from typing import Any, Final

import orjson

from groundplan_emulator.ml.collection import settings as collector_settings
from groundplan_emulator.ml.collection.settings import PAYLOADS
from groundplan_emulator.settings import Settings
from groundplan_emulator.store import Store

_KNOWN: Final[weakref.WeakKeyDictionary[Store, dict[str, str]]] = weakref.WeakKeyDictionary()
"""Ids of deployments by the names that their processes have."""
DEPLOYMENTS: Final = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"


def environment_for(
    settings: Settings, deployment_id: str, said: dict[str, Any] | None, instance: int
) -> dict[str, str]:
    """Variables for one instance of a deployment with this `dataCollector`; none where nothing is collected.

    Writes a file of the state folder, as the package reads its collections from one.
    """
    collector = collector_settings.of(said)
    collections = {
        collection.name: {"enabled": True, "sampleRatePercentage": collection.rate * 100}
        for collection in collector.collections.values()
        if collection.enabled
    }
    if not collections or all(name.lower() in PAYLOADS for name in collections):
        return {}
    name, password = _credentials(settings, deployment_id)
    folder = settings.folder / "collection"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"{name}-{instance}.json"
    temporary = file.with_suffix(".new")
    temporary.write_bytes(orjson.dumps({"runMode": "cloud", "collections": collections}))
    temporary.replace(file)
    return {
        "AZUREML_MDC_CONFIG_PATH": str(file),
        "AZUREML_MDC_HOST": f"{name}.{instance}:{password}@127.0.0.1",
        "AZUREML_MDC_PORT": str(settings.http_port),
    }


def sender(store: Store, settings: Settings, authorization: str) -> tuple[str, int] | None:
    """The id of the deployment and the number of the instance that an `Authorization` header proves, or None."""
    kind, _, encoded = authorization.partition(" ")
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    name, _, number = user.partition(".")
    if kind.lower() != "basic" or not number.isdigit():
        return None
    known = _KNOWN.setdefault(store, {})
    if name not in known:
        known |= {_credentials(settings, each.id)[0]: each.id for each in store.of_type(DEPLOYMENTS)}
    if name not in known or not store.exists(known[name]):
        return None
    _, wanted = _credentials(settings, known[name])
    return (known[name], int(number)) if hmac.compare_digest(wanted.encode(), password.encode()) else None


def _credentials(settings: Settings, deployment_id: str) -> tuple[str, str]:
    key = deployment_id.lower()
    identity = settings.identity
    return identity.derive("collector's name", key, size=8).hex(), identity.derive("collector", key, size=16).hex()
